"""Blocks: parameters, what they see, what they give, and how their layers are called."""

import pytest

from tests.ir.texts import built, errors, layers, net, problems, weights
from tests.nets import graph_of

UNIT = "block unit(width, deep = false) {\n dense(width) -> relu\n if deep { dense(width) }\n}\n"
MERGE = "block merge { add -> relu }\n"


def test_a_block_is_written_out_where_it_is_used() -> None:
    assert layers(net("unit(3) -> tanh", "unit(5, deep: true)", blocks=UNIT)) == [
        *("unit_1.dense_1", "unit_1.relu_1", "tanh_1"),
        *("unit_2.dense_1", "unit_2.relu_1", "unit_2.dense_2"),
    ]


def test_an_instance_takes_the_name_of_its_chain() -> None:
    text = net("first = unit(3)", "second = dense(4) -> unit(3)", blocks=UNIT)
    assert layers(text) == [
        *("first.dense_1", "first.relu_1"),
        *("second", "unit_1.dense_1", "unit_1.relu_1"),
    ]


def test_weights_are_called_after_the_instance() -> None:
    outer = "block outer { path = unit(3) ; unit(2) }\n"
    assert weights(net("outer", blocks=outer + UNIT))[::2] == [
        "outer_1.path.dense_1.weight",
        "outer_1.unit_1.dense_1.weight",
    ]


def test_an_edit_in_one_block_renames_nothing_in_another() -> None:
    plain = "block other { dense(4) }\n"
    edited = "block other { relu -> dense(4) -> tanh ; repeat 2 { dense(4) } }\n"
    lines = ("other", "unit(3)", "other", "dense(2)")
    before = weights(net(*lines, blocks=plain + UNIT))
    after = weights(net(*lines, blocks=edited + UNIT))
    assert set(before) <= set(after)


@pytest.mark.parametrize(
    ("body", "last"),
    [
        ("dense(3) -> relu", "u.relu_1"),
        ("dense(3)\n tanh", "u.tanh_1"),
        ("output h = dense(3)\n h -> tanh -> add(h)", "u.h"),
        ("h = dense(3)\n relu -> flatten\n output h", "u.h"),
        ("if true { dense(3) } else { relu }", "u.dense_1"),
        ("repeat 2 { relu }", "u.repeat_2.relu_1"),
    ],
)
def test_a_block_gives_its_last_value_or_its_output(body: str, last: str) -> None:
    graph = graph_of(net("u = b", "softmax", blocks=f"block b {{\n {body}\n}}\n"))
    (softmax,) = (node for node in graph.nodes if node.name == "softmax_1")
    assert softmax.inputs == (last,)


def test_a_block_that_changes_nothing_gives_what_flows_in() -> None:
    graph = graph_of(net("u = b", "relu", blocks="block b { if false { tanh } }\n"))
    assert graph.nodes[0].inputs == ("x",)


@pytest.mark.parametrize("line", ["(x, h) -> merge", "merge(x, h)", "x -> merge(h)"])
def test_several_values_flow_into_a_block(line: str) -> None:
    graph = graph_of(net("h = dense(4)", line, blocks=MERGE))
    assert graph.producers["merge_1.add_1"].inputs == ("x", "h")


def test_values_and_constants_stand_together_among_the_arguments() -> None:
    block = "block mixed(width, rate = 0.5) { add -> dense(width) -> dropout(rate) }\n"
    graph = graph_of(net("h = dense(4)", "mixed(x, h, 7, rate: 0.25)", blocks=block))
    assert graph.producers["mixed_1.add_1"].inputs == ("x", "h")
    assert graph.types["mixed_1.dense_1"].shape == (7,)


def test_a_flow_may_go_into_a_block() -> None:
    graph = graph_of(net("merge(x -> relu, tanh(x))", blocks=MERGE))
    assert graph.producers["merge_1.add_1"].inputs == ("relu_1", "tanh_1")


def test_a_flow_may_begin_with_what_a_block_made() -> None:
    graph = graph_of(net("u = unit(4)", "merge(u.dense_1 -> tanh, x)", blocks=MERGE + UNIT))
    assert graph.producers["tanh_1"].inputs == ("u.dense_1",)
    assert errors(net("merge(3 -> tanh, x)", blocks=MERGE)) == ["unknown-word"]


