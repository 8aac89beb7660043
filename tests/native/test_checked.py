"""Whole steps with all memory between fences: nothing else is touched, and that values share memory
changes no bit of what comes out."""

import pytest

from netc.engines import Store
from netc.ir import Graph
from netc.plan import plan
from netc.types import Dtype
from tests.native.steps import PHASES
from tests.native.tangled import TANGLED, text_of
from tests.nets import CONVNET, feed, graph_of, run
from tests.random_nets import random_net

pytest.importorskip("llvmlite")

from netc.native.engine import NativeEngine
from tests.native.checked import Fences, fenced_engine, fenced_store, left_by

SIZES: tuple[tuple[int, int, Dtype], ...] = (
    (3, 2, "f32"),
    (32, 2, "f64"),
    (37, 1, "f32"),
    (1, 1, "f64"),
    (37, 3, "f64"),
    (64, 3, "f32"),
)
"""Batches, threads and types: blocks that are whole, ragged and narrow."""


def check(graph: Graph, batch: int, threads: int, dtype: Dtype) -> None:
    """Two runs leave the same bits between fences as in memory that is shared."""
    fences = Fences()
    own = Store.fresh(graph, seed=5, dtype=dtype)
    alone = fenced_store(own, fences)
    made = plan(graph, batch=batch, threads=threads, dtype=dtype)
    engines = NativeEngine(made, own), fenced_engine(made, alone, fences)
    for seed in (1, 2):
        for engine in engines:
            run(engine, feed(graph, batch, seed), seed)
        fences.check()
        expected, found = (
            left_by(engine, store, graph)
            for engine, store in zip(engines, (own, alone), strict=True)
        )
        for name, array in expected.items():
            assert found[name].tobytes() == array.tobytes(), name


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(("batch", "threads", "dtype"), SIZES)
def test_a_network(phase: str, batch: int, threads: int, dtype: Dtype) -> None:
    check(PHASES[phase](graph_of(CONVNET)), batch, threads, dtype)


@pytest.mark.parametrize("seed", range(200, 218))
def test_random_nets(seed: int) -> None:
    phase = PHASES[("train", "train", "infer")[seed % 3]]
    check(phase(graph_of(random_net(seed))), *SIZES[seed % len(SIZES)])


@pytest.mark.parametrize("name", TANGLED)
def test_nets_that_mislead(name: str) -> None:
    graph = PHASES["train"](graph_of(text_of(name)))
    check(graph, *SIZES[len(name) % len(SIZES)])


def test_fences_see_what_is_written_beside() -> None:
    fences = Fences()
    room, step = fences.room("two", 100, 2)
    room[step : step + 100] = 0
    fences.check()
    room[step + 100] = 0
    with pytest.raises(AssertionError, match="two: written"):
        fences.check()
