import numpy as np
import pytest

from netc.layers.dropout import Dropout, SpatialDropout
from netc.training import Network, predict
from netc.types import Reject, Tensor
from tests.nets import graph_of
from tests.rules import Bench, engine_array, scattered_array


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
    layer.forward(x, y, mask, np.random.default_rng(0), training=True)
    assert (rows == y).all()


def test_a_rate_next_to_one_stays_finite(run):
    assert np.isfinite(run(Dropout(0.9999999), np.ones((4, 1000))).y).all()


def test_dropout_does_something_only_in_training():
    assert Dropout().bypass("train") is None
    assert Dropout().bypass("test") == "x"
    assert Dropout(0.0).bypass("train") == "x"


def test_scaled_in_the_test_phase_training_keeps_values_and_the_test_takes_the_mean_network(run):
    layer = Dropout(0.3, scaling="test")
    ran = run(layer, np.ones((100, 20, 20)))
    assert set(np.unique(ran.y)) == {0, 1}
    assert ran.y.mean() == pytest.approx(0.7, abs=0.01)
    assert layer.bypass("test") is None
    bench = Bench(layer, Tensor((4, 5), "f64"), training=False)
    np.testing.assert_array_equal(bench.forward(), bench.arrays["x"] * 0.7)
    assert Dropout(0.0, scaling="test").bypass("test") == "x"


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_the_mean_network_gives_the_mean_of_many_networks(rate):
    text = f"net a {{\n input x [6]\n output y = dropout(x, {rate}, scaling: test) -> dense(2)\n}}"
    network, x = Network(graph_of(text), seed=1), np.arange(6, dtype=np.float32)[None]
    weight, bias = (network.store.weights[f"y.{name}"] for name in ("weight", "bias"))
    kept = np.random.default_rng(1).random((20000, 6)) >= rate
    expected = ((x * kept) @ weight.T + bias).mean(axis=0)
    np.testing.assert_allclose(predict(network, {"x": x})["y"][0], expected, rtol=0.1, atol=0.05)


@pytest.mark.parametrize("new", [engine_array, scattered_array], ids=["engine", "scattered"])
def test_spatial_dropout_drops_whole_channels(new):
    bench = Bench(SpatialDropout(0.25), Tensor((16, 5, 3), "f64"), batch=64, new=new)
    bench.arrays["x"].fill(1)
    y = bench.forward()
    np.testing.assert_array_equal(y, np.broadcast_to(y[:, :, :1, :1], y.shape))
    assert np.mean(y == 0) == pytest.approx(0.25, abs=0.05)
    np.testing.assert_allclose(y[y != 0], 4 / 3)
    bench.arrays["dy"].fill(2)
    np.testing.assert_array_equal(bench.backward()["x"], 2 * y)


def test_a_single_number_has_no_channels_to_drop():
    with pytest.raises(Reject, match="no channels to drop"):
        SpatialDropout().infer(Tensor(()))
