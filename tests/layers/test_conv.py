from dataclasses import replace

import numpy as np
import pytest

from netc.layers import REGISTRY
from netc.layers.conv import Conv
from netc.types import Tensor
from tests.rules import Bench


def plain(x, weight, bias, dy, stride, pad, dilation, groups):
    """y, dx, dweight and dbias one output place at a time, as the formula in the manual has it."""
    padded = np.pad(x, ((0, 0), (0, 0), *((p, p) for p in pad)))
    dpadded, dweight = np.zeros_like(padded), np.zeros_like(weight)
    y = np.empty_like(dy)
    fans = x.shape[1] // groups, len(weight) // groups
    for g in range(groups):
        c, f = (slice(g * fan, (g + 1) * fan) for fan in fans)
        for place in np.ndindex(dy.shape[2:]):
            start = [i * s for i, s in zip(place, stride, strict=True)]
            window = tuple(
                slice(a, a + d * (k - 1) + 1, d)
                for a, d, k in zip(start, dilation, weight.shape[2:], strict=True)
            )
            seen = padded[(slice(None), c, *window)]
            y[(slice(None), f, *place)] = np.tensordot(seen, weight[f], (range(1, x.ndim),) * 2)
            gradient = dy[(slice(None), f, *place)]
            dpadded[(slice(None), c, *window)] += np.tensordot(gradient, weight[f], 1)
            dweight[f] += np.tensordot(gradient, seen, ([0], [0]))
    inside = tuple(slice(p, p + side) for p, side in zip(pad, x.shape[2:], strict=True))
    dbias = dy.sum(axis=(0, *range(2, dy.ndim)))
    y += bias.reshape(-1, *(1,) * len(pad))
    return y, dpadded[(slice(None), slice(None), *inside)], dweight, dbias


