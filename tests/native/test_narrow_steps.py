"""Whole steps with convolutions on batches that do not fill vectors, with the gradients of the
NumPy rules."""

import numpy as np
import pytest

from netc import passes
from netc.engines import CpuEngine, Store
from netc.native.engine import NativeEngine
from netc.plan import plan
from tests.nets import feed, graph_of

pytest.importorskip("llvmlite")

LAYERS = (
    "conv(5, kernel: 3, pad: 1)",
    "conv(4, kernel: 3, stride: 2)",
    "conv(7, kernel: 1, stride: 2)",
    "conv(6, kernel: 3, groups: 3, dilation: 2, pad: 2)",
    "conv(6, kernel: [3, 2], groups: 6, pad: [1, 0])",
    "dense(9)",
)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(("batch", "threads"), [(1, 2), (3, 1), (5, 3), (8, 2)])
def test_a_step_with_the_layer(layer: str, batch: int, threads: int) -> None:
    text = f"""net n {{
    input image [3, 9, 7]
    a = image -> conv(6, kernel: 3, pad: 1) -> relu
    y = a -> {layer} -> tanh
    b = image -> scale
    z = b -> conv(6, kernel: 1) -> {layer}
    loss euclidean_loss(y, z)
}}
"""
    found = []
    for engine_type in (CpuEngine, NativeEngine):
        graph = passes.for_training(graph_of(text))
        store = Store.fresh(graph, seed=3, dtype="f64")
        engine = engine_type(plan(graph, batch=batch, threads=threads, dtype="f64"), store)
        for name, array in feed(graph, batch).items():
            engine.inputs[name][...] = array
        engine.run((1,))
        found.append(store.flat_gradients.copy())
        engine.close()
    np.testing.assert_allclose(found[1], found[0], rtol=1e-9, atol=1e-12)
