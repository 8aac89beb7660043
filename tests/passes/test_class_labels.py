"""Labels that a layer makes are read by others; no gradient flows through them."""

import numpy as np
import pytest

from netc.engines import CpuEngine, Store
from netc.passes import for_training
from netc.plan import plan
from tests.nets import graph_of

NET = """net chosen {
    input x [6]
    input label class(4)
    scores = dense(x, 4)
    best = argmax(scores)
    next = embed(best, 5) -> dense(4)
    loss softmax_loss(next, label)
    loss softmax_loss(scores, best)
    metric accuracy(negate(next), label)
    output best
}
"""


def run(x: np.ndarray, label: np.ndarray) -> tuple[Store, CpuEngine]:
    graph = for_training(graph_of(NET))
    store = Store.fresh(graph, seed=1, dtype="f64")
    engine = CpuEngine(plan(graph, batch=len(x), dtype="f64"), store)
    engine.inputs["x"][...], engine.inputs["label"][...] = x, label
    engine.run()
    return store, engine


def test_weights_on_both_sides_of_a_choice_learn() -> None:
    rng = np.random.default_rng(0)
    x, label = rng.normal(size=(8, 6)), rng.integers(0, 4, 8)
    store, _ = run(x, label)
    scores = x @ store.weights["scores.weight"].T + store.weights["scores.bias"]
    prob = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    best = scores.argmax(axis=1)
    expected = (prob - np.eye(4)[best]).mean(axis=0)
    np.testing.assert_allclose(store.gradients["scores.bias"], expected)
    chosen = np.isin(np.arange(4), best)
    assert (np.abs(store.gradients["next.weight"]).max(axis=1) > 0).tolist() == chosen.tolist()


def test_a_metric_of_distances_counts_the_least() -> None:
    rng = np.random.default_rng(1)
    label = rng.integers(0, 4, 50)
    store, engine = run(rng.normal(size=(50, 6)), label)
    best = [int(np.argmax(row)) for row in run_scores(store, engine)]
    rows = store.weights["next.weight"][best]
    last = rows @ store.weights["dense_1.weight"].T + store.weights["dense_1.bias"]
    assert engine.value("accuracy") == pytest.approx((last.argmin(axis=1) == label).mean())


def run_scores(store: Store, engine: CpuEngine) -> np.ndarray:
    x = np.array(engine.inputs["x"])
    return x @ store.weights["scores.weight"].T + store.weights["scores.bias"]
