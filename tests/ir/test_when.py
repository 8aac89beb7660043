"""Lines for one phase: what flows on after them, and where their values can be read."""

import pytest

from netc.passes import for_inference, for_training
from tests.ir.texts import built, errors, net, problems
from tests.nets import graph_of

NOISE = net("when train { dropout(0.5) }", "output dense(2)")


def test_what_flows_on_is_another_value_in_each_phase() -> None:
    graph = graph_of(NOISE)
    (both,) = (node for node in graph.nodes if type(node.layer).name == "by_phase")
    assert both.inputs == ("dropout_1", "x")
    (both,) = (n for n in graph_of(NOISE.replace("train", "test")).nodes if "phase" in n.name)
    assert both.inputs == ("x", "dropout_1")


def test_each_phase_computes_its_own() -> None:
    text = net(
        "input label class(2)",
        "when train { dropout(0.5) }",
        "scores = dense(2)",
        "loss softmax_loss(scores, label)",
        "output scores",
    )
    graph = graph_of(text)
    assert "dropout_1" in {node.name for node in for_training(graph).nodes}
    assert "dropout_1" not in {node.name for node in for_inference(graph).nodes}


def test_two_whens_after_each_other_are_for_both_phases() -> None:
    graph = graph_of(net("when train { relu }", "when test { tanh }", "output dense(2)"))
    made = [(node.name, node.inputs) for node in graph.nodes]
    assert made == [
        ("relu_1", ("x",)),
        ("by_phase_1", ("relu_1", "x")),
        ("tanh_1", ("by_phase_1",)),
        ("by_phase_2", ("by_phase_1", "tanh_1")),
        ("dense_1", ("by_phase_2",)),
    ]


def test_roles_in_a_phase_are_of_that_phase() -> None:
    text = net(
        "input label class(2)",
        "scores = dense(2)",
        "loss softmax_loss(scores, label)",
        "when train { side = dense(2) ; loss softmax_loss(side, label, weight: 0.3) }",
        "when test { metric accuracy(scores, label) ; output scores }",
    )
    phases = graph_of(text).phases
    assert phases == {"softmax_loss_2": "train", "accuracy": "test", "scores": "test"}


def test_a_value_of_one_phase_is_read_in_it_alone() -> None:
    made = "when train { h = relu }"
    assert problems(net(made, "output h")) == [("wrong-phase", "h")]
    assert problems(net(made, "when test { output h }")) == [("wrong-phase", "h")]
    assert errors(net(made, "when train { output h }")) == []


def test_a_value_inside_a_block_of_one_phase_is_of_that_phase() -> None:
    text = net("when train { u = b }", "output u.h", blocks="block b { h = relu ; tanh }\n")
    assert problems(text) == [("wrong-phase", "u.h")]


def test_a_when_in_a_when_is_taken_or_not() -> None:
    block = "block b { when train { dropout } ; when test { tanh } ; relu }\n"
    graph = graph_of(net("when train { b }", "output dense(2)", blocks=block))
    names = [node.name for node in graph.nodes]
    assert names == ["b_1.dropout_1", "b_1.relu_1", "by_phase_1", "dense_1"]


def test_another_shape_in_one_phase_is_told_where_it_flows_on() -> None:
    assert problems(net("when train { dense(3) }", "output dense(2)")) == [
        ("phases-differ", "train")
    ]
    assert problems(net("when train { dense(3) }", "output dense(in.size)"))[0][0] == (
        "phases-differ"
    )
    block = "block b { when train { dense(3) } }\n"
    assert errors(net("b -> relu", blocks=block)) == ["phases-differ"]


@pytest.mark.parametrize("width", [3, 4])
def test_a_side_branch_in_one_phase_is_no_mistake(width: int) -> None:
    text = net(f"when train {{ side = dense({width}) ; output side }}", "output x -> dense(2)")
    assert built(text).problems == ()


def test_names_and_constants_of_a_when_are_known_below() -> None:
    assert errors(net("when train { let k = 3 }", "output dense(k)")) == []
    assert errors(net("when train { h = relu }", "h = tanh")) == ["repeated-name"]


def test_there_are_two_phases() -> None:
    assert problems(net("when testing { h = relu }", "output h")) == [("unknown-phase", "testing")]


def test_a_role_in_both_phases_is_a_role_in_all() -> None:
    both = "when train { output x } ; when test { output x }"
    assert graph_of(net(both)).phases == {}
    assert graph_of(net("output x ; when train { output x }")).phases == {}
    assert graph_of(net("when train { output x } ; output x")).phases == {}
