import numpy as np
import pytest

from netc.layers.dropout import Dropout


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_drops_at_its_rate_and_keeps_the_mean(rate, run):
    ran = run(Dropout(rate), np.ones((100, 20, 20)))
    dropped = np.mean(ran.y == 0)
    assert dropped == pytest.approx(rate, abs=0.01)
    np.testing.assert_allclose(ran.y[ran.y != 0], 1 / (1 - rate), rtol=1e-4)
    assert ran.y.mean() == pytest.approx(1, abs=0.05)


def test_the_gradient_passes_where_the_value_did(run):
    ran = run(Dropout(0.5), np.ones((8, 30)), dy=3.0)
    np.testing.assert_array_equal(ran.gradients["dx"], 3 * ran.y)


def test_the_same_seed_drops_the_same_values(run):
    first, again, other = (run(Dropout(), np.ones((5, 7)), rng=seed).y for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_the_mask_does_not_depend_on_the_memory_layout(run):
    x, layer = np.ones((6, 3, 4)), Dropout()
    rows = run(layer, x).y
    mask = np.moveaxis(np.empty((3, 4, 6), "u1"), -1, 0)
    y = np.moveaxis(np.empty((3, 4, 6)), -1, 0)
    layer.forward(x, y, mask, np.random.default_rng(0))
    assert (rows == y).all()


def test_a_rate_next_to_one_stays_finite(run):
    assert np.isfinite(run(Dropout(0.9999999), np.ones((4, 1000))).y).all()


def test_dropout_does_something_only_in_training():
    assert Dropout().bypass("train") is None
    assert Dropout().bypass("test") == "x"
    assert Dropout(0.0).bypass("train") == "x"
