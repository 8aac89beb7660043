"""Steps of the same graph by the NumPy rules and by kernels."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from netc import passes
from netc.engines import CpuEngine, Store
from netc.ir import Graph
from netc.native.build import build
from netc.native.engine import NativeEngine
from netc.plan import plan
from netc.types import Dtype
from tests.native.rooms import Rooms
from tests.nets import feed, run

PHASES: Mapping[str, Callable[[Graph], Graph]] = {
    "train": passes.for_training,
    "test": passes.for_testing,
    "infer": passes.for_inference,
}

Found = dict[str, np.ndarray[Any, Any]]


def found_by(
    kind: type[CpuEngine | NativeEngine],
    graph: Graph,
    *,
    batch: int,
    threads: int,
    dtype: Dtype = "f64",
    rooms: Rooms | None = None,
) -> Found:
    """Every gradient, state and root after two runs, the memory unknown before each. Answers in
    whole numbers hang on equal scores, and are left out."""
    store = Store.fresh(graph, seed=5, dtype=dtype)
    engine = kind(plan(graph, batch=batch, threads=threads, dtype=dtype), store)
    for seed in (1, 2):
        if rooms is not None:
            rooms.poison()
        run(engine, feed(graph, batch, seed), seed)
    found = {f"d.{name}": store.gradients[name].copy() for name in graph.gradients}
    found |= {name: state.copy() for name, state in store.states.items()}
    roots = (root for root in graph.roots if engine.value(root).dtype.kind == "f")
    found |= {root: np.array(engine.value(root)) for root in roots}
    engine.close()
    if rooms is not None:
        rooms.check()
    return found


def assert_alike(
    graph: Graph,
    rooms: Rooms,
    *,
    batch: int,
    threads: int,
    dtype: Dtype = "f64",
    relative: float = 1e-10,
) -> None:
    """The engine of kernels finds what the NumPy rules find, up to rounding: relative to the
    largest number of each array."""
    sizes: Any = {"batch": batch, "threads": threads, "dtype": dtype}
    expected = found_by(CpuEngine, graph, **sizes)
    found = found_by(NativeEngine, graph, **sizes, rooms=rooms)
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        largest = max(1.0, float(np.abs(array).max(initial=0)))
        np.testing.assert_allclose(
            found[name], array, rtol=relative, atol=relative * largest, err_msg=name
        )


def types_by_numpy(graph: Graph, *, batch: int, threads: int) -> set[str]:
    """The types of the layers that have no kernel for all of their work."""
    tasks = build(plan(graph, batch=batch, threads=threads, dtype="f64")).tasks
    return {task.node.layer.name for task in tasks if task.scope == "rule"}
