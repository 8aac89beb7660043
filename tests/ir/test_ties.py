"""Layers that use the weight of another one: `tied_to`."""

import numpy as np
import pytest

from netc.diag import Source
from netc.engines import CpuEngine, Store
from netc.expand import expand, is_same_graph
from netc.formats import read_source, write
from netc.ir import build
from netc.passes import for_training
from netc.plan import plan
from tests.ir.texts import net
from tests.nets import graph_of

TIED = """net a {
    input x [5]
    code = dense(5) -> tanh
    output again = code -> dense(5, tied_to: code)
    loss euclidean_loss(again, x)
}
"""


def test_a_tied_layer_reads_the_weight_of_another_and_has_a_bias_of_its_own():
    graph = graph_of(TIED)
    assert list(graph.weights) == ["code.weight", "code.bias", "again.bias"]
    assert graph.producers["again"].ports["weight"] == "code.weight"


def test_the_gradient_of_a_tied_weight_is_the_sum_over_both_uses():
    prepared = for_training(graph_of(TIED))
    store = Store.fresh(prepared, seed=3, dtype="f64")
    engine = CpuEngine(plan(prepared, batch=2, dtype="f64"), store)
    engine.inputs["x"][...] = np.random.default_rng(0).normal(size=(2, 5))
    engine.run()
    found = store.gradients["code.weight"].copy()
    weight, expected = store.weights["code.weight"], np.empty((5, 5))
    for place in np.ndindex(weight.shape):
        ends = []
        for step in (1e-5, -2e-5):
            weight[place] += step
            engine.run()
            ends.append(float(engine.value(prepared.losses[0].value)))
        weight[place] += 1e-5
        expected[place] = (ends[0] - ends[1]) / 2e-5
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(
    ("lines", "owner"),
    [
        (["u = x -> unit", "x -> dense(4, tied_to: u.inner)"], "u.inner"),
        (["repeat 2 { dense(4) }", "x -> dense(4, tied_to: repeat_1.dense_1)"], "repeat_1.dense_1"),
        (["layer s = dense(4)", "x -> s", "x -> dense(4, tied_to: s)"], "s"),
        (["a = x -> dense(4)", 'x -> dense(4, tied_to: "a")'], "a"),
        (["a = x -> dense(4)", 'let other = "a"', "x -> dense(4, tied_to: other)"], "a"),
    ],
)
def test_the_layer_may_be_in_a_block_or_a_loop_shared_or_named_by_a_text(lines, owner):
    text = net(*lines, blocks="block unit { inner = dense(4) }\n")
    assert graph_of(text).nodes[-1].ports["weight"] == f"{owner}.weight"


def test_ties_inside_a_shared_block_stay_inside_it():
    block = "block twice { a = dense(4) ; dense(4, tied_to: a) }\n"
    graph = graph_of(net("layer tower = twice", "x -> tower -> tower", blocks=block))
    assert {node.ports["weight"] for node in graph.nodes} == {"tower.a.weight"}


def test_an_expanded_net_keeps_its_ties():
    text = net(
        "u = x -> unit",
        "x -> dense(4, bias: false, tied_to: u.inner) -> relu -> dense(4, tied_to: u.inner)",
        blocks="block unit { inner = dense(4) }\n",
    )
    read = read_source(Source("a.net", text), ".net")
    graph = build(read).graph
    written = write(expand(read, graph, brief=True).spec, ".net")
    again = build(read_source(Source("b.net", written), ".net")).graph
    assert is_same_graph(graph, again, {})
    assert written.count("tied_to: u.inner") == 2
