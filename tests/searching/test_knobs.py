"""Which things are varied, over what, and where their values go."""

import pytest

from netc.diag import render
from netc.formats import write
from netc.searching.ranges import plain
from netc.spec import Spec
from tests.searching.small import NET, TRAIN, knobs_of, shown, spec_of

RATE, DECAY = "rate=0.01..1,log", "decay=1e-6..0.01,log"


def net(*lines: str, inputs: str = "input image [4, 8, 8]\ninput label class(10)") -> str:
    """A net of these lines, scored by its last value."""
    body = "\n".join([*inputs.splitlines(), *lines, "loss softmax_loss(scores, label)"])
    return f"net a {{\n{body}\n}}\n{TRAIN}"


def refused(*vary: str, text: str = NET + TRAIN) -> str:
    _, problems = knobs_of(*vary, text=text)
    assert isinstance(problems, list)
    return "\n".join(render(problem.diagnostic()) for problem in problems)


def made_with(*pairs: tuple[str, object], text: str = NET + TRAIN, path: str = "small.net") -> str:
    """The text of the net with the last choice of each `NAME=A,B`."""
    maker, knobs = knobs_of(*(name for name, _ in pairs), text=text, path=path)
    assert isinstance(knobs, tuple), [render(p.diagnostic()) for p in knobs]
    values = [knob.among.values[choice] for knob, (_, choice) in zip(knobs, pairs, strict=True)]
    made = maker.with_values(knobs, values)
    assert isinstance(made, Spec), [render(p.diagnostic()) for p in made]
    return write(made, ".net")


def test_widths_of_hidden_layers_the_rate_and_the_decay_are_varied() -> None:
    assert shown() == ["conv_1=1..8,log", "dense_1=3..24,log", RATE, DECAY]


def test_a_net_in_json_is_varied_the_same() -> None:
    text = write(spec_of(), ".json")
    assert shown(text=text, path="small.json") == shown()
    assert "conv(9, kernel: 3)" in made_with(("conv_1=9,8", 0), text=text, path="small.json")


def test_the_decay_that_there_is_is_the_middle_of_what_is_tried() -> None:
    text = NET + TRAIN.replace("momentum: 0.9", "decay: 5e-4")
    assert shown("decay", text=text) == ["decay=5e-5..0.005,log"]


def test_widths_that_must_be_what_they_are_stay() -> None:
    text = net(
        "start = conv(4, kernel: 1)",
        "add(start, image) -> conv(6, kernel: 3)",
        "scores = dense(10)",
    )
    assert shown(text=text) == ["conv_1=1..12,log", RATE, DECAY] or "conv_2=1..12,log" in shown(
        text=text
    )
    assert not any("=1..8" in knob for knob in shown(text=text))


def test_channels_in_groups_stay_in_groups() -> None:
    text = net("conv(12, kernel: 3) -> relu", "conv(8, kernel: 3, groups: 4)", "scores = dense(10)")
    _, knobs = knobs_of(text=text)
    assert isinstance(knobs, tuple)
    assert [knob.text for knob in knobs][:2] == ["conv_1=4..24,log", "conv_2=4..16,log"]
    assert [knob.among.grain for knob in knobs[:2]] == [4, 4]


def test_the_last_layers_of_a_net_without_a_fixed_width_stay() -> None:
    lines = "net a {\ninput x [4]\ninput y [3]\nh = dense(5) -> relu\nfit = dense(3)\n"
    text = f"{lines}loss euclidean_loss(fit, y)\n}}\n{TRAIN}"
    assert shown(text=text) == ["h=1..10,log", RATE, DECAY]
    loose = text.replace("loss euclidean_loss(fit, y)", "loss sum_loss(fit)")
    assert shown(text=loose) == ["h=1..10,log", RATE, DECAY]


def test_claims_of_a_net_bound_the_search() -> None:
    text = net("conv(4, kernel: 3)", "scores = dense(10)", "assert params == 1598")
    assert [k for k in shown(text=text) if k.startswith("conv")] == []


