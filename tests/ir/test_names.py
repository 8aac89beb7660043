"""Full names: one for every layer, value and weight, the same whatever else is edited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netc.ir import verify
from tests.ir.texts import built, errors, layers, net, problems, weights
from tests.nets import graph_of

UNIT = "block unit(width) { h = dense(width) -> relu }\n"


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("h = dense(3)", "h"),
        ("h = relu -> dense(3) -> tanh", "h"),
        ("h = relu -> tanh", None),
        ("h = unit(3) -> dense(2)", "h.h"),
        ("h = relu -> unit(3)", "h.h"),
        ("h = add { dense(4) ; dense(4) } -> dense(2)", "h"),
    ],
)
def test_the_first_layer_with_weights_takes_the_name(line: str, first: str | None) -> None:
    found = {name.rpartition(".")[0] for name in weights(net(line, blocks=UNIT))}
    assert (first in found) if first else not found


def test_the_value_of_a_chain_is_its_last() -> None:
    graph = graph_of(net("h = dense(3) -> relu", "tanh(h)"))
    assert graph.producers["tanh_1"].inputs == ("h",)
    assert graph.producers["h"].name == "relu_1"
    assert graph.producers["h.dense"].name == "h"


@pytest.mark.parametrize("type", ["scale", "bias"])
def test_what_an_inner_layer_gives_is_not_called_like_its_weight(type: str) -> None:
    graph = graph_of(net(f"h = {type} -> relu", "tanh(h)"))
    node = graph.nodes[0]
    assert node.name == "h"
    assert node.value == "h.y"
    assert node.ports[type] == f"h.{type}"


def test_a_chain_that_ends_in_a_block_names_what_the_block_gives() -> None:
    graph = graph_of(net("u = unit(3)", "add(u, u)", blocks=UNIT))
    assert graph.producers["add_1"].inputs == ("u.h", "u.h")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("u = unit(3)", "u"),
        ("u = dense(3) -> unit(2)", "u"),
        ("u = x", "u"),
        ("u = x -> relu", "u"),
        ("repeat 1 { u = unit(3) ; output u }", "repeat_1.u"),
    ],
)
def test_an_output_is_called_as_the_text_calls_it(line: str, name: str) -> None:
    lines = (line,) if "output" in line else (line, "output u", "output u")
    assert graph_of(net(*lines, blocks=UNIT)).outputs == (name,)


def test_an_output_may_have_a_name_of_its_own() -> None:
    graph = graph_of(
        net("u = unit(3)", "output prob = u", "output q = dense(4) -> unit(2)", blocks=UNIT)
    )
    assert graph.outputs == ("prob", "q")
    assert graph.producers["q"].inputs == ("unit_1.h",)


def test_dotted_names_stand_in_the_scope_they_begin_with() -> None:
    graph = graph_of(net("stage.h = dense(3) -> relu -> dense(2)", "output stage.h"))
    assert [node.name for node in graph.nodes] == ["stage.h", "stage.relu_1", "stage.dense_1"]
    assert graph.outputs == ("stage.h",)


def test_layers_of_an_instance_are_numbered_around_dotted_names() -> None:
    text = net("u = unit(3)", "u.relu_1 = tanh", "relu", blocks=UNIT)
    assert layers(text) == ["u.h", "u.relu_2", "u.relu_1", "relu_1"]


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("h = dense(3)", "h.weight = relu"), "relu"),
        (("h.bias = relu", "h = dense(3)"), "dense(3)"),
        (("h = dense(4) -> relu", "h.dense = tanh"), "tanh"),
        (("u = unit(4)", "u.h = relu"), "relu"),
        (("u.h = relu", "u = unit(4)"), "dense(width)"),
        (("i_1.h = relu", "for i in 0..2 { h = relu }"), "relu"),
        (("h = batch_norm", "h.mean = relu"), "relu"),
        (("layer s = dense(4)", "s.weight = relu", "s"), "s"),
        (("layer s = unit(4)", "s.h.weight = relu", "s"), "dense(width)"),
    ],
)
def test_no_two_things_have_one_full_name(lines: tuple[str, ...], name: str) -> None:
    found = [p for p in problems(net(*lines, blocks=UNIT)) if not p[0].startswith("unused")]
    assert found == [("clashing-names", name)]


def test_a_layer_may_be_called_like_a_weight() -> None:
    text = net("u = b", blocks="block b { weight = dense(4) ; kernel = relu }\n")
    assert weights(text) == ["u.weight.weight", "u.weight.bias"]
    verify(graph_of(text))


def test_what_is_inside_is_read_by_its_full_name() -> None:
    graph = graph_of(
        net("u = unit(3)", "unit(4)", "dense(u.h.channels)", "add(u.h, u.h)", blocks=UNIT)
    )
    assert graph.types["dense_1"].shape == (3,)
    assert graph.producers["add_1"].inputs == ("u.h", "u.h")
    assert errors(net("u = unit(3)", "unit_1.h -> relu", blocks=UNIT)) == ["unknown-word"]


def test_a_block_does_not_see_inside_others() -> None:
    blocks = UNIT + "block b { u.h -> relu }\n"
    assert problems(net("u = unit(3)", "b", blocks=blocks)) == [("unknown-word", "u.h")]


def test_a_constant_hides_a_value_of_an_outer_scope_and_the_reverse() -> None:
    assert errors(net("k = relu", "for k in [2] { dense(k) }")) == []
    assert errors(net("k = relu", "for k in [2] { k -> relu }")) == ["unknown-word"]
    assert errors(net("let k = 3", "repeat 1 { k = dense(k) ; k -> relu }")) == []
    assert errors(net("let k = 3", "k = dense(k)")) == ["repeated-constant"]
    assert errors(net("k = relu", "let k = 3")) == ["repeated-constant"]


def test_a_choice_of_an_option_is_meant_where_it_is_written() -> None:
    text = 'net a { input x [1, 9, 9]\n let up = 3\n let way = "up"\n '
    up = graph_of(text + "max_pool(2, round: up)\n }")
    assert up.types["max_pool_1"].shape == (1, 5, 5)
    assert graph_of(text + "max_pool(2, round: way)\n }").types == up.types
    assert errors(text + "max_pool(up, round: down)\n }") == []


def test_a_constant_may_be_called_like_a_layer_type() -> None:
    assert errors(net("let relu = 3", "dense(relu) -> relu")) == []


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        ("dense(wide)", "unknown-value"),
        ("unit(wide)", "unknown-value"),
        ("dense(x)", "missing-option"),
        ("x -> dense(x)", "wrong-inputs"),
        ("dense(units: x)", "unknown-name"),
        ("dense(units: wide)", "unknown-name"),
        ("unit(width: wide)", "unknown-name"),
        ("dense(wide(3))", "unknown-function"),
        ("add(wide(x), x)", "unknown-layer"),
        ("add(x, wide)", "unknown-value"),
        ("relu(3)", "unnamed-option"),
    ],
)
def test_an_argument_that_is_nothing_is_one_mistake(line: str, slug: str) -> None:
    assert errors(net(line, blocks=UNIT)) == [slug]


def test_a_name_further_on_is_told_as_such() -> None:
    def helps(text: str) -> str:
        return str(built(text).problems[0].diagnostic().helps)

    assert "further down" in helps(net("h -> relu", "h = relu"))
    assert "further on" in helps(net("dense(2 * k)", "let k = 3", "output dense(k)"))
    assert "further on" in helps(net("b(1)", blocks="block b(_w, d = e, e = 3) { dense(d + e) }\n"))


LINES = st.lists(
    st.sampled_from(
        [
            "dense(4)",
            "h{} = dense(4) -> relu",
            "u{} = unit(4)",
            "unit(4)",
            "repeat 2 {{ dense(4) ; unit(4) }}",
            "for i in [4, 4] {{ h = dense(i) }}",
            "add {{ dense(4) ; unit(4) ; identity }}",
            "s -> relu -> s",
            "when train {{ dense(4) }}",
            "t{} = s",
            "output o{} = unit(4)",
            "dense_{} = relu",
            "repeat_{}.h = relu",
        ]
    ),
    max_size=8,
)


@given(LINES)
def test_names_of_random_nets_are_apart(lines: list[str]) -> None:
    body = [line.format(index) for index, line in enumerate(lines)]
    made = built(net("layer s = dense(4)", *body, blocks=UNIT))
    if made.graph is None:
        assert {p.slug for p in made.problems} <= {"clashing-names", "unused-name", "unused-block"}
        return
    verify(made.graph)
    names = [node.name for node in made.graph.nodes]
    assert len(set(names)) == len(names)
