import itertools

import numpy as np
import pytest

from netc.kernels import layout
from netc.layers.global_pool import GlobalMaxPool
from netc.layers.l2_pool import L2Pool
from netc.layers.pool import AvgPool, MaxPool
from netc.layers.subsample import Subsample
from netc.types import Reject, Tensor
from tests.rules import Bench, engine_array, scattered_array


def caffe_size(side, kernel, stride, pad, rounding, *, any_pad):
    """The number of windows along an axis, as pooling_layer.cpp (Reshape) has it."""
    steps = (side + 2 * pad - kernel) / stride
    out = int(np.floor(steps) if rounding == "down" else np.ceil(steps)) + 1
    return out - 1 if any_pad and (out - 1) * stride >= side + pad else out


def windows(layer, shape):
    """For each output place: its part of the image, and how many places Caffe divides by."""
    pairs = list(zip(shape[1:], layer.kernel, layer.stride, layer.pad, strict=True))
    along = []
    for side, k, s, p in pairs:
        out = caffe_size(side, k, s, p, layer.round, any_pad=any(layer.pad))
        starts = [o * s - p for o in range(out)]
        along.append(
            [(slice(max(a, 0), min(a + k, side)), min(a + k, side + p) - a) for a in starts]
        )
    for place in np.ndindex(*map(len, along)):
        parts = [axis[i] for axis, i in zip(along, place, strict=True)]
        yield place, tuple(part for part, _ in parts), int(np.prod([size for _, size in parts]))


def drawn(kind, seed, **more):
    """A pooling that fits its input, and that input; None where the layer refuses."""
    rng = np.random.default_rng(seed)
    axes = int(rng.integers(1, 4))
    kernel, stride = (tuple(map(int, rng.integers(1, 5, axes))) for _ in range(2))
    pad = tuple(int(rng.integers(0, k)) for k in kernel)
    shape = (int(rng.integers(1, 4)), *map(int, rng.integers(3, (0, 9, 9, 6)[axes], axes)))
    layer = kind(kernel=kernel, stride=stride, pad=pad, round=("up", "down")[seed % 2], **more)
    try:
        layer.infer(Tensor(shape))
    except Reject:
        return None
    return layer, shape


def some(kind, count, **more):
    found = (drawn(kind, seed, **more) for seed in itertools.count())
    return list(itertools.islice((case for case in found if case), count))


@pytest.fixture(params=[engine_array, scattered_array], ids=["engine", "scattered"])
def new(request, monkeypatch):
    monkeypatch.setattr(layout, "_CHUNK", 50)
    return request.param


@pytest.mark.parametrize(("layer", "shape"), some(MaxPool, 40))
def test_max_pool_agrees_with_the_rule_of_caffe(layer, shape, new):
    bench = Bench(layer, Tensor(shape, "f64"), batch=3, new=new)
    x, dy = bench.arrays["x"], bench.arrays["dy"]
    np.round(x, 0, out=x)  # many ties
    y, dx = np.empty_like(dy), np.zeros_like(x)
    for place, part, _ in windows(layer, shape):
        for n, c in np.ndindex(x.shape[:2]):
            seen = x[(n, c, *part)]
            first = np.unravel_index(np.argmax(seen), seen.shape)
            y[(n, c, *place)] = seen[first]
            dx[(n, c, *part)][first] += dy[(n, c, *place)]
    np.testing.assert_array_equal(bench.forward(), y)
    np.testing.assert_allclose(bench.backward()["x"], dx, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("layer", "shape"), some(AvgPool, 40))
