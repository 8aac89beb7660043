"""Engines of kernels give the same bits whenever they run, and know nothing of one another."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netc.engines import Store
from netc.ir import Graph
from netc.native.engine import NativeEngine
from netc.passes import for_training
from netc.plan import plan
from netc.training import Run, Wish, resume, start
from tests.nets import CONVNET, TANGLE, feed, graph_of, run
from tests.training.small import consume, spec_of

pytest.importorskip("llvmlite")

NET = CONVNET.replace("[2, 9, 9]", "[1, 8, 8]").replace("class(5)", "class(10)")
NET = NET.replace("dense(5)", "dense(10)")

SIZES = [(5, 1), (5, 2), (20, 1), (33, 2), (64, 3)]


def engine_for(
    graph: Graph, *, batch: int, threads: int = 2, dtype: Any = "f32", seed: int = 3
) -> tuple[NativeEngine, Store]:
    store = Store.fresh(graph, seed=seed, dtype=dtype)
    return NativeEngine(plan(graph, batch=batch, threads=threads, dtype=dtype), store), store


def bits(engine: NativeEngine, store: Store, seeds: range = range(3)) -> list[bytes]:
    """All that some steps leave, learning in between."""
    graph, found = engine.plan.graph, []
    for seed in seeds:
        run(engine, feed(graph, engine.plan.batch, seed), seed)
        found += [np.array(engine.value(root)).tobytes() for root in graph.roots]
        store.flat_weights[...] -= np.float32(0.01) * store.flat_gradients
    return found + stored(store)


def stored(store: Store) -> list[bytes]:
    arrays = (store.flat_weights, store.flat_gradients, *store.states.values())
    return [array.tobytes() for array in arrays]


@pytest.mark.parametrize(("batch", "threads"), SIZES)
def test_the_same_steps_end_in_the_same_bits(batch: int, threads: int) -> None:
    graph = for_training(graph_of(CONVNET))
    found = [bits(*engine_for(graph, batch=batch, threads=threads)) for _ in range(2)]
    assert found[0] == found[1]


@pytest.mark.parametrize(("batch", "threads"), [(5, 2), (20, 1), (33, 2)])
def test_a_gradient_is_the_central_difference(batch: int, threads: int) -> None:
    graph = for_training(graph_of(CONVNET))
    engine, store = engine_for(graph, batch=batch, threads=threads, dtype="f64")
    fed = feed(graph, batch)
    run(engine, fed)
    gradient = store.flat_gradients.copy()
    rng, step = np.random.default_rng(1), 1e-6
    for _ in range(8):
        along = rng.normal(size=gradient.size)
        slope = sum(side * loss_at(engine, store, fed, along * side * step) for side in (1, -1)) / (
            2 * step
        )
        assert gradient @ along == pytest.approx(slope, rel=1e-5, abs=1e-7)


def loss_at(engine: NativeEngine, store: Store, fed: Any, away: np.ndarray) -> float:
    """The loss with the weights moved; they are put back."""
    kept = store.flat_weights.copy()
    store.flat_weights[...] += away
    run(engine, fed)
    store.flat_weights[...] = kept
    return float(engine.value("softmax_loss"))


def test_engines_take_turns() -> None:
    """Several at once, of different sizes and nets, learn what each learns alone."""
    graphs = [for_training(graph_of(text)) for text in (CONVNET, TANGLE)]
    made = [[engine_for(g, batch=b) for g in graphs for b in (20, 3)] for _ in range(2)]
    for engine, store in made[0]:
        bits(engine, store)
    for seed in range(3):
        for engine, store in made[1]:
            bits(engine, store, range(seed, seed + 1))
    alone, together = ([stored(store) for _, store in engines] for engines in made)
    assert together == alone


def test_engines_of_one_store_see_the_same_weights() -> None:
    graph = for_training(graph_of(TANGLE))
    first, store = engine_for(graph, batch=20)
    second = NativeEngine(plan(graph, batch=20, threads=2), store)
    before = bits(first, store, range(1))
    store.flat_weights[...] = Store.fresh(graph, seed=3).flat_weights
    for state, fresh in zip(store.states.values(), Store.fresh(graph).states.values(), strict=True):
        state[...] = fresh
    assert bits(second, store, range(1)) == before


def test_engines_in_threads_of_python() -> None:
    graph = for_training(graph_of(CONVNET))
    sizes = [(5, 2), (33, 2), (64, 2), (16, 3)]
    alone = [bits(*engine_for(graph, batch=b, threads=t), range(8)) for b, t in sizes]

    def work(size: tuple[int, int]) -> list[bytes]:
        return bits(*engine_for(graph, batch=size[0], threads=size[1]), range(8))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, sizes)) == alone


def test_a_closed_engine_lets_go_of_its_memory() -> None:
    graph = for_training(graph_of(CONVNET))
    engine, store = engine_for(graph, batch=20)
    other, others = engine_for(graph, batch=20)
    run(engine, feed(graph, 20))
    memory = weakref.ref(engine._memory)
    engine.close()
    gc.collect()
    assert memory() is None
    with pytest.raises(AttributeError):
        engine.run()
    again = NativeEngine(plan(graph, batch=20, threads=2), store)
    assert len(bits(again, store)) == len(bits(other, others))


@pytest.mark.parametrize("threads", [1, 2])
def test_a_stopped_run_goes_on_bit_for_bit(tmp_path: Path, threads: int) -> None:
    """Batches of 33 leave gaps in blocks, and the last one of an epoch is smaller."""
    text = "train {\n data digits()\n batch 33\n epochs 1\n optimizer adam(rate: 0.01)\n}\n"
    spec = spec_of(f"{NET}{text}")
    for folder, step in (("whole", None), ("cut", 7)):
        begun = start(spec, Wish(out=tmp_path / folder, threads=threads))
        assert isinstance(begun, Run)
        with suppress(KeyboardInterrupt):
            consume(begun, interrupt_at=step)
    resumed = resume(tmp_path / "cut", Wish(threads=threads))
    assert isinstance(resumed, Run)
    consume(resumed)
    ends = [(tmp_path / name / "last.safetensors").read_bytes() for name in ("whole", "cut")]
    assert ends[0] == ends[1]
