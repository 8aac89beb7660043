"""Transposed convolutions run as kernels in a whole step, with the gradients of the NumPy rules."""

import numpy as np
import pytest

from netc import passes
from netc.engines import CpuEngine, Store
from netc.native.engine import NativeEngine
from netc.plan import plan
from tests.nets import feed, graph_of

pytest.importorskip("llvmlite")

LAYERS = (
    "deconv(4, kernel: 3)",
    "deconv(4, kernel: 4, stride: 2, pad: 1)",
    "deconv(6, kernel: [3, 2], stride: [2, 1], pad: [1, 0], output_pad: [1, 0], groups: 2)",
    "deconv(3, kernel: 2, stride: 3, output_pad: 2, bias: false)",
    "deconv(5, kernel: 3, dilation: 2, pad: 1)",
)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(("batch", "threads"), [(3, 2), (8, 1), (40, 2)])
def test_a_step_with_the_layer(layer: str, batch: int, threads: int) -> None:
    text = f"""net n {{
    input image [2, 6, 5]
    input label class(5)
    conv(4, kernel: 3, pad: 1) -> tanh -> {layer} -> tanh
    scores = dense(5)
    loss softmax_loss(scores, label)
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
        if engine_type is NativeEngine:
            assert not any(task.scope == "rule" for task in engine._built.tasks)
        engine.close()
    np.testing.assert_allclose(found[1], found[0], rtol=1e-9, atol=1e-12)
