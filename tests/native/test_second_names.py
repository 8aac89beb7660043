"""Values that are other values under a second name are found wherever they are used."""

from typing import Any

import numpy as np
import pytest

from netc import passes
from netc.engines import CpuEngine, Store
from netc.native.engine import NativeEngine
from netc.plan import plan
from tests.nets import feed, graph_of, run

pytest.importorskip("llvmlite")

NETS = {
    "conv before add": "a = conv(3, kernel: 3)\n b = x -> conv(3, kernel: 3)\n y = add(a, b)",
    "pool before bias": "a = max_pool(2)\n y = a -> bias",
    "subsample before bias": "a = subsample(2)\n y = a -> bias",
    "view behind bias": "a = tanh\n b = a -> hard_swish -> identity\n y = b -> bias -> identity",
    "dropout in concat": "a = tanh\n b = a -> dropout(0.5)\n c = a -> bias\n y = concat(b, c, b)",
    "dropout in dense": "a = tanh\n b = a -> dropout(0.5)\n y = b -> dense(6)",
    "dropout in slice": "a = tanh\n b = a -> dropout(0.5)\n y = b -> slice(start: 1) -> tanh",
}


@pytest.mark.parametrize("phase", [passes.for_training, passes.for_testing])
@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("batch", [3, 16])
def test_a_step(phase: Any, name: str, batch: int) -> None:
    """Planes of 8x8 images in blocks of 16 are padded, unless they are read as rows."""
    text = f"net n {{\n input image [2, 8, 8]\n x = image -> tanh\n {NETS[name]}\n"
    text += " z = y -> tanh\n t = y -> scale\n loss euclidean_loss(z, t)\n output z\n}\n"
    found = []
    for engine_type in (CpuEngine, NativeEngine):
        graph = phase(graph_of(text))
        store = Store.fresh(graph, seed=3)
        engine = engine_type(plan(graph, batch=batch), store)
        run(engine, feed(graph, batch))
        values = [engine.value(root).reshape(-1).copy() for root in graph.roots]
        found.append(np.concatenate([store.flat_gradients, *values]))
    np.testing.assert_allclose(found[1], found[0], rtol=1e-4, atol=1e-5)
