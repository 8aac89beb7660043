"""Gradients that are longer than `clip_norm` allows are shortened, and no others."""

import numpy as np
import pytest

from netc.engines import Group
from netc.training import Network, Stepped, check_settings
from netc.training.clip import Clipper
from netc.training.learner import Learner
from netc.training.optimizers import Sgd
from netc.training.updater import Updater
from tests.training.small import NET, TRAIN, consume, graph_of, ready, section, spec_of

CLIPPED = NET + TRAIN.replace("seed      3", "seed 3\n clip_norm 0.05")


def learning(start, stop, rate=1.0):
    return Group(start, stop, rate, decay=1.0)


def clipped(gradients, bound, groups=None):
    gradients = np.array(gradients, np.float32)
    Clipper(gradients, groups or [learning(0, len(gradients))], bound).apply()
    return gradients


def test_gradients_are_shortened_to_the_bound_and_keep_their_direction():
    np.testing.assert_allclose(clipped([3, 0, -4], 2.5), [1.5, 0, -2])


def test_short_gradients_stay_as_they_are():
    assert clipped([3, 0, -4], 5.0).tolist() == [3, 0, -4]


def test_the_norm_is_that_of_all_gradients_that_learn():
    groups = [learning(0, 1), learning(1, 2, rate=0.0), learning(2, 3, rate=0.1)]
    assert clipped([3, 100, 4], 2.5, groups).tolist() == [1.5, 100, 2]


def test_a_norm_beyond_float32_is_no_overflow():
    np.testing.assert_allclose(clipped([3e30, 4e30], 10.0), [6, 8], rtol=1e-6)


def test_many_blocks_make_one_norm():
    count = (1 << 17) + 5
    found = clipped(np.ones(count), 1.0).astype(np.float64)
    np.testing.assert_allclose(np.sqrt(np.vdot(found, found)), 1, rtol=1e-5)


def test_gradients_that_are_no_numbers_are_not_hidden():
    assert np.isnan(clipped([np.nan, 1], 0.5)).tolist() == [True, False]


def test_decay_and_rate_come_after_the_bound_as_in_caffe():
    weights, gradients = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    decayed = Sgd(rate=1.0, decay=0.1)
    Updater(decayed, weights, gradients, [learning(0, 2)], clip=2.5).step(0.5, 1)
    np.testing.assert_allclose(weights, [1 - 0.5 * (1.5 + 0.1), 2 - 0.5 * (2 + 0.2)])


def test_a_step_of_plain_descent_is_no_longer_than_the_bound():
    network = Network(graph_of(), seed=3)
    learner = Learner(network, Sgd(rate=1.0), seed=3, clip=0.01)
    engine = network.hold("train", 20)
    rng = np.random.default_rng(1)
    engine.inputs["image"][...] = rng.normal(size=(20, 1, 8, 8))
    engine.inputs["label"][...] = rng.integers(0, 10, 20)
    before = network.store.flat_weights.copy()
    learner.learn(engine, 1.0)
    assert np.linalg.norm(network.store.flat_weights - before) == pytest.approx(0.01, rel=1e-3)


def test_a_run_with_a_bound_takes_it_from_the_spec_and_repeats_bit_for_bit(tmp_path):
    runs = [consume(ready(tmp_path / name, CLIPPED)) for name in ("a", "b")]
    first, second = ([e.loss for e in run if isinstance(e, Stepped)] for run in runs)
    assert first == second
    free = [e.loss for e in consume(ready(tmp_path / "c")) if isinstance(e, Stepped)]
    assert first[0] == free[0]
    assert first[5] != free[5]
    assert "clip_norm  0.05" in (tmp_path / "a" / "spec.net").read_text()


def test_a_bound_of_zero_is_refused():
    (problem,) = check_settings(section("data digits()", "clip_norm 0"), graph_of()).problems
    assert "above 0" in problem.diagnostic().message + str(problem.diagnostic())
    assert check_settings(spec_of(CLIPPED), graph_of()).settings.clip_norm == 0.05
