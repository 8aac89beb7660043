"""What is wrong or idle is seen in the text alone, wherever no build ever gets to."""

from pathlib import Path

import pytest

from netc.diag import Level, Source, Span
from netc.formats import read_any, read_any_source
from netc.ir import new_problems, static_problems
from netc.ir.problems import UnknownLayer, UnusedName
from netc.spec import Library

ROOT = Path(__file__).parents[2]


def library(text: str) -> Library:
    made = read_any_source(Source("test.net", text))
    assert not isinstance(made, list), made
    return made


def found(text: str) -> list[tuple[str, str]]:
    """The slug of every problem, and the text at its place."""
    spans = [(p.slug, p.span) for p in static_problems(library(text))]
    return [(slug, span.source.text[span.start : span.end]) for slug, span in spans if span]


def net(*lines: str, parameters: str = "", around: str = "") -> str:
    body = "\n".join(lines)
    return f"net a{parameters} {{\ninput x [4]\n{body}\noutput dense(2)\n}}\n{around}"


# ---- what is used


@pytest.mark.parametrize(
    "line",
    [
        "dense(k)",
        "dense(units: k)",
        "dense(2 * k)",
        "dense(min(k, 3))",
        "dense([1, k][0])",
        "dense({1: 2, 2: k}[1])",
        "dense({k: 2}[3])",
        "dense(4, bias: k > 2)",
        "dense(if k > 2 then 3 else 4)",
        "dense(4, init: gaussian(std: k))",
        "repeat k { relu }",
        "for _i in 0..k { relu }",
        "for _i in [k] { relu }",
        "if k > 2 { relu }",
        "if false { dense(k) }",
        "if true { relu } else { dense(k) }",
        "if true { relu } else if k > 2 { tanh }",
        "when train { dropout(k) }",
        "assert params < k",
        "add { dense(k); identity }",
        "h = dense(k)",
        "layer t = dense(k)\nt",
        "add(x, x -> dense(k))",
        "unit(k)",
        "unit(width: k)",
        "let j = k\ndense(j)",
        "metric accuracy(x, x, top: k)",
    ],
)
def test_a_constant_is_used_by(line: str) -> None:
    unit = "block unit(width) { dense(width) }"
    assert ("unused-name", "k") not in found(net("let k = 3", line, around=unit))
    assert ("unused-name", "k") in found(net("let k = 3", line.replace("k", "3"), around=unit))


def test_a_parameter_of_the_net_is_used_by_the_train_section() -> None:
    text = net(parameters="(size = 64)", around="train { batch size }")
    assert found(text) == []


def test_a_constant_outside_all_sections_is_used_by_any_of_them() -> None:
    for user in ("train { batch k }", "block _unit { dense(k) }", "let _j = k"):
        assert found(net(around=f"let k = 3\n{user}")) == []
    assert found(net("dense(k)", around="let k = 3")) == []


def test_a_name_that_is_used_where_it_is_hidden_is_not_used() -> None:
    text = net("let k = 3", "for k in [1, 2] { dense(k) }")
    assert found(text) == [("shadowed-name", "k"), ("unused-name", "k")]


def test_a_name_with_a_mark_in_front_may_be_idle() -> None:
    assert found(net("let _k = 3", "for _i in 0..3 { relu }")) == []
    assert found(net(around="block _unit(_width) { relu }")) == []


def test_the_option_of_a_name_is_no_use_of_it() -> None:
    assert found(net("let units = 3", "dense(units: 4)")) == [("unused-name", "units")]


def test_a_shared_layer_is_used_by_each_step() -> None:
    assert found(net("layer tower = dense(4)", "h = x -> tower", "add(h, x -> tower)")) == []
    assert found(net("layer tower = dense(4)")) == [("unused-name", "tower")]


def test_the_name_of_an_open_size_is_unknown_to_nobody() -> None:
    assert found("net a {\ninput image [3, h, w]\noutput global_avg_pool -> flatten\n}") == []


def test_a_block_is_used_by_way_of_others() -> None:
    blocks = "block unit { pair }\nblock pair { relu }\nblock idle { lost }\nblock lost { relu }"
    assert found(net("unit", around=blocks)) == [("unused-block", "idle"), ("unused-block", "lost")]


@pytest.mark.parametrize(
    "line", ["add { unit; identity }", "add(x, x -> unit)", "add(x, unit(x))", "layer t = unit\nt"]
)
def test_a_block_is_used_wherever_a_layer_type_can_stand(line: str) -> None:
    assert found(net(line, around="block unit { relu }")) == []


def test_no_block_of_a_library_is_idle() -> None:
    assert found("block unit { relu }") == []


# ---- what is hidden


def test_branches_are_no_scopes_and_hide_nothing() -> None:
    text = net("let k = 3", "if k > 2 { let j = 1; dense(j) } else { let j = 2; dense(j) }")
    assert found(text) == []


def test_loops_beside_each_other_may_use_the_same_names() -> None:
    loop = "for i in [1, 2] { h = dense(i); relu }"
    assert found(net(loop, loop)) == []


def test_a_block_hides_nothing_of_the_net() -> None:
    text = net("let k = 3", "unit(k)", around="block unit(k) { dense(k) }")
    assert found(text) == []


def test_a_value_can_hide_a_constant() -> None:
    assert ("shadowed-name", "h") in found(net("h = dense(4)", around="let h = 3\nlet _g = h"))


# ---- errors


