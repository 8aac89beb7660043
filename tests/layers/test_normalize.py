import numpy as np
import pytest

from netc.kernels import layout
from netc.layers.batch_norm import BatchNorm
from netc.layers.lrn import Lrn
from netc.types import Reject, Tensor
from tests.rules import Bench, engine_array, scattered_array


@pytest.fixture(params=[engine_array, scattered_array], ids=["engine", "scattered"])
def new(request, monkeypatch):
    monkeypatch.setattr(layout, "_CHUNK", 20)
    return request.param


def test_batch_norm_gives_each_channel_mean_shift_and_deviation_scale(new):
    bench = Bench(BatchNorm(epsilon=1e-12), Tensor((4, 3, 5), "f64"), batch=6, new=new)
    bench.arrays["x"] *= 7
    bench.arrays["x"] += 100
    y = bench.forward()
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), bench.arrays["shift"], atol=1e-11)
    np.testing.assert_allclose(y.std(axis=(0, 2, 3)), np.abs(bench.arrays["scale"]), rtol=1e-9)


def test_running_statistics_move_towards_the_batch_by_what_momentum_leaves(new):
    bench = Bench(BatchNorm(momentum=0.75), Tensor((3, 2), "f64"), batch=5, new=new)
    x = bench.arrays["x"]
    bench.forward()
    np.testing.assert_allclose(bench.arrays["mean"], 0.25 * x.mean(axis=(0, 2)))
    unbiased = x.var(axis=(0, 2), ddof=1)
    np.testing.assert_allclose(bench.arrays["var"], 0.75 + 0.25 * unbiased)


def test_in_the_test_phase_the_running_statistics_are_used_and_stay(new):
    bench = Bench(BatchNorm(), Tensor((3, 2), "f64"), batch=5, training=False, new=new)
    bench.put({"mean": np.array([1.0, 2, 3]), "var": np.array([4.0, 9, 16])})
    a = bench.arrays
    mean, std = np.array([1.0, 2, 3])[:, None], np.array([2.0, 3, 4])[:, None]
    expected = (a["x"] - mean) / std * a["scale"][:, None] + a["shift"][:, None]
    np.testing.assert_allclose(bench.forward(), expected, rtol=1e-4)
    np.testing.assert_array_equal(a["mean"], [1, 2, 3])
    np.testing.assert_array_equal(a["var"], [4, 9, 16])


def test_a_frozen_batch_norm_trains_with_the_running_statistics_and_keeps_them(new):
    frozen = Bench(BatchNorm(frozen=True), Tensor((3, 2), "f64"), batch=5, new=new)
    tested = Bench(BatchNorm(), Tensor((3, 2), "f64"), batch=5, training=False, new=new)
    known = {"mean": np.array([1.0, 2, 3]), "var": np.array([4.0, 9, 16])}
    frozen.put(known)
    tested.put(known)
    np.testing.assert_array_equal(frozen.forward(), tested.forward())
    np.testing.assert_array_equal(frozen.arrays["mean"], [1, 2, 3])
    assert BatchNorm(frozen=True).of_batch() is None
    gradients = tested.backward()
    for name, gradient in frozen.backward().items():
        np.testing.assert_array_equal(gradient, gradients[name])


def test_the_states_of_a_batch_are_its_statistics_to_the_bit(new):
    of_batch = BatchNorm(momentum=0.99).of_batch()
    bench = Bench(of_batch, Tensor((3, 2), "f64"), batch=5, new=new)
    bench.put({"mean": np.zeros(3), "var": np.zeros(3)})
    bench.forward()
    np.testing.assert_array_equal(bench.arrays["mean"], bench.arrays["center"])
    unbiased = bench.arrays["x"].var(axis=(0, 2), ddof=1)
    np.testing.assert_allclose(bench.arrays["var"], unbiased, rtol=1e-13)


def test_a_single_number_in_a_channel_is_normalized_to_the_shift():
    bench = Bench(BatchNorm(), Tensor((3,), "f64"), batch=1)
    np.testing.assert_array_equal(bench.forward()[0], bench.arrays["shift"])
    assert np.isfinite(bench.arrays["var"]).all()


def test_float32_statistics_survive_a_large_mean():
    bench = Bench(BatchNorm(scale=False, shift=False), Tensor((1, 64, 64)), batch=32)
    bench.arrays["x"] += 1000
    assert abs(bench.forward().std() - 1) < 1e-3


@pytest.mark.parametrize(("scale", "shift"), [(True, False), (False, True), (False, False)])
def test_weights_are_there_only_where_asked_for(scale, shift):
    weights = BatchNorm(scale=scale, shift=shift).weights(Tensor((3, 4)))
    assert list(weights) == ["scale"] * scale + ["shift"] * shift


@pytest.mark.parametrize("size", [1, 3, 5, 9])
@pytest.mark.parametrize("beta", [0.75, 0.5])
@pytest.mark.parametrize("threads", [1, 2])
def test_lrn_agrees_with_the_formula(size, beta, threads, new):
    layer = Lrn(size=size, alpha=0.7, beta=beta, k=2.0)
    bench = Bench(layer, Tensor((6, 3, 4), "f64"), new=new, threads=threads)
    x = bench.arrays["x"]
    expected = np.empty_like(x)
    for c in range(6):
        near = x[:, max(0, c - size // 2) : c + size // 2 + 1]
        base = 2.0 + 0.7 / size * (near**2).sum(axis=1)
        expected[:, c] = x[:, c] * base**-beta
    np.testing.assert_allclose(bench.forward(), expected, rtol=1e-12)


@pytest.mark.parametrize("size", [1, 3, 5, 9])
@pytest.mark.parametrize("shape", [(2, 4, 6), (3, 7)])
@pytest.mark.parametrize("threads", [1, 2])
def test_lrn_over_the_image_agrees_with_the_formula(size, shape, threads, new):
    layer = Lrn(size=size, alpha=0.7, beta=0.6, k=2.0, over="image")
    bench = Bench(layer, Tensor(shape, "f64"), new=new, threads=threads)
    x, far = bench.arrays["x"], size // 2
    axes = len(shape) - 1
    padded = np.pad(x**2, [(0, 0), (0, 0), *[(far, far)] * axes])
    windows = np.lib.stride_tricks.sliding_window_view(
        padded, (size,) * axes, axis=tuple(range(2, 2 + axes))
    )
    base = 2.0 + 0.7 / size**axes * windows.sum(axis=tuple(range(-axes, 0)))
    np.testing.assert_allclose(bench.forward(), x * base**-0.6, rtol=1e-12)


@pytest.mark.parametrize(("over", "what"), [("channels", "channels"), ("image", "places")])
def test_an_even_lrn_window_is_refused_with_the_odd_sizes_beside_it(over, what):
    with pytest.raises(Reject) as refused:
        Lrn(size=4, over=over).infer(Tensor((6, 3, 4)))
    assert refused.value.culprit == "size"
    assert refused.value.reason == f"a window of 4 {what} has no middle"
    assert refused.value.help == "set `size` to 3 or 5"