def test_a_width_in_a_block_is_varied_once() -> None:
    block = "block unit() {\nconv(4, kernel: 3, pad: 1) -> relu\n}\n"
    text = net("unit()", "unit()", "scores = dense(10)") + block
    widths = [k for k in shown(text=text) if "conv" in k]
    assert widths == ["unit_1.conv_1=1..8,log"]
    assert "conv(6, kernel: 3, pad: 1)" in made_with(("unit_2.conv_1=5,6", 1), text=text)


def test_parameters_are_varied_by_their_name() -> None:
    text = net("conv(width, kernel: 3)", "scores = dense(10)").replace("net a", "net a(width = 4)")
    assert shown("width=2..8", text=text) == ["width=2..8"]
    assert "width = 7" in made_with(("width=5,7", 1), text=text)


def test_a_parameter_goes_before_an_option_of_the_optimizer() -> None:
    text = net("dropout(rate)", "scores = dense(10)").replace("net a", "net a(rate = 0.5)")
    assert shown("rate=0.1..0.9", text=text) == ["rate=0.1..0.9"]
    assert shown("optimizer.rate", text=text) == ["optimizer.rate=0.01..1,log"]
    assert shown(text=text) == ["optimizer.rate=0.01..1,log", DECAY]


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("rate=1,0.25", "sgd(rate: 0.25, momentum: 0.9)"),
        ("momentum=0.1,0.2", "sgd(rate: 0.1, momentum: 0.2)"),
        ("decay=0,1e-3", "sgd(rate: 0.1, momentum: 0.9, decay: 0.001)"),
        ("nesterov=false,true", "momentum: 0.9, nesterov: true)"),
        ("optimizer=sgd,adam(rate: 0.5)", "optimizer adam(rate: 0.5)"),
        ("batch=16,32", "batch     32"),
        ("train.clip_norm=1,2", "clip_norm 2"),
        ("schedule=cosine,step(every: 3)", "schedule  step(every: 3)"),
        ("dropout_1.rate=0.2,0.3", "dropout(0.3)"),
        ("dropout_1.scaling=training,test", "dropout(0.1, scaling: test)"),
        ("conv_1.pad=0,1", "conv(4, kernel: 3, pad: 1)"),
        ("dense_1=5,6", "dense(6)"),
        ("dense_1.units=5,6", "dense(6)"),
    ],
)
def test_a_value_goes_where_it_belongs(vary: str, said: str) -> None:
    assert said in made_with((vary, 1))


def test_options_go_to_the_optimizer_that_is_drawn_if_it_has_them() -> None:
    both = (("optimizer=sgd,adam", 1), ("rate=1,2", 1), ("momentum=0.1,0.2", 1))
    assert "optimizer adam(rate: 2)" in made_with(*both)


def test_the_usual_optimizer_is_written_down_when_it_is_varied() -> None:
    text = NET + "train {\ndata digits()\n}\n"
    assert "optimizer sgd(rate: 2, momentum: 0.9)" in made_with(("rate=1,2", 1), text=text)


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("scores=5..20", "no width but this one fits"),
        ("conv_1=0..4", "at least 1"),
        ("dropout_1.rate=0..1", "below 1"),
        ("batch=0..8", "at least 1"),
        ("optimizer=sgd,adm", "adam"),
        ("momentum=0..1", "below 1"),
        ("nesterov=0..1", "no number"),
    ],
)
def test_what_cannot_be_is_told_of(vary: str, said: str) -> None:
    assert said in refused(vary)


def test_a_net_without_a_width_of_its_own_says_so() -> None:
    text = net("scores = dense(10)")
    assert shown(text=text) == [RATE, DECAY]
    assert "no hidden layer has a width" in refused("widths", text=text)


def test_all_widths_are_varied_alike_where_that_is_asked_for() -> None:
    assert shown("widths=2..16") == ["conv_1=2..16", "dense_1=2..16"]
    assert shown("widths") == shown()[:2]


def test_values_as_tables_have_them() -> None:
    _, knobs = knobs_of("optimizer=sgd,adam", "clip_norm=1..2")
    assert isinstance(knobs, tuple)
    assert [plain(knob.written) for knob in knobs] == ["sgd", None]