@pytest.mark.parametrize(
    ("line", "slug", "place"),
    [
        ("dens(4)", "unknown-layer", "dens"),
        ("relu -> rely", "unknown-layer", "rely"),
        ("flaten -> relu", "unknown-word", "flaten"),
        ("add(in_put, relu)", "unknown-value", "in_put"),
        ("(left, right) -> add", "unknown-value", "left"),
        ("ad { relu; tanh }", "unknown-layer", "ad"),
        ("add { relu; tahn }", "unknown-word", "tahn"),
        ("dense(2 * n)", "unknown-name", "n"),
        ("repeat n { relu }", "unknown-name", "n"),
        ("for i in 0..n { dense(i) }", "unknown-name", "n"),
        ("if n { relu }", "unknown-name", "n"),
        ("let k = n\ndense(k)", "unknown-name", "n"),
        ("dense(mni(2, 3) + 1)", "unknown-function", "mni"),
        ("dense(in.chanels)", "unknown-attribute", "chanels"),
        ("dense(y.channels)", "unknown-name", "y"),
        ("dense(4, unts: 5)", "unknown-option", "unts"),
        ("dense", "missing-option", "dense"),
        ("dense(4, 5)", "unnamed-option", "5"),
        ("dense(4, bias: true, bias: false)", "repeated-option", "bias: false"),
        ('dense("four")', "wrong-kind", '"four"'),
        ("dropout(50)", "bad-value", "50"),
        ("dense(4, init: xaver)", "unknown-kind", "xaver"),
        ("when testing { relu }", "unknown-phase", "testing"),
        ("loss softmax_loss(h, g)", "misplaced", "loss"),
        ("input z [4]", "misplaced", "input z [4]"),
        ("relu = dense(4)", "reserved-name", "relu"),
        ("h = dense(4); h = relu", "repeated-name", "h"),
        ("let k = 1; let k = 2; dense(k)", "repeated-constant", "k"),
        ("unit", "recursive-block", "unit"),
    ],
)
def test_a_mistake_is_seen_in_a_block_that_nothing_uses(line: str, slug: str, place: str) -> None:
    assert (slug, place) in found(f"block unit {{\n{line}\n}}")


@pytest.mark.parametrize(
    "line",
    [
        "conv(8, kernel: 3, pad: same, init: msra)",
        "max_pool(2, round: down)",
        "h = dense(4)\nadd(h, in_2)\nin_2 = relu",
        "dense(in.channels // 2)",
        "h = dense(4)\ndense(h.size)",
        "stage.conv_1 = dense(4)\nadd(stage.conv_1, stage.conv_1)",
        "add(unit_1.h, repeat_1.h)",
        "if true { h = relu }\nadd(h, h)",
        "add { h = relu; g = add(h, h) }\nadd(h, g)",
        "assert shape == [4] and params(h) < 3 and memory(64) < 5\nh = relu",
        "dense(4) -> add(relu(h), h)\nh = relu",
        "let k = [1, 2]\nconv(k[0], kernel: [k[1], 1])",
        "add { for i in 0..3 { dense(i) } }",
    ],
)
def test_what_is_right_is_no_mistake(line: str) -> None:
    problems = static_problems(library(f"block _unit {{\n{line}\n}}"))
    assert [p.slug for p in problems if p.level is Level.ERROR] == []


def test_a_circle_of_blocks_is_told_once() -> None:
    text = "block a1 { b1; b1 }\nblock b1 { c1 }\nblock c1 { a1 }\nblock d1 { a1; b1 }"
    assert found(text) == [("recursive-block", "a1")]


def test_blocks_that_use_one_block_in_several_ways_are_no_circle() -> None:
    assert found("block a1 { b1; c1 }\nblock b1 { c1 }\nblock c1 { relu }") == []


def test_a_long_chain_of_blocks_is_followed() -> None:
    blocks = "\n".join(f"block b{i} {{ b{i + 1} }}" for i in range(3000))
    assert found(f"{blocks}\nblock b3000 {{ b0 }}") == [("recursive-block", "b0")]


def test_the_net_of_a_used_file_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "other.net").write_text(
        "let idle = 3\nnet b { input x [4]; output dens(4) }\nblock unit { relu }\n"
    )
    (tmp_path / "main.net").write_text('use "other.net"\n' + net("unit"))
    made = read_any(str(tmp_path / "main.net"))
    assert isinstance(made, Library)
    assert static_problems(made) == []


def test_a_block_sees_the_blocks_of_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "inner.net").write_text("block inner { relu }\n")
    (tmp_path / "outer.net").write_text('use "inner.net"\nblock outer { inner }\n')
    (tmp_path / "main.net").write_text('use "outer.net"\n' + net("outer -> inner"))
    made = read_any(str(tmp_path / "main.net"))
    assert isinstance(made, Library)
    (only,) = static_problems(made)
    assert isinstance(only, UnknownLayer)
    assert only.span is not None
    assert only.span.source is made.source


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*.net")), ids=lambda p: p.stem)
def test_nothing_is_idle_in_the_specs(path: Path) -> None:
    made = read_any(str(path))
    assert isinstance(made, Library)
    assert static_problems(made) == []


# ---- what is told already


def test_an_error_at_a_place_with_an_error_is_not_new() -> None:
    source = Source("a.net", "dens(4)")
    whole, word = Span(source, 0, 7), Span(source, 0, 4)
    told = UnknownLayer(whole, None, "", type="dens")
    again = UnknownLayer(word, None, "", type="dens")
    idle = UnusedName(word, noun="constant", name="k", way_out="")
    assert new_problems([again, idle], [told]) == [idle]


def test_what_a_misspelt_word_was_meant_for_is_not_called_idle() -> None:
    source = Source("a.net", "dens(4)")
    told = UnknownLayer(Span(source, 0, 4), "dense", "", type="dens")
    idle = UnusedName(Span(source, 5, 6), noun="constant", name="dense", way_out="")
    assert new_problems([idle], [told]) == []
