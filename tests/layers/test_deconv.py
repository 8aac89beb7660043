from pathlib import Path

import numpy as np
import pytest

from netc.layers import INITIALIZERS
from netc.layers.conv import Conv
from netc.layers.deconv import Deconv
from netc.layers.dense import Dense
from netc.layers.learning import Learning
from netc.sizes import Size
from netc.types import Reject, Tensor
from tests.rules import Bench

CAFFE = Path(__file__).parents[1] / "data" / "caffe" / "values.npz"


def plain(x, weight, bias, dy, deconv):
    """y, dx and dweight one input place at a time, as the formula in the manual has it."""
    sides, pad = dy.shape[2:], deconv.pad
    shape = (*dy.shape[:2], *(s + 2 * p for s, p in zip(sides, pad, strict=True)))
    y, dpadded, dx, dweight = np.zeros(shape), np.zeros(shape), np.empty_like(x), weight * 0
    inside = (..., *(slice(p, p + s) for p, s in zip(pad, sides, strict=True)))
    dpadded[inside] = dy
    groups, parts = deconv.groups, weight.shape[1]
    fan = x.shape[1] // groups
    for g in range(groups):
        c, f = slice(g * fan, (g + 1) * fan), slice(g * parts, (g + 1) * parts)
        for place in np.ndindex(x.shape[2:]):
            window = tuple(
                slice(i * s, i * s + d * (k - 1) + 1, d)
                for i, s, d, k in zip(
                    place, deconv.stride, deconv.dilation, weight.shape[2:], strict=True
                )
            )
            there, here = (slice(None), f, *window), (slice(None), c, *place)
            y[there] += np.tensordot(x[here], weight[c], 1)
            axes = range(1, weight.ndim)
            dx[here] = np.tensordot(dpadded[there], weight[c], (axes, axes))
            dweight[c] += np.tensordot(x[here], dpadded[there], ([0], [0]))
    return y[inside] + bias.reshape(-1, *(1,) * len(pad)), dx, dweight


