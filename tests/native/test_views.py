"""Outputs that are other names for the numbers of inputs, or of what a rule of NumPy made."""

import numpy as np
import pytest

from netc import passes
from netc.engines import CpuEngine, Store
from netc.native.engine import NativeEngine
from netc.plan import plan
from tests.nets import feed, graph_of, run

pytest.importorskip("llvmlite")

NETS = (
    "input x [2, 3]\n y = x -> flatten\n z = x -> tanh\n output y\n output z",
    "input x [2, 3]\n y = x -> flatten -> identity\n output y\n output x",
    "input x class(4) [3]\n a = embed(x, units: 2)\n y = a -> flatten\n output y",
    "input x [4, 3]\n y = x -> slice(start: 1)\n z = y -> flatten\n output y\n output z",
)


@pytest.mark.parametrize("text", NETS)
@pytest.mark.parametrize("batch", [1, 5, 16])
def test_outputs_are_there(text: str, batch: int) -> None:
    graph = passes.for_inference(graph_of(f"net n {{\n {text}\n}}\n"))
    found = []
    for engine_type in (CpuEngine, NativeEngine):
        engine = engine_type(plan(graph, batch=batch), Store.fresh(graph, seed=3))
        run(engine, feed(graph, batch))
        found.append([engine.value(name).copy() for name in graph.roots])
    for before, after in zip(*found, strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-6)
