"""Small networks that several tests build, and the steps from text to engine that they share."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from netc.diag import Source, render
from netc.engines import CpuEngine, Store
from netc.formats import read_source
from netc.ir import Graph, build, verify
from netc.plan import plan

CONVNET = """net convnet {
    input image [2, 9, 9]
    input label class(5)
    a = conv(4, kernel: 3, pad: 1) -> batch_norm -> relu
    b = a -> conv(4, kernel: 3, pad: 1) -> tanh
    add(a, b) -> max_pool(3, stride: 2) -> dropout(0.3)
    c = conv(6, kernel: 2, stride: 2) -> leaky_relu(0.1)
    d = c -> flatten -> dense(7) -> sigmoid
    e = c -> avg_pool(2) -> flatten
    scores = concat(d, e) -> dense(5)
    loss   softmax_loss(scores, label)
    metric accuracy(scores, label)
    output prob = softmax(scores)
}
"""

MLP = """net mlp {
    input x [6]
    input target [3]
    h = dense(8) -> elu -> dropout(0.5)
    y = dense(3)
    side = h -> dense(3)
    loss euclidean_loss(y, target)
    loss sigmoid_loss(side, target, weight: 0.3)
    output y
}
"""

TANGLE = """net tangle {
    input x [4]
    input label class(3)
    frozen = dense(4, rate: 0) -> batch_norm(scale: false)
    h = dense(3)
    same = h -> identity -> reshape([1, 3]) -> flatten
    thrice = add(h, h, same) -> relu
    pair = concat(same, thrice, x) -> tanh -> dropout(0.2)
    z = dense(3) -> batch_norm -> batch_norm -> elu
    prob = softmax(z)
    twin = add(thrice, z)
    loss   softmax_loss(twin, label)
    loss   hinge_loss(twin, label, weight: 0.5)
    loss   euclidean_loss(z, prob, weight: 0.2)
    loss   euclidean_loss(h, h)
    metric accuracy(thrice, label)
    output x
    output same
    output thrice
    output prob
}
"""
"""Values read twice by one layer, views of what others overwrite, outputs that flow on."""


def graph_of(text: str) -> Graph:
    """The graph of a text that has no errors."""
    spec = read_source(Source("test.net", text))
    assert not isinstance(spec, list), "\n".join(render(p.diagnostic()) for p in spec)
    built = build(spec)
    assert built.graph is not None, "\n".join(render(p.diagnostic()) for p in built.problems)
    return built.graph


def sharing(graph: Graph, owners: Mapping[str, str]) -> Graph:
    """The graph with the weights and states of some layers taken from others of their kind."""
    nodes, left = [], set()
    for node in graph.nodes:
        owner = owners.get(node.name)
        if owner is not None:
            own = {a: p for a, p in node.ports.items() if p in graph.weights or p in graph.states}
            left |= set(own.values())
            node = replace(node, ports={**node.ports, **{a: f"{owner}.{a}" for a in own}})
        nodes.append(node)
    return verify(
        graph.replace(
            nodes=tuple(nodes),
            weights={w: weight for w, weight in graph.weights.items() if w not in left},
            states={s: state for s, state in graph.states.items() if s not in left},
        )
    )


def engine_of(graph: Graph, *, batch: int, store: Store | None = None, **options: Any) -> CpuEngine:
    """An engine on a fresh or given store."""
    dtype = options.get("dtype", "f32")
    store = store or Store.fresh(graph, seed=3, dtype=dtype)
    return CpuEngine(plan(graph, batch=batch, **options), store)


def feed(graph: Graph, batch: int, seed: int = 0) -> dict[str, np.ndarray[Any, Any]]:
    """Random inputs for a graph."""
    rng = np.random.default_rng(seed)
    fed = {}
    for name in graph.inputs:
        kind = graph.types[name]
        shape = kind.full_shape(batch)
        fed[name] = rng.integers(0, kind.classes, shape) if kind.classes else rng.normal(size=shape)
    return fed


def run(engine: CpuEngine, fed: Mapping[str, Any], seed: int = 1) -> None:
    for name, array in engine.inputs.items():
        array[...] = fed[name]
    engine.run((seed,))