def drawn(rng):
    """A convolution that fits its input, and that input."""
    axes = int(rng.integers(1, 4))
    groups = int(rng.integers(1, 4))
    kernel, stride, dilation = (tuple(map(int, rng.integers(1, 4, axes))) for _ in range(3))
    pad = tuple(map(int, rng.integers(0, 5, axes)))
    spare = map(int, rng.integers(0, 8 if axes < 3 else 4, axes))
    sides = (
        max(1, d * (k - 1) + 1 - 2 * p) + more
        for d, k, p, more in zip(dilation, kernel, pad, spare, strict=True)
    )
    shape = (groups * int(rng.integers(1, 4)), *sides)
    filters = groups * int(rng.integers(1, 4))
    conv = Conv(
        filters=filters,
        kernel=kernel,
        stride=stride,
        pad=pad,
        dilation=dilation,
        groups=groups,
        bias=True,
    )
    return conv, shape


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("dtype", ["f32", "f64"])
def test_kernels_agree_with_the_formula(seeded_bench, seed, dtype):
    rng = np.random.default_rng(seed)
    conv, shape = drawn(rng)
    bench = seeded_bench(conv, Tensor(shape, dtype), seed, rng)
    a = bench.arrays
    y, dx, dweight, dbias = plain(
        a["x"], a["weight"], a["bias"], a["dy"], conv.stride, conv.pad, conv.dilation, conv.groups
    )
    tolerance = {"f32": 1e-3, "f64": 1e-11}[dtype]
    np.testing.assert_allclose(bench.forward(), y, rtol=tolerance, atol=tolerance)
    found = bench.backward()
    np.testing.assert_allclose(found["x"], dx, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(found["weight"], dweight, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(found["bias"], dbias, rtol=tolerance, atol=tolerance)


def test_same_keeps_the_size_with_any_odd_reach():
    x = Tensor((3, 9, 8))
    layer = REGISTRY["conv"](filters=4, kernel=(3, 5), pad="same", dilation=(2, 1))
    assert layer.infer(x).shape == (4, 9, 8)


def test_weights_of_lenet_are_as_many_as_published():
    first, second = Conv(20, 5), Conv(50, 5)
    sizes = [np.prod(w.shape) for w in first.weights(Tensor((1, 28, 28))).values()]
    sizes += [np.prod(w.shape) for w in second.weights(Tensor((20, 12, 12))).values()]
    assert sum(sizes) == 520 + 25050


def test_fans_count_what_one_group_sees():
    weight = Conv(6, 3, groups=2).weights(Tensor((4, 5, 5)))["weight"]
    assert (weight.shape, weight.fan_in, weight.fan_out) == ((6, 2, 3, 3), 18, 27)


def test_bias_is_not_decayed():
    assert Conv(6, 3).weights(Tensor((4, 5, 5)))["bias"].decay == 0


def test_macs_of_the_first_layer_of_alexnet():
    assert Conv(96, 11, stride=4).macs(Tensor((3, 227, 227))) == 105_415_200


def test_window_is_as_wide_as_the_dilated_kernel():
    window = Conv(4, 3, stride=2, dilation=(2, 3)).window(Tensor((1, 20, 20)))
    assert (window.kernel, window.stride) == ((5, 7), (2, 2))


REJECTS = [
    (
        {"kernel": 5},
        (16, 4, 4),
        "kernel",
        "a 5x5 kernel does not fit in a 4x4 image",
        "set `pad` to 2 to keep 4x4",
    ),
    (
        {"kernel": (1, 9), "pad": 1},
        (3, 4, 4),
        "kernel",
        "a 1x9 kernel does not fit in a 4x4 image padded by 1x1",
        "set `pad` to [0, 4] to keep 4x4",
    ),
    (
        {"kernel": 3, "dilation": 4},
        (3, 8, 8),
        "kernel",
        "a 3x3 kernel spread to 9x9 by `dilation` does not fit in an 8x8 image",
        "",
    ),
    ({"kernel": 4}, (3, 3), "kernel", "a kernel of 4 does not fit in a sequence of 3", ""),
    (
        {"kernel": (3, 3, 3)},
        (3, 8, 8),
        "kernel",
        "`kernel` has 3 numbers, but [3, 8, 8] has 2 image axes",
        "give a single number for all axes, or a list of two: for height and width",
    ),
    ({"kernel": 3, "stride": (1, 1)}, (3, 8), "stride", "`stride` has 2 numbers", "the width"),
    ({"kernel": 3}, (10,), "x", "[10] is not an image", ""),
    (
        {"kernel": 3, "groups": 2},
        (3, 8, 8),
        "groups",
        "3 input channels cannot be cut into 2 equal groups",
        "3 channels and 4 filters: 1",
    ),
    (
        {"kernel": 3, "groups": 3},
        (6, 8, 8),
        "filters",
        "4 filters cannot be cut into 3 equal groups",
        "6 channels and 4 filters: 1, 2",
    ),
    (
        {"kernel": 3, "stride": 2, "pad": "same"},
        (3, 8, 8),
        "pad",
        "`same` cannot keep the size of the image with stride 2x2",
        "such as 1, or set `stride` to 1",
    ),
    ({"kernel": 4, "pad": "same"}, (3, 8, 8), "pad", "`same` needs as many zeros", "odd `kernel`"),
]


@pytest.mark.parametrize(("options", "shape", "culprit", "reason", "help"), REJECTS)
def test_what_cannot_work_is_refused_with_a_way_out(refused, options, shape, culprit, reason, help):
    refused(Conv(filters=4, **options), Tensor(shape), because=(culprit, reason, help))


# ---- connect

C3 = (
    *(tuple(sorted((f + i) % 6 for i in range(3))) for f in range(6)),
    *(tuple(sorted((f + i) % 6 for i in range(4))) for f in range(6)),
    (0, 1, 3, 4),
    (1, 2, 4, 5),
    (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)
"""Table I of LeCun et al. 1998."""


def test_third_layer_of_lenet_5_is_as_large_as_published():
    layer, x = Conv(16, 5, connect=C3), Tensor((6, 14, 14))
    weights = layer.weights(x)
    assert sum(np.prod(w.shape) for w in weights.values()) == 1516
    assert weights["weight"].shape == (60, 1, 5, 5)
    assert (weights["weight"].fan_in, weights["weight"].fan_out) == (94, 250)
    # each of the 10x10 places has the connections of all weights; biases are no multiply-adds
    assert layer.macs(x) + 16 * 100 == 151_600


@pytest.mark.parametrize("seed", range(20))
def test_connections_are_those_of_a_dense_layer_with_zeros(seed):
    rng = np.random.default_rng(seed)
    conv, shape = drawn(rng)
    table = tuple(
        tuple(map(int, rng.permutation(shape[0])[: int(rng.integers(1, shape[0] + 1))]))
        for _ in range(conv.filters)
    )
    whole, some = replace(conv, groups=1), replace(conv, groups=1, connect=table)
    dense, sparse = (Bench(layer, Tensor(shape, "f64"), threads=2) for layer in (whole, some))
    for name in ("x", "dy", "bias"):
        sparse.put({name: dense.arrays[name]})
    kernels = iter(sparse.arrays["weight"][:, 0])
    dense.arrays["weight"].fill(0)
    for f, seen in enumerate(table):
        for c in seen:
            dense.arrays["weight"][f, c] = next(kernels)
    np.testing.assert_allclose(sparse.forward(), dense.forward(), rtol=1e-12)
    expected, found = dense.backward(), sparse.backward()
    there = [expected["weight"][f, c] for f, seen in enumerate(table) for c in seen]
    np.testing.assert_allclose(found["weight"][:, 0], there, rtol=1e-12)
    for name in ("x", "bias"):
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-12)


@pytest.mark.parametrize(
    ("options", "culprit", "reason", "help"),
    [
        (
            {"connect": ((0, 1), (2,))},
            "connect",
            "`connect` has 2 lists, but there are 3 filters",
            "for each filter",
        ),
        (
            {"connect": ((0, 1), (2,), (1, 3))},
            "connect[2][1]",
            "filter 2 cannot see channel 3 of [3, 8, 8]",
            "counted from 0: the last one is 2",
        ),
        ({"connect": ((0, 1, 0), (2,), (1,))}, "connect[0][2]", "sees channel 0 twice", "once"),
        ({"connect": ((0,), (), (1,))}, "connect", "filter 1 sees no channel", ""),
        ({"connect": ((0,),) * 3, "groups": 3}, "connect", "both `connect` and `groups`", "out"),
    ],
)
def test_connections_that_cannot_be_are_refused(refused, options, culprit, reason, help):
    refused(Conv(3, 3, **options), Tensor((3, 8, 8)), because=(culprit, reason, help))