def test_avg_pool_agrees_with_the_rule_of_caffe(layer, shape, new):
    bench = Bench(layer, Tensor(shape, "f64"), batch=3, new=new)
    x, dy = bench.arrays["x"], bench.arrays["dy"]
    y, dx = np.empty_like(dy), np.zeros_like(x)
    every = slice(None), slice(None)
    for place, part, size in windows(layer, shape):
        y[(*every, *place)] = x[(*every, *part)].sum(axis=tuple(range(2, x.ndim))) / size
        share = dy[(*every, *place)] / size
        dx[(*every, *part)] += share.reshape(*share.shape, *(1,) * (x.ndim - 2))
    np.testing.assert_allclose(bench.forward(), y, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(bench.backward()["x"], dx, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("layer", "shape"), some(AvgPool, 20, count_pad=False))
def test_without_counted_padding_the_mean_of_ones_is_one(layer, shape):
    bench = Bench(layer, Tensor(shape, "f64"))
    bench.arrays["x"].fill(1)
    np.testing.assert_allclose(bench.forward(), 1, rtol=1e-15)


@pytest.mark.parametrize(("layer", "shape"), some(L2Pool, 30))
def test_l2_pool_is_the_length_of_each_window(layer, shape, new):
    bench = Bench(layer, Tensor(shape, "f64"), batch=3, new=new)
    x, dy = bench.arrays["x"], bench.arrays["dy"]
    y, dx = np.empty_like(dy), np.zeros_like(x)
    for place, part, _ in windows(layer, shape):
        for n, c in np.ndindex(x.shape[:2]):
            seen = x[(n, c, *part)]
            y[(n, c, *place)] = np.linalg.norm(seen.ravel())
            dx[(n, c, *part)] += dy[(n, c, *place)] * seen / y[(n, c, *place)]
    np.testing.assert_allclose(bench.forward(), y, rtol=1e-12)
    np.testing.assert_allclose(bench.backward()["x"], dx, rtol=1e-11, atol=1e-13)


def test_a_window_of_zeros_has_length_0_and_no_gradient():
    bench = Bench(L2Pool(2), Tensor((1, 2, 4), "f64"))
    bench.arrays["x"][..., :2] = 0
    assert bench.forward()[0, 0, 0, 0] == 0
    gradient = bench.backward()["x"]
    assert (gradient[..., :2] == 0).all()
    assert (gradient[..., 2:] != 0).all()


@pytest.mark.parametrize(("layer", "shape"), some(Subsample, 30))
def test_subsample_is_a_sum_with_a_coefficient_and_a_bias(layer, shape, new):
    bench = Bench(layer, Tensor(shape, "f64"), batch=3, new=new)
    x, dy, scale, bias = (bench.arrays[name] for name in ("x", "dy", "scale", "bias"))
    sums, dx = np.empty_like(dy), np.zeros_like(x)
    each = (-1, *(1,) * (x.ndim - 2))
    for place, part, _ in windows(layer, shape):
        sums[(..., *place)] = x[(..., *part)].sum(axis=tuple(range(2, x.ndim)))
        share = dy[(..., *place)] * scale
        dx[(..., *part)] += share.reshape(*share.shape, *(1,) * (x.ndim - 2))
    y = sums * scale.reshape(each) + bias.reshape(each)
    np.testing.assert_allclose(bench.forward(), y, rtol=1e-11, atol=1e-13)
    found, rest = bench.backward(), (0, *range(2, x.ndim))
    np.testing.assert_allclose(found["x"], dx, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(found["scale"], (dy * sums).sum(rest), rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(found["bias"], dy.sum(rest), rtol=1e-11, atol=1e-13)


def test_the_layers_s2_and_s4_of_lenet_5_learn_12_and_32_numbers():
    for channels, side, learned in ((6, 28, 12), (16, 10, 32)):
        x = Tensor((channels, side, side))
        layer = Subsample(2)
        assert layer.infer(x).shape == (channels, side // 2, side // 2)
        weights = layer.weights(x)
        assert list(weights) == ["scale", "bias"]
        assert sum(weight.shape[0] for weight in weights.values()) == learned
        assert layer.macs(x) == channels * (side // 2) ** 2


def test_subsample_starts_as_a_mean():
    weights = Subsample((3, 2)).weights(Tensor((2, 6, 6)))
    assert (weights["scale"].init.fill((2,), 6, 1, None) == 1 / 6).all()
    assert (weights["bias"].init.fill((2,), 6, 1, None) == 0).all()


def test_a_kernel_of_more_than_256_places_keeps_its_winner():
    bench = Bench(MaxPool(17), Tensor((1, 17, 17), "f64"))
    bench.arrays["x"][0, 0, 16, 15] = 9
    assert bench.forward()[0, 0, 0, 0] == 9
    np.testing.assert_array_equal(np.argmax(np.abs(bench.backward()["x"][0, 0])), 16 * 17 + 15)


@pytest.mark.parametrize("layer", [MaxPool(2), GlobalMaxPool()])
def test_what_is_not_a_number_is_not_hidden(layer):
    bench = Bench(layer, Tensor((1, 2, 2)))
    bench.arrays["x"][0, 0, 0, 1] = np.nan
    assert np.isnan(bench.forward()[0, 0, 0, 0])


@pytest.mark.parametrize(
    ("layer", "shape", "size"),
    [
        (MaxPool(3, stride=2), (64, 112, 112), (64, 56, 56)),
        (MaxPool(3, stride=2, pad=1, round="down"), (64, 112, 112), (64, 56, 56)),
        (MaxPool(3, stride=2), (16, 32, 32), (16, 16, 16)),
        (MaxPool(3, stride=2, round="down"), (16, 32, 32), (16, 15, 15)),
        (MaxPool(3), (16, 12, 12), (16, 4, 4)),
        (AvgPool(5, stride=3), (512, 14, 14), (512, 4, 4)),
        (MaxPool(3, stride=1, pad=1), (8, 7, 7), (8, 7, 7)),
        # padding along one axis also drops the empty window of the other
        (MaxPool((2, 2), stride=(3, 2), pad=(0, 1)), (1, 6, 5), (1, 2, 3)),
    ],
)
def test_sizes_of_known_networks(layer, shape, size):
    assert layer.infer(Tensor(shape)).shape == size


REJECTS = [
    (
        {"kernel": 5},
        (2, 4, 4),
        "kernel",
        "a 5x5 window does not fit in a 4x4 image",
        "set `pad` to at least 1",
    ),
    ({"kernel": 2, "pad": 2}, (2, 4, 4), "pad", "`pad` 2 is too wide", "`pad` to at most 1"),
    (
        {"kernel": 2, "stride": 3},
        (1, 6, 6),
        "stride",
        "the last window would lie wholly outside a 6x6 image",
        "set `round` to down, or `stride` to at most the kernel, 2x2",
    ),
    ({"kernel": (2, 2)}, (2, 8), "kernel", "`kernel` has 2 numbers", "the width"),
    (
        {"kernel": 2, "stride": (1, 2)},
        (2, 4, 4, 4),
        "stride",
        "`stride` has 2 numbers, but [2, 4, 4, 4] has 3 volume axes",
        "three: for depth, height and width",
    ),
    (
        {"kernel": (2, 5, 2)},
        (2, 4, 4, 4),
        "kernel",
        "a 2x5x2 window does not fit in a 4x4x4 volume",
        "`pad` to at least 1",
    ),
    ({"kernel": 2}, (8,), "x", "[8] is not an image", ""),
    ({"kernel": 2}, (1, 2, 3, 4, 5), "x", "[1, 2, 3, 4, 5] is not an image", ""),
]


@pytest.mark.parametrize("kind", [MaxPool, AvgPool, L2Pool, Subsample])
@pytest.mark.parametrize(("options", "shape", "culprit", "reason", "help"), REJECTS)
def test_what_cannot_work_is_refused_with_a_way_out(
    refused, kind, options, shape, culprit, reason, help
):
    refused(kind(**options), Tensor(shape), because=(culprit, reason, help))
