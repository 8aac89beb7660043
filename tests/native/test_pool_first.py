"""What a relu and a pooling give and learn does not depend on which comes first."""

import numpy as np
import pytest

from netc import passes
from netc.engines import CpuEngine, Store
from netc.ir import Graph, verify
from netc.native.pool_first import pool_first
from netc.plan import plan
from tests.nets import feed, graph_of

NET = """net n {
    input image [2, 13, 13]
    input label class(5)
    conv(4, kernel: 3) -> relu -> max_pool(3, stride: 2)
    a = conv(6, kernel: 2) -> relu
    b = a -> max_pool(2)
    c = a -> avg_pool(2)
    d = conv(3, kernel: 1) -> relu -> global_max_pool -> flatten
    e = add(b, c) -> relu -> max_pool(2, stride: 1) -> flatten
    scores = concat(d, e) -> dense(5)
    loss softmax_loss(scores, label)
    output prob = softmax(scores)
}
"""


def order(graph: Graph) -> list[str]:
    words = [n.layer.name for n in graph.nodes if n.rule == "forward"]
    return [word for word in words if "pool" in word or word == "relu"]


@pytest.mark.parametrize("phase", [passes.for_training, passes.for_testing])
def test_no_bit_changes(phase: object) -> None:
    graph = phase(graph_of(NET))  # type: ignore[operator]
    made = plan(graph, batch=5)
    moved = pool_first(made).graph
    assert order(graph) != order(moved)
    verify(moved)
    found = []
    for one in (graph, moved):
        store = Store.fresh(one, seed=3)
        engine = CpuEngine(plan(one, batch=5), store)
        for name, array in engine.inputs.items():
            array[...] = feed(one, 5)[name]
        engine.run((1,))
        found.append([store.flat_gradients.copy(), *(engine.value(v).copy() for v in one.roots)])
    for before, after in zip(*found, strict=True):
        np.testing.assert_array_equal(before, after)


def test_what_others_read_stays() -> None:
    moved = pool_first(plan(passes.for_training(graph_of(NET)), batch=5)).graph
    pooled_first = ["max_pool", "relu", "global_max_pool", "relu", "max_pool", "relu"]
    both = ["relu", "max_pool", "avg_pool"]
    assert order(moved) == [*pooled_first[:2], *both, *pooled_first[2:]]


def test_types_follow() -> None:
    made = plan(passes.for_training(graph_of(NET)), batch=5, dtype="f64")
    moved = pool_first(made)
    for name, type_ in moved.graph.types.items():
        assert moved.types[name].shape == type_.shape
    assert moved.types["max_pool_1"].dtype == "f64"
