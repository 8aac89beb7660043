"""`max_norm` holds the weights of every unit to a length, after every step and exactly so."""

import re
from contextlib import suppress

import numpy as np
import pytest

from netc.diag import render
from netc.engines import Limit
from netc.ir import build
from netc.training import Learner, Network, check_settings
from netc.training.folder import RunFolder
from netc.training.limits import Limiter
from tests.nets import feed, graph_of
from tests.training.small import NET, TRAIN, consume, ready, resumed, section, spec_of

HELD = """net held {
    input image [4, 7, 6]
    input label class(5)
    conv_a = conv(6, kernel: 3, groups: 2, max_norm: 0.4) -> relu
    conv_b = conv(6, kernel: [2, 1], max_norm: 0.9, bias: false) -> batch_norm -> relu
    up = deconv(4, kernel: 2, groups: 2, max_norm: 0.6) -> relu
    turned = dense(7, transposed: true, max_norm: 0.7) -> tanh
    free = dense(8)
    still = dense(9, max_norm: 0.1, rate: 0) -> tanh
    last = dense(5, max_norm: 0.5, rate: 2)
    loss softmax_loss(last, label)
}
"""
NORMS = {
    "conv_a.weight": 0.4,
    "conv_b.weight": 0.9,
    "up.weight": 0.6,
    "turned.weight": 0.7,
    "last.weight": 0.5,
}
OPTIMIZERS = (
    "sgd(0.5)",
    "sgd(0.2, momentum: 0.9, decay: 0.01)",
    "adam(0.05)",
    "rmsprop",
    "adagrad",
)


def learner_of(text, optimizer):
    graph = graph_of(text)
    settings = check_settings(section(f"optimizer {optimizer}"), graph).settings
    return Learner(Network(graph, seed=2, dtype="f64"), settings.optimizer, seed=1)


def learn(learner, step):
    engine = learner.network.hold("train", 6)
    for name, array in feed(learner.network.graph, 6, seed=step).items():
        engine.inputs[name][...] = array
    return learner.learn(engine, learner.optimizer.rate).loss


def rows(name, weight):
    """A view for each unit or filter: all the numbers that go into it."""
    if name == "up.weight":
        return [weight[g : g + 3, f] for g in (0, 3) for f in range(2)]
    return list(weight.T if name == "turned.weight" else weight)


def lengths(rows):
    return np.array([np.sqrt((row**2).sum()) for row in rows])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_weights_move_as_by_the_rule_of_the_paper(optimizer):
    held = learner_of(HELD, optimizer)
    plain = learner_of(re.sub(r",? max_norm: [0-9.]+", "", HELD), optimizer)
    assert plain.network.store.limits == ()
    shortened = 0
    for step in range(8):
        assert learn(held, step) == pytest.approx(learn(plain, step), rel=1e-9)
        weights = plain.network.store.weights
        for name in NORMS:
            for row in rows(name, weights[name]):
                length = np.sqrt((row**2).sum())
                if length > NORMS[name]:
                    row *= NORMS[name] / length
                    shortened += 1
        for name, weight in held.network.store.weights.items():
            np.testing.assert_allclose(weight, weights[name], rtol=1e-9, atol=1e-13, err_msg=name)
            if name in NORMS:
                assert lengths(rows(name, weight)).max() <= NORMS[name] * (1 + 1e-12)
    assert shortened > 8


def test_biases_and_frozen_weights_are_as_long_as_they_like():
    learner = learner_of(HELD, "sgd(2)")
    before = learner.network.store.weights["still.weight"].copy()
    learn(learner, 0)
    weights = learner.network.store.weights
    np.testing.assert_array_equal(weights["still.weight"], before)
    assert lengths(before).min() > 0.1
    limits = {limit.rows.shape: limit.norm for limit in learner.network.store.limits}
    assert limits == {
        (6, 1, 18): 0.4,
        (6, 1, 12): 0.9,
        (2, 2, 3, 4): 0.6,
        (1, 7, 100, 1): 0.7,
        (5, 1, 9): 0.5,
    }


def test_a_limit_works_on_the_weights_themselves():
    store = Network(graph_of(HELD), seed=1).store
    assert all(np.shares_memory(limit.rows, store.flat_weights) for limit in store.limits)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_that_are_short_enough_keep_every_bit(dtype):
    rows = np.random.default_rng(1).normal(size=(40, 1, 7)).astype(dtype)
    before, norm = rows.copy(), float(np.median(lengths(rows)))
    Limiter(Limit(rows, norm)).apply()
    short = lengths(before) <= norm * (1 - 1e-6)
    assert 0 < short.sum() < 40
    np.testing.assert_array_equal(rows[short], before[short])
    np.testing.assert_allclose(lengths(rows[~short]), norm, rtol=1e-6)


def test_what_has_no_length_stays_so_that_the_loss_tells_of_it():
    rows = np.array([[1e30, 1.0], [np.nan, 1.0], [3.0, 4.0]], np.float32)
    before = rows.copy()
    Limiter(Limit(rows[:, None], 1.0)).apply()
    np.testing.assert_array_equal(rows[:2], before[:2])
    np.testing.assert_allclose(rows[2], [0.6, 0.8], rtol=1e-6)


@pytest.mark.parametrize("step", [1, 9, 16])
def test_a_stopped_run_with_a_limit_goes_on_bit_for_bit(tmp_path, step):
    text = (NET + TRAIN).replace("dense(10)", "dense(10, max_norm: 0.3)")
    text = text.replace("kernel: 3)", "kernel: 3, max_norm: 0.5)")
    consume(ready(tmp_path / "whole", text))
    with suppress(KeyboardInterrupt):
        consume(ready(tmp_path / "cut", text), interrupt_at=step)
    consume(resumed(tmp_path / "cut"))
    whole, cut = (RunFolder(tmp_path / name).last.read_bytes() for name in ("whole", "cut"))
    assert whole == cut


@pytest.mark.parametrize(
    ("layer", "slug", "reason"),
    [
        ("batch_norm(max_norm: 3)", "bad-shape", "no unit that several weights go into"),
        ("dense(3, max_norm: 0)", "bad-value", "above 0"),
        ("relu(max_norm: 3)", "unknown-option", "max_norm"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(layer, slug, reason):
    problem, *_ = build(spec_of(f"net a {{\n input x [4]\n output {layer}\n}}\n")).problems
    assert problem.slug == slug
    assert reason in render(problem.diagnostic())