def drawn(rng):
    """A transposed convolution and an input that it takes."""
    axes = int(rng.integers(1, 4))
    groups = int(rng.integers(1, 4))
    kernel, stride, dilation = (tuple(map(int, rng.integers(1, 4, axes))) for _ in range(3))
    more = tuple(int(rng.integers(0, s)) for s in stride)
    sides = tuple(map(int, rng.integers(1, 6 if axes < 3 else 4, axes)))
    whole = [
        (side - 1) * s + d * (k - 1) + m
        for side, s, d, k, m in zip(sides, stride, dilation, kernel, more, strict=True)
    ]
    pad = tuple(int(rng.integers(0, min(3, w // 2) + 1)) for w in whole)
    deconv = Deconv(
        filters=groups * int(rng.integers(1, 4)),
        kernel=kernel,
        stride=stride,
        pad=pad,
        output_pad=more,
        dilation=dilation,
        groups=groups,
    )
    return deconv, (groups * int(rng.integers(1, 4)), *sides)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("dtype", ["f32", "f64"])
def test_kernels_agree_with_the_formula(seeded_bench, seed, dtype):
    rng = np.random.default_rng(seed)
    deconv, shape = drawn(rng)
    bench = seeded_bench(deconv, Tensor(shape, dtype), seed, rng)
    a = bench.arrays
    y, dx, dweight = plain(a["x"], a["weight"], a["bias"], a["dy"], deconv)
    tolerance = {"f32": 1e-3, "f64": 1e-11}[dtype]
    np.testing.assert_allclose(bench.forward(), y, rtol=tolerance, atol=tolerance)
    found = bench.backward()
    np.testing.assert_allclose(found["x"], dx, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(found["weight"], dweight, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("seed", range(20))
def test_conv_with_the_same_options_takes_the_size_back(seed):
    deconv, shape = drawn(np.random.default_rng(seed))
    back = Conv(shape[0], deconv.kernel, deconv.stride, deconv.pad, deconv.dilation, deconv.groups)
    y = deconv.infer(Tensor(shape))
    assert back.infer(y) == Tensor(shape)
    assert back.weights(y)["weight"].shape == deconv.weights(Tensor(shape))["weight"].shape


def test_shapes_of_open_sizes_are_formulas():
    h, w = Size.symbol("h"), Size.symbol("w")
    deconv = Deconv(2, 4, stride=2, pad=1)
    assert str(deconv.infer(Tensor((3, h, w)))) == "[2, 2 * h, 2 * w]"


def test_macs_are_those_of_the_convolution_it_turns_round():
    x = Tensor((16, 7, 7))
    deconv, conv = Deconv(8, 4, stride=2, pad=1), Conv(16, 4, stride=2, pad=1)
    assert deconv.macs(x) == conv.macs(deconv.infer(x)) == 16 * 8 * 16 * 49


def test_fans_count_what_meets_at_a_place():
    weight = Deconv(6, 4, stride=2, groups=2).weights(Tensor((8, 5, 5)))["weight"]
    assert (weight.shape, weight.fan_in, weight.fan_out) == ((8, 3, 4, 4), 4 * 4, 3 * 16)


REJECTS = [
    (
        {"stride": 2, "output_pad": 2},
        (3, 4, 4),
        "output_pad",
        "`output_pad` 2 is not below `stride` 2",
        "set it to at most 1",
    ),
    (
        {"stride": (2, 1), "output_pad": (0, 1)},
        (3, 4, 4),
        "output_pad",
        "`output_pad` 1 is not below `stride` 1",
        "leave it out",
    ),
    (
        {"pad": 2},
        (3, 2, 2),
        "pad",
        "`pad` 2x2 cuts off all that a 3x3 kernel makes of a 2x2 image",
        "a smaller `pad`",
    ),
    ({"output_pad": (0, 0, 0)}, (3, 2, 2), "output_pad", "has 3 numbers", "height and width"),
    ({"kernel": (3, 3)}, (3, 2, 2, 2), "kernel", "3 volume axes", "depth, height and width"),
    ({"groups": 2}, (3, 2, 2), "groups", "3 input channels cannot be cut into 2", "1"),
    ({}, (3,), "x", "[3] is not an image", ""),
]


@pytest.mark.parametrize(("options", "shape", "culprit", "reason", "help"), REJECTS)
def test_what_cannot_work_is_refused_with_a_way_out(refused, options, shape, culprit, reason, help):
    refused(
        Deconv(**{"filters": 4, "kernel": 3, **options}),
        Tensor(shape),
        because=(culprit, reason, help),
    )


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_bilinear_weights_enlarge_a_slope_to_a_slope(factor):
    side = 2 * factor - factor % 2
    deconv = Deconv(1, side, stride=factor, pad=-(-(factor - 1) // 2), bias=False)
    bench = Bench(deconv, Tensor((1, 6, 5), "f64"), batch=1)
    weight = bench.weights["weight"]
    bilinear = INITIALIZERS["bilinear"]()
    bench.put({"weight": bilinear.fill(weight.shape, 1, 1, np.random.default_rng(0))})
    rows, columns = np.mgrid[:6, :5]
    bench.put({"x": (2.0 * rows - 3.0 * columns)[None, None]})
    y = bench.forward()[0, 0]
    assert y.shape == (6 * factor, 5 * factor)
    inside = y[factor:-factor, factor:-factor]
    np.testing.assert_allclose(np.diff(inside, axis=0), 2 / factor)
    np.testing.assert_allclose(np.diff(inside, axis=1), -3 / factor)


def test_bilinear_fills_nothing_but_kernels():
    weights = Dense(3).weights(Tensor((4,)))
    with pytest.raises(Reject) as refused:
        Learning(init=INITIALIZERS["bilinear"]()).apply(weights)
    assert refused.value.culprit == "init"
    assert "fills kernels, and [3, 4] has none" in refused.value.reason


@pytest.mark.parametrize("name", ["deconv_bilinear", "deconv_bilinear_odd"])
def test_bilinear_weights_are_those_of_caffe(name):
    with np.load(CAFFE) as values:
        weight = values[f"{name}/weight"]
    filled = INITIALIZERS["bilinear"]().fill(weight.shape, 1, 1, np.random.default_rng(0))
    np.testing.assert_allclose(filled, weight, rtol=1e-6)
