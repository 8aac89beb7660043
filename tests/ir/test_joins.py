"""Joins: branches from lines, loops and choices, and what may stand among them."""

import pytest

from tests.ir.texts import errors, layers, net, problems
from tests.nets import graph_of


def joined(text: str, name: str) -> tuple[str, ...]:
    return graph_of(text).producers[name].inputs


def test_every_line_is_a_branch_from_what_flows() -> None:
    graph = graph_of(net("dense(3)", "add { identity ; dense(3) -> relu ; dense(3) }"))
    assert graph.producers["add_1"].inputs == ("identity_1", "relu_1", "dense_3")
    assert [graph.producers[name].inputs for name in ("identity_1", "dense_2", "dense_3")] == [
        ("dense_1",)
    ] * 3


def test_a_branch_may_be_a_value_or_begin_with_one() -> None:
    text = net("h = dense(4)", "relu", "add { h ; x -> tanh ; identity }")
    assert joined(text, "add_1") == ("h", "tanh_1", "identity_1")


@pytest.mark.parametrize("type", ["add", "concat", "mul", "max"])
def test_layers_that_take_many_values_join(type: str) -> None:
    assert joined(net(f"{type} {{ relu ; tanh }}"), f"{type}_1") == ("relu_1", "tanh_1")


def test_a_join_has_options() -> None:
    graph = graph_of("net a { input x [2, 4]\n y = concat(axis: 2) { relu ; tanh } }")
    assert graph.types["y"].shape == (2, 8)


def test_loops_and_choices_give_branches() -> None:
    line = "concat { for k in [2, 3] { dense(k) -> relu } ; if true { tanh } else { relu } }"
    assert joined(net(line), "concat_1") == ("k_2.relu_1", "k_3.relu_1", "tanh_1")


def test_lets_and_claims_are_no_branches() -> None:
    text = net("add { let k = 4 ; dense(k) ; identity ; assert shape == [4] }")
    assert joined(text, "add_1") == ("dense_1", "identity_1")


def test_joins_stand_in_joins_on_one_line() -> None:
    text = net("y = concat { relu ; tanh -> add { relu ; sigmoid } ; dense(2) } -> softmax")
    assert joined(text, "concat_1") == ("relu_1", "add_1", "dense_1")
    assert joined(text, "add_1") == ("relu_2", "sigmoid_1")


def test_a_named_join_is_named() -> None:
    assert layers(net("y = add { relu ; tanh }"))[-1] == "y"
    assert layers(net("y = add { relu ; tanh } -> dense(3)"))[-2:] == ["add_1", "y"]


def test_a_branch_may_be_named_and_read_below() -> None:
    text = net("add { path = dense(4) ; identity }", "add(x, path)")
    assert joined(text, "add_2") == ("x", "path")


def test_in_is_what_flows_into_the_join() -> None:
    graph = graph_of(net("dense(6)", "concat { dense(in.channels) ; relu -> dense(in.channels) }"))
    assert graph.types["concat_1"].shape == (12,)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("add { }", ("no-branches", "add { }")),
        ("add { let k = 3 }", ("no-branches", "add { let k = 3 }")),
        ("add { if false { relu } }", ("no-branches", "add { if false { relu } }")),
        ("relu { tanh ; relu }", ("no-join", "relu")),
        ("adl { tanh ; relu }", ("unknown-layer", "adl")),
        ("add(x) { tanh ; relu }", ("misplaced", "x")),
        ("add { output relu ; tanh }", ("misplaced", "output")),
        ("add { when train { relu } ; tanh }", ("misplaced", "train")),
        ("add { input y [4] ; tanh }", ("misplaced", "input y [4]")),
        ("add { repeat 2.5 { relu } ; tanh }", ("wrong-rounds", "2.5")),
        ("add { relu }", ("bad-shape", "add")),
        ("add { dense(3) ; dense(4) }", ("bad-shape", "add")),
    ],
)
def test_what_joins_cannot(line: str, wrong: tuple[str, str]) -> None:
    found = [p for p in problems(net(line)) if not p[0].startswith("unused")]
    assert found == [wrong]


def test_a_block_is_no_join() -> None:
    text = net("b { relu ; tanh }", blocks="block b { add }\n")
    assert errors(text) == ["no-join"]
