"""Random nets of all layer types: steps by kernels are steps by the NumPy rules."""

from collections.abc import Callable

import numpy as np
import pytest

from netc import passes
from netc.engines import CpuEngine, Store
from netc.ir import Graph
from netc.native.engine import NativeEngine
from netc.plan import plan
from tests.nets import feed, graph_of, run
from tests.random_nets import random_net

pytest.importorskip("llvmlite")

SIZES = ((3, 2), (8, 1), (24, 2), (1, 1))


def results(engine: CpuEngine | NativeEngine, store: Store, graph: Graph) -> dict[str, np.ndarray]:
    """Every gradient, state and root after two runs; answers in whole numbers hang on equal scores,
    and are left out."""
    for seed in (1, 2):
        run(engine, feed(graph, engine.plan.batch, seed), seed)
    found = {f"d.{name}": store.gradients[name].copy() for name in graph.gradients}
    found |= {name: state.copy() for name, state in store.states.items()}
    roots = (root for root in graph.roots if engine.value(root).dtype.kind == "f")
    found |= {root: engine.value(root).copy() for root in roots}
    engine.close()
    return found


@pytest.mark.parametrize("phase", [passes.for_training, passes.for_testing])
@pytest.mark.parametrize("seed", range(90, 106))
def test_steps_agree(seed: int, phase: Callable[[Graph], Graph]) -> None:
    batch, threads = SIZES[seed % len(SIZES)]
    graph = phase(graph_of(random_net(seed)))
    found = []
    for engine_type in (CpuEngine, NativeEngine):
        store = Store.fresh(graph, seed=5, dtype="f64")
        made = plan(graph, batch=batch, threads=threads, dtype="f64")
        found.append(results(engine_type(made, store), store, graph))
    for name, expected in found[0].items():
        np.testing.assert_allclose(found[1][name], expected, rtol=1e-7, atol=1e-9, err_msg=name)
