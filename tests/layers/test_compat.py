"""Layers that repeat what ConvNetJS does, against its loops written down one number at a time."""

import itertools

import numpy as np
import pytest

from netc.layers.activation import Tanh
from netc.layers.dropout import Dropout
from netc.layers.lrn import Lrn
from netc.layers.pool import MaxPool
from netc.types import NUMPY_DTYPES, Reject, Tensor
from tests.rules import Bench, engine_array, scattered_array

COMPAT = {"compat": "convnetjs"}


@pytest.mark.parametrize("scaling", ["training", "test"])
@pytest.mark.parametrize("rate", [0.0, 0.2, 0.7])
def test_dropout_multiplies_by_the_rate_once_it_is_trained(rate, scaling, run):
    layer = Dropout(rate, scaling=scaling, **COMPAT)
    bench = Bench(layer, Tensor((4, 5), "f64"), training=False)
    np.testing.assert_array_equal(bench.forward(), bench.arrays["x"] * rate)
    np.testing.assert_array_equal(bench.backward()["x"], bench.arrays["dy"] * rate)
    assert layer.bypass("test") is None
    assert set(np.unique(run(layer, np.ones((100, 20))).y)) <= {0, 1}
    assert layer.bypass("train") == (None if rate else "x")


@pytest.mark.parametrize("dtype", ["f32", "f64"])
def test_tanh_is_no_number_where_an_exponential_is_none(dtype):
    x = np.array([[-1e30, -400, -1, 0, 1e-9, 1, 354.89, 354.9, 400, np.inf, np.nan]])
    x = x.astype(NUMPY_DTYPES[dtype])
    with np.errstate(over="ignore", invalid="ignore"):
        doubled = np.exp(2 * x.astype(np.float64))
        wanted = (doubled - 1) / (doubled + 1)
    number = Tensor((x.size,), dtype)
    bench = Bench(Tanh(**COMPAT), number, batch=1)
    bench.put({"x": x})
    np.testing.assert_allclose(bench.forward(), wanted, rtol=1e-6, atol=1e-15)
    slopes = bench.backward()["x"] / bench.arrays["dy"]
    np.testing.assert_allclose(slopes, 1 - wanted**2, rtol=1e-4, atol=1e-15)
    bench = Bench(Tanh(), number, batch=1)
    bench.put({"x": x})
    np.testing.assert_array_equal(np.isnan(bench.forward()), np.isnan(x))


def gradient_of_lrn(layer, x, dy):
    """One line of channels, as convnet_layers_normalization.js goes through it."""
    reach, count = layer.size // 2, len(x)
    near = [range(max(0, i - reach), min(count - 1, i + reach) + 1) for i in range(count)]
    strength = [layer.k + layer.alpha / layer.size * sum(x[j] ** 2 for j in js) for js in near]
    dx = np.zeros(count)
    for i, j in [(own, other) for own in range(count) for other in near[own]]:
        g = -(x[j] ** 2) * layer.beta * strength[i] ** (layer.beta - 1) * layer.alpha / layer.size
        g *= 2
        if i == j:
            g += strength[i] ** layer.beta
        dx[j] += g / strength[i] ** (2 * layer.beta) * dy[i]
    return dx


@pytest.mark.parametrize("new", [engine_array, scattered_array], ids=["engine", "scattered"])
@pytest.mark.parametrize("beta", [0.75, 0.6])
@pytest.mark.parametrize("shape", [(7, 2, 3), (2, 4), (9, 1, 1)])
def test_lrn_has_its_wrong_gradient(shape, beta, new):
    layer = Lrn(size=5, alpha=0.8, beta=beta, k=1.5, **COMPAT)
    bench = Bench(layer, Tensor(shape, "f64"), threads=2, new=new)
    plain = Bench(Lrn(5, 0.8, beta, 1.5), Tensor(shape, "f64"))
    np.testing.assert_allclose(bench.forward(), plain.forward(), rtol=1e-12)
    dx, x, dy = bench.backward()["x"], bench.arrays["x"], bench.arrays["dy"]
    for n, *place in np.ndindex(len(x), *shape[1:]):
        at = (n, slice(None), *place)
        np.testing.assert_allclose(dx[at], gradient_of_lrn(layer, x[at], dy[at]), rtol=1e-10)
    assert not np.allclose(dx, plain.backward()["x"])


def test_convnetjs_has_no_lrn_over_the_image():
    with pytest.raises(Reject, match="all in other channels") as caught:
        Lrn(size=3, over="image", **COMPAT).infer(Tensor((2, 4, 4)))
    assert caught.value.culprit == "compat"


def pooled(x, dy, kernel, stride, pad):
    """One image of one channel, as convnet_layers_pool.js goes through it."""
    y, dx = np.empty(dy.shape), np.zeros(x.shape)
    for place in np.ndindex(*dy.shape):
        best, winner = -99999, None
        starts = [o * s - p for o, s, p in zip(place, stride, pad, strict=True)]
        # Columns are in the outer loop.
        for tap in itertools.product(*map(range, reversed(kernel))):
            at = tuple(a + t for a, t in zip(starts, reversed(tap), strict=True))
            inside = all(0 <= i < side for i, side in zip(at, x.shape, strict=True))
            if inside and x[at] > best:
                best, winner = x[at], at
        y[place] = best
        if winner:
            dx[winner] += dy[place]
    return y, dx


@pytest.mark.parametrize("seed", range(60))
def test_the_first_of_the_first_column_wins_in_max_pool(seed):
    rng = np.random.default_rng(seed)
    axes = 1 + seed % 2
    kernel, stride = (tuple(map(int, rng.integers(1, 4, axes))) for _ in range(2))
    pad = tuple(int(rng.integers(0, k)) for k in kernel)
    shape = (2, *map(int, rng.integers(4, 9, axes)))
    layer = MaxPool(kernel, stride, pad, "down", **COMPAT)
    new = [engine_array, scattered_array][seed // 2 % 2]
    bench = Bench(layer, Tensor(shape, "f64"), batch=3, new=new)
    numbers = [0, 1, -1, 2, -99998, -99999, -1e6, np.nan, -np.inf]
    bench.put({"x": rng.choice(numbers[: rng.integers(1, 10)], bench.arrays["x"].shape)})
    y, dx = bench.forward(), bench.backward()["x"]
    for example, channel in np.ndindex(*y.shape[:2]):
        at = (example, channel)
        wanted = pooled(bench.arrays["x"][at], bench.arrays["dy"][at], kernel, stride, pad)
        np.testing.assert_array_equal(y[at], wanted[0])
        np.testing.assert_allclose(dx[at], wanted[1], atol=1e-15)


def test_a_large_window_may_have_no_winner():
    bench = Bench(MaxPool(16, round="down", **COMPAT), Tensor((1, 17, 16), "f32"), batch=1)
    bench.arrays["x"].fill(-1e9)
    assert bench.forward().item() == -99999
    assert not bench.backward()["x"].any()
    bench.arrays["x"][0, 0, 15, 15] = -7
    assert bench.forward().item() == -7
    assert np.argwhere(bench.backward()["x"]).tolist() == [[0, 0, 15, 15]]
