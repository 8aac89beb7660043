"""The engine: right gradients of whole nets, the same bits each time, weights that are shared."""

import warnings
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from netc import passes
from netc.engines import CpuEngine, Store, ThreadPool
from netc.engines.cpu import Bound
from netc.engines.share import share_channels
from netc.plan import Step, plan
from tests.nets import CONVNET, MLP, TANGLE, engine_of, feed, graph_of, run


def weighted_loss(engine: CpuEngine) -> float:
    losses = engine.plan.graph.losses
    return sum(float(engine.value(loss.value)) * loss.weight for loss in losses)


@pytest.mark.parametrize("text", [CONVNET, MLP, TANGLE])
def test_the_gradient_of_a_whole_net_agrees_with_differences(text: str) -> None:
    graph = passes.for_training(graph_of(text))
    store = Store.fresh(graph, seed=3, dtype="f64")
    engine = engine_of(graph, batch=4, store=store, dtype="f64")
    fed = feed(graph, 4)
    run(engine, fed)
    gradient = store.flat_gradients.copy()
    rng = np.random.default_rng(0)
    learning = [i for g in store.groups if g.rate for i in range(g.start, g.stop)]
    for index in rng.choice(learning, 40, replace=False):
        before, ends = store.flat_weights[index], []
        for value in (before + 1e-6, before - 1e-6):
            store.flat_weights[index] = value
            run(engine, fed)
            ends.append(weighted_loss(engine))
        store.flat_weights[index] = before
        difference = (ends[0] - ends[1]) / 2e-6
        assert gradient[index] == pytest.approx(difference, rel=2e-5, abs=1e-8)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_same_seed_same_bits(threads: int) -> None:
    graph = passes.for_training(graph_of(CONVNET))
    gradients = []
    for _ in range(2):
        store = Store.fresh(graph, seed=3)
        run(engine_of(graph, batch=900, store=store, threads=threads), feed(graph, 900))
        gradients.append(store.flat_gradients.copy())
    assert np.array_equal(*gradients)


def test_another_seed_drops_other_values() -> None:
    graph = passes.for_training(graph_of(MLP))
    engine = engine_of(graph, batch=8)
    losses = []
    for seed in (1, 2, 1):
        run(engine, feed(graph, 8), seed)
        losses.append(weighted_loss(engine))
    assert losses[0] == losses[2] != losses[1]


def test_threads_change_nothing_but_rounding() -> None:
    graph = passes.for_training(graph_of(CONVNET))
    found = []
    for threads in (1, 2):
        store = Store.fresh(graph, seed=3)
        run(engine_of(graph, batch=1700, store=store, threads=threads), feed(graph, 1700))
        found.append(store.flat_gradients.copy())
    np.testing.assert_allclose(*found, rtol=1e-3, atol=1e-5)


def test_one_store_serves_engines_of_several_batch_sizes() -> None:
    graph = graph_of(MLP)
    store = Store.fresh(graph, seed=3)
    testing = passes.for_testing(graph)
    big, small = (CpuEngine(plan(testing, batch=n), store) for n in (6, 2))
    fed = feed(testing, 6)
    run(big, fed)
    run(small, {name: array[4:] for name, array in fed.items()})
    np.testing.assert_allclose(big.value("y")[4:], small.value("y"), rtol=1e-6)


def test_a_frozen_layer_gets_no_gradient() -> None:
    text = MLP.replace("dense(8)", "dense(8, rate: 0)")
    graph = passes.for_training(graph_of(text))
    assert "h.weight" not in graph.gradients
    assert "y.weight" in graph.gradients


def test_the_first_weights_of_a_layer_do_not_depend_on_the_others() -> None:
    longer = MLP.replace("y = dense(3)", "dense(9)\n    y = dense(3)")
    a, b = (Store.fresh(graph_of(text), seed=3).weights for text in (MLP, longer))
    assert np.array_equal(a["h.weight"], b["h.weight"])


def test_groups_cover_the_weights_and_leave_biases_without_decay() -> None:
    store = Store.fresh(graph_of(MLP), seed=3)
    assert [g.decay for g in store.groups] == [0.0, 1.0]
    assert store.groups[0].stop == 8 + 3 + 3
    assert store.groups[-1].stop == len(store.flat_weights)


def test_a_kernel_stands_in_for_the_rule_of_a_step() -> None:
    graph = passes.for_inference(graph_of("net k {\n input x [4]\n output relu -> tanh\n}"))

    def kernels(step: Step, arrays: Bound) -> Callable[[], None] | None:
        y = arrays["y"]
        assert isinstance(y, np.ndarray)
        return partial(y.fill, 7) if step.node.name == "relu_1" else None

    engine = CpuEngine(plan(graph, batch=2), Store.fresh(graph), kernels=kernels)
    run(engine, feed(graph, 2))
    np.testing.assert_allclose(engine.value(graph.outputs[0]), np.tanh(7), rtol=1e-6)


def test_channels_are_shared_only_where_every_array_has_them() -> None:
    large, other = np.zeros((64, 8, 32, 64)), np.zeros((64, 3))

    def fill(xs: list[np.ndarray], y: np.ndarray) -> None:
        y[...] = sum(xs) + 1

    shared = share_channels(fill, {"xs": [large, large], "y": large}, ThreadPool(2))
    assert shared is not None
    shared()
    assert (large == 1).all()
    assert share_channels(fill, {"xs": [large, other], "y": large}, ThreadPool(2)) is None


def test_an_exception_in_a_thread_reaches_the_caller() -> None:
    pool = ThreadPool(3)

    def work(t: int) -> None:
        if t == 2:
            raise ValueError("in thread 2")

    with pytest.raises(ValueError, match="in thread 2"):
        pool.each(work)
    done: list[int] = []
    pool.each(done.append)
    assert sorted(done) == [0, 1, 2]


def test_threads_warn_only_where_the_caller_would() -> None:
    pool = ThreadPool(2)
    with np.errstate(divide="ignore"):
        pool.each(lambda t: np.ones(3) / np.zeros(3))
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        pool.each(lambda t: np.ones(3) / np.zeros(3) if t else None)


@pytest.mark.parametrize("threads", [1, 2])
def test_numbers_that_overflow_are_no_warning(threads: int) -> None:
    graph = passes.for_training(graph_of(MLP))
    engine = engine_of(graph, batch=3, threads=threads)
    fed = feed(graph, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(engine, {**fed, "x": fed["x"] * 1e37})
    assert not np.isfinite(engine.value("euclidean_loss"))
