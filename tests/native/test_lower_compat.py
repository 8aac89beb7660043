"""Steps that repeat what ConvNetJS does give the numbers of the NumPy rules, and learn so."""

import numpy as np
import pytest

from netc.training import Learner, Network
from netc.training.optimizers import Adadelta, Adam, Optimizer
from tests.native.rooms import Rooms
from tests.native.steps import PHASES, assert_alike, types_by_numpy
from tests.nets import feed, graph_of

pytest.importorskip("llvmlite")

NET = """net n {
    input image [2, 9, 8]
    input label class(4)
    image -> conv(5, kernel: 3, pad: 1) -> relu -> max_pool(2, round: down, compat: convnetjs)
    lrn(size: 3, alpha: 0.4, compat: convnetjs) -> dropout(RATE, compat: convnetjs)
    dense(6) -> tanh(compat: convnetjs) -> channel_pool(2) -> quadratic
    scores = dense(4)
    loss svm_loss(scores, label)
    output y = softmax(scores)
}
"""


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("rate", ["0.3", "0"])
@pytest.mark.parametrize(("batch", "threads"), [(1, 1), (3, 2), (64, 2)])
def test_a_net_that_repeats_everything(
    phase: str, rate: str, batch: int, threads: int, rooms: Rooms
) -> None:
    graph = PHASES[phase](graph_of(NET.replace("RATE", rate)))
    assert_alike(graph, rooms, batch=batch, threads=threads, relative=1e-9)
    by_numpy = types_by_numpy(graph, batch=batch, threads=threads)
    assert not by_numpy & {"max_pool", "dropout", "tanh", "svm_loss"}


@pytest.mark.parametrize("phase", ["train", "test"])
def test_large_numbers_have_no_tanh_where_convnetjs_has_none(phase: str, rooms: Rooms) -> None:
    text = """net n {
    input x [40]
    input target [40]
    output y = x -> scale(init: constant(300)) -> tanh(compat: convnetjs)
    loss euclidean_loss(y, target)
}
"""
    assert_alike(PHASES[phase](graph_of(text)), rooms, batch=5, threads=1)


@pytest.mark.parametrize("rule", [Adam(compat="convnetjs"), Adadelta()], ids=str)
def test_both_engines_learn_the_same_and_count_examples(rule: Optimizer) -> None:
    graph, found = graph_of(NET.replace("RATE", "0.3")), []
    for name in ("cpu", "numpy"):
        network = Network(graph, seed=2, engine=name, dtype="f64")
        learner, engine = Learner(network, rule, seed=4), network.hold("train", 6)
        for step in range(4):
            for key, value in feed(graph, 6, step).items():
                engine.inputs[key][...] = value
            learner.learn(engine, rule.rate)
        found.append(network.store.flat_weights.copy())
    np.testing.assert_allclose(*found, rtol=1e-9, atol=1e-12)