def test_in_is_what_flows_into_a_line() -> None:
    block = "block wider { dense(2 * in.channels) -> dense(in.channels // 4 + 1) }\n"
    graph = graph_of(net("dense(6)", "wider(x)", "wider", blocks=block))
    shapes = [graph.types[f"wider_{i}.dense_{j}"].shape for i in (1, 2) for j in (1, 2)]
    assert shapes == [(8,), (3,), (6,), (2,)]


def test_a_default_asks_for_the_parameters_before_it() -> None:
    block = "block b(width, half = width // 2, quarter = half // 2) { dense(quarter) }\n"
    graph = graph_of(net("b(16)", "b(16, half: 6)", blocks=block))
    assert [graph.types[f"b_{i}.dense_1"].shape for i in (1, 2)] == [(4,), (3,)]


def test_a_block_sees_the_constants_of_its_file_and_no_value_outside() -> None:
    block = "let width = 5\nblock b { dense(width) }\n"
    assert errors(net("h = dense(3)", "b", blocks=block)) == []
    text = net("let depth = 3", "h = dense(3)", "b", blocks="block b { dense(depth) -> add(h) }\n")
    assert problems(text) == [("unknown-value", "depth"), ("unknown-value", "h")]


def test_a_parameter_hides_a_constant_of_the_file() -> None:
    block = "let width = 5\nblock b(width) { dense(width) }\n"
    assert graph_of(net("b(7)", blocks=block)).types["b_1.dense_1"].shape == (7,)


@pytest.mark.parametrize(
    ("default", "given", "fits"),
    [
        ("1", "2", True),
        ("1", "2.5", True),
        ("1", "[1, 2]", True),
        ("1", '["a"]', False),
        ("1", '"2"', False),
        ("1", "true", False),
        ('"a"', '"b"', True),
        ('"a"', "1", False),
        ("true", "false", True),
        ("true", "1", False),
        ("[1]", "[]", True),
        ("[1]", "1", False),
        ("{1: 2}", "{}", True),
        ("{1: 2}", "[1]", False),
        ("1 + 1", '"any"', True),
    ],
)
def test_a_value_is_of_the_kind_of_its_default(default: str, given: str, fits: bool) -> None:
    block = f"block b(_p = {default}) {{ relu }}\n"
    assert errors(net(f"b({given})", blocks=block)) == ([] if fits else ["wrong-argument"])


def test_what_is_wrong_in_a_block_is_told_once() -> None:
    text = net("repeat 3 { b ; b }", "b", blocks="block b { dens(4) -> relu(1) }\n")
    assert errors(text) == ["unknown-layer", "unnamed-option"]


def test_what_is_wrong_with_one_use_is_told_with_its_arguments() -> None:
    text = net("b(3)", "b(0)", "b(5)", blocks="block b(width) { dense(width) }\n")
    (problem,) = built(text).problems
    assert problem.slug == "bad-value"
    assert [label.text for label in problem.via] == ["used here, with width: 0"]


def test_blocks_in_blocks_end_at_a_depth() -> None:
    blocks = "".join(f"block b{i} {{ b{i + 1} }}\n" for i in range(60)) + "block b60 { relu }\n"
    assert errors(net("b0", blocks=blocks)) == ["too-deep-blocks"]
    assert errors(net("b20", blocks=blocks)) == []


def test_blocks_in_joins_in_blocks_end_before_python_does() -> None:
    body = "add {\nidentity\n" * 20 + "NEXT\n" + "}\n" * 20
    bodies = [body.replace("NEXT", f"b{i + 1}") for i in range(40)]
    blocks = "".join(f"block b{i} {{\n{body}}}\n" for i, body in enumerate(bodies))
    blocks += "block b40 { relu }\n"
    assert errors(net("b0", blocks=blocks)) == ["too-deep-blocks"]
    assert errors(net("b38", blocks=blocks)) == []


def test_a_block_that_uses_itself_is_never_built() -> None:
    blocks = "block p(n) { dense(4) -> q(n) }\nblock q(n) { if n > 0 { p(n - 1) } else { relu } }\n"
    assert errors(net("p(3)", blocks=blocks)) == ["recursive-block"]
