"""A spec becomes a graph: names, inputs, roles and the options every layer takes."""

import pytest

from netc.diag import Level, Problem, Source
from netc.formats import read_source
from netc.ir import Built, build, verify
from netc.layers import Constant
from netc.spec import Spec
from tests.nets import graph_of


def built(body: str) -> Built:
    spec = read_source(Source("a.net", f"net a {{\n{body}\n}}\n"))
    assert isinstance(spec, Spec), spec
    return build(spec)


def problems(body: str) -> list[tuple[str, str]]:
    """Slug and place of what is wrong."""
    return [(p.slug, place(p)) for p in built(body).problems]


def place(problem: Problem) -> str:
    span = problem.span
    return span.source.text[span.start : span.end] if span else ""


def names(body: str) -> list[str]:
    graph = built(body).graph
    assert graph is not None
    return [node.name for node in graph.nodes]


def test_the_first_layer_with_weights_takes_the_name_of_its_chain() -> None:
    graph = graph_of("net a { input x [2, 4]\n c = relu -> conv(3, kernel: 1) -> relu -> flatten }")
    assert list(graph.weights) == ["c.weight", "c.bias"]
    assert graph.nodes[-1].writes == ("c",)


def test_a_chain_without_weights_gives_its_name_to_its_last_layer() -> None:
    assert names("input x [4]\nh = relu -> tanh") == ["relu_1", "h"]


def test_numbers_go_on_past_names_that_are_written() -> None:
    body = "input x [4]\nrelu -> relu\nrelu_3 = relu -> relu"
    assert names(body) == ["relu_1", "relu_2", "relu_4", "relu_3"]


def test_a_value_is_known_below_its_line_only() -> None:
    assert problems("input x [4]\noutput h\nh = relu") == [("unknown-value", "h")] or problems(
        "input x [4]\noutput h\nh = relu"
    ) == [("unknown-word", "h")]


def test_a_mistake_is_told_once_and_not_what_follows_from_it() -> None:
    body = """input image [1, 8, 8]
        input label class(10)
        a = cnov(8, kernel: 3)
        b = a -> dens(10) -> relu
        c = add(a, b) -> dense(10)
        loss softmax_loss(c, label)
        metric accuracy(c, label)
        output softmax(c)"""
    assert problems(body) == [("unknown-layer", "cnov"), ("unknown-layer", "dens")]


def test_problems_come_in_the_order_of_the_text() -> None:
    body = "input x [4]\nrelu(1)\ndense(-1)\ndens(3)\nrelu -> y"
    found = [p.span.start for p in built(body).problems if p.span]
    assert found == sorted(found)


def test_every_problem_has_a_place() -> None:
    body = "input x [0]\nrelu(1)\ndense\n(a, b) -> add\noutput z\nloss relu"
    assert all(p.span is not None for p in built(body).problems)


def test_learning_options_go_to_the_weights_and_not_to_the_layer() -> None:
    graph = graph_of(
        "net a { input x [4]\n"
        "h = dense(3, init: gaussian(0.5), bias_init: 0.25, rate: 2, decay: 3) }"
    )
    weight, bias = graph.weights["h.weight"], graph.weights["h.bias"]
    assert (weight.rate, weight.decay, bias.rate, bias.decay) == (2, 3, 2, 0)
    assert (type(weight.init).__name__, type(bias.init).__name__) == ("Gaussian", "Constant")


def test_the_shift_of_a_batch_norm_starts_as_a_bias_does() -> None:
    graph = graph_of("net a { input x [4]\nb = batch_norm(init: 0.5, bias_init: 0.25)\noutput b }")
    assert graph.weights["b.scale"].init == Constant(0.5)
    assert graph.weights["b.shift"].init == Constant(0.25)


def test_a_layer_without_a_bias_has_no_start_for_it() -> None:
    body = "input x [4]\noutput dense(3, bias: false, bias_init: 0.5)"
    assert problems(body) == [("bad-shape", "0.5")]


def test_a_layer_without_weights_takes_no_learning_options() -> None:
    assert problems("input x [4]\nrelu(init: msra)") == [("unknown-option", "init")]


def test_a_loss_has_a_weight() -> None:
    graph = graph_of(
        "net a { input x [4]\ninput t [4]\nh = dense(4)\nloss euclidean_loss(h, t, weight: 0.3) }"
    )
    assert [(loss.value, loss.weight) for loss in graph.losses] == [("euclidean_loss", 0.3)]


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        ("input x [4]\nh = dense(3)", "unused-value"),
        ("input x [4]\ninput y [4]\noutput x -> relu", "unused-input"),
        ("input x [1, 8, 8]\noutput conv(1, kernel: 3, stride: 2)", "unread-edge"),
    ],
)
def test_warnings_do_not_stop_the_work(body: str, slug: str) -> None:
    found = built(body + "\noutput q = x -> tanh")
    assert found.graph is not None
    assert [(p.slug, p.level) for p in found.problems] == [(slug, Level.WARNING)]


def test_a_graph_that_was_built_is_right() -> None:
    verify(graph_of("net a { input x [4]\n h = dense(3) -> relu\n output (h, h) -> add }"))


def test_an_input_may_be_an_output() -> None:
    graph = graph_of("net a { input x [4]\n output x\n output y = x }")
    assert len(graph.outputs) == 2


def test_labels_do_not_start_the_flow() -> None:
    graph = graph_of("net a { input label class(3)\n input x [4]\n output relu }")
    assert graph.nodes[0].inputs == ("x",)


def test_what_stands_twice_in_a_role_counts_once() -> None:
    body = "input x [4]\ninput t [4]\nh = dense(4)\nloss l = euclidean_loss(h, t)\nloss l"
    graph = built(body + "\noutput h\noutput h").graph
    assert graph is not None
    assert [loss.value for loss in graph.losses] == ["l"]
    assert graph.outputs == ("h",)


def test_what_is_asked_of_in_is_what_flows_into_the_step() -> None:
    graph = graph_of(
        "net a { input x [4]\ninput z [9]\n"
        "y = z -> dense(in.size + 1) -> dense(in.size + 1) -> wider(in.size)\n"
        "output concat(x, z, y -> dense(in.size)) }\n"
        "block wider(width) { dense(width + in.size) }"
    )
    sizes = [graph.types[node.value].size for node in graph.nodes]
    assert sizes == [10, 11, 22, 22, 4 + 9 + 22]
