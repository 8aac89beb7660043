"""Values are cut out of others by kernels in a whole step, with the gradients of the rules."""

from typing import Any

import numpy as np
import pytest

from netc import passes
from netc.engines import CpuEngine, Store
from netc.native.engine import NativeEngine
from netc.plan import plan
from tests.nets import feed, graph_of

pytest.importorskip("llvmlite")

LAYERS = (
    "{} -> slice(start: 1, stop: 3)",
    "{} -> slice(start: -2)",
    "{} -> slice(stop: -1, axis: 2)",
    "{} -> slice(start: 2, stop: 4, axis: 3)",
    "{} -> split(parts: 2, part: 0)",
    "{} -> split(parts: 2, part: 1, axis: 2)",
    "{} -> pad(1)",
    "{} -> pad(before: [0, 2], after: 1)",
    "{} -> pad(channels: [1, 2])",
    "{} -> pad([2, 1], channels: [0, 3])",
    "crop({}, like, offset: [2, 1])",
)


@pytest.mark.parametrize("phase", [passes.for_training, passes.for_testing])
@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(("batch", "threads"), [(3, 2), (8, 1), (40, 2)])
def test_a_step_with_the_layer(layer: str, batch: int, threads: int, phase: Any) -> None:
    text = f"""net n {{
    input image [4, 8, 7]
    input like [1, 4, 3]
    a = image -> scale
    b = a -> tanh
    c = {layer.format("b")}
    d = c -> scale
    y = d -> tanh
    e = b -> scale
    z = {layer.format("e")}
    loss euclidean_loss(y, z)
    output c
}}
"""
    found = []
    for engine_type in (CpuEngine, NativeEngine):
        graph = phase(graph_of(text))
        store = Store.fresh(graph, seed=3, dtype="f64")
        engine = engine_type(plan(graph, batch=batch, threads=threads, dtype="f64"), store)
        for name, array in feed(graph, batch).items():
            if name in engine.inputs:
                engine.inputs[name][...] = array
        engine.run((1,))
        values = [engine.value(root).reshape(-1).copy() for root in graph.roots]
        found.append(np.concatenate([store.flat_gradients, *values]))
        if engine_type is NativeEngine:
            rules = {t.node.layer.name for t in engine._built.tasks if t.scope == "rule"}
            assert not rules & {"slice", "split", "pad", "crop"}
        engine.close()
    np.testing.assert_allclose(found[1], found[0], rtol=1e-9, atol=1e-12)
