"""Pooling into as many bins as are asked for: adaptive_avg_pool and pyramid_pool."""

import itertools
from fractions import Fraction
from math import ceil

import numpy as np
import pytest

from netc.layers.adaptive_pool import AdaptiveAvgPool
from netc.layers.base import Window
from netc.layers.pyramid_pool import PyramidPool
from netc.sizes import Size
from netc.types import Tensor
from tests.rules import Bench, engine_array, scattered_array

new = pytest.mark.parametrize("new", [engine_array, scattered_array], ids=["engine", "scattered"])


def drawn_sizes(seed, count):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        axes = rng.integers(1, 4)
        yield tuple(map(int, rng.integers(1, 8, axes))), tuple(map(int, rng.integers(1, 6, axes)))


@new
@pytest.mark.parametrize(("sides", "size"), [*drawn_sizes(1, 30)])
def test_bins_of_adaptive_avg_pool_lie_evenly(sides, size, new):
    bench = Bench(AdaptiveAvgPool(size), Tensor((2, *sides), "f64"), batch=3, new=new)
    x, dy = bench.arrays["x"], bench.arrays["dy"]
    y, dx = np.empty_like(dy), np.zeros_like(x)
    for place in np.ndindex(*size):
        part = tuple(
            slice(i * side // out, ceil((i + 1) * side / out))
            for i, side, out in zip(place, sides, size, strict=True)
        )
        seen = x[(..., *part)]
        count = seen[0, 0].size
        y[(..., *place)] = seen.sum(axis=tuple(range(2, x.ndim))) / count
        dx[(..., *part)] += dy[(..., *place)].reshape(3, 2, *(1,) * len(size)) / count
    np.testing.assert_allclose(bench.forward(), y, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(bench.backward()["x"], dx, rtol=1e-12, atol=1e-14)


def pyramid(x, dy, levels, how):
    """The row of numbers and the gradient of x, as spp_layer.cpp and pooling_layer.cpp have it."""
    sides, rows, dx, start = x.shape[2:], [], np.zeros_like(x), 0
    for bins in levels:
        kernel = [ceil(side / bins) for side in sides]
        pad = [(k * bins - side + 1) // 2 for k, side in zip(kernel, sides, strict=True)]
        level = np.empty((*x.shape[:2], *(bins,) * len(sides)))
        gradient = dy[:, start : start + level[0].size].reshape(level.shape)
        start += level[0].size
        for place in np.ndindex(*level.shape[2:]):
            starts = [i * k - p for i, k, p in zip(place, kernel, pad, strict=True)]
            around = zip(starts, kernel, sides, pad, strict=True)
            count = np.prod([min(s + k, side + p) - s for s, k, side, p in around])
            part = tuple(
                slice(max(s, 0), min(s + k, side))
                for s, k, side in zip(starts, kernel, sides, strict=True)
            )
            for n, c in np.ndindex(x.shape[:2]):
                seen, given = x[(n, c, *part)], gradient[(n, c, *place)]
                best = np.unravel_index(np.argmax(seen), seen.shape)
                level[(n, c, *place)] = seen[best] if how == "max" else seen.sum() / count
                if how == "max":
                    dx[(n, c, *part)][best] += given
                else:
                    dx[(n, c, *part)] += given / count
        rows.append(level.reshape(len(x), -1))
    return np.concatenate(rows, 1), dx


@new
@pytest.mark.parametrize("how", ["max", "avg"])
@pytest.mark.parametrize(
    ("sides", "levels"),
    [((7,), 2), ((6, 7), 3), ((8, 9), 2), ((13, 10), 3), ((4, 5), (2, 1)), ((3, 4, 2), (2, 1))],
)
def test_pyramid_pool_follows_the_rule_of_caffe(sides, levels, how, new):
    bench = Bench(PyramidPool(levels, how, "padded"), Tensor((2, *sides), "f64"), batch=3, new=new)
    counts = [2**level for level in range(levels)] if isinstance(levels, int) else levels
    np.round(bench.arrays["x"], 0, out=bench.arrays["x"])  # many ties
    y, dx = pyramid(bench.arrays["x"], bench.arrays["dy"], counts, how)
    np.testing.assert_allclose(bench.forward(), y, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(bench.backward()["x"], dx, rtol=1e-12, atol=1e-14)


@new
@pytest.mark.parametrize("how", ["max", "avg"])
@pytest.mark.parametrize(
    ("sides", "levels"),
    [((13,), 3), ((13, 13), (6, 3, 2, 1)), ((10, 3), (6, 2)), ((3, 2, 5), 2)],
)
def test_even_bins_are_those_of_the_paper(sides, levels, how, new):
    bench = Bench(PyramidPool(levels, how), Tensor((2, *sides), "f64"), batch=3, new=new)
    counts = [2**level for level in range(levels)] if isinstance(levels, int) else levels
    x, rows = bench.arrays["x"], []
    for bins in counts:
        for c, place in itertools.product(range(2), np.ndindex((bins,) * len(sides))):
            # Appendix A: bin i of n covers floor((i - 1) / n * w) to ceil(i / n * w).
            part = tuple(
                slice(i * side // bins, ceil((i + 1) * side / bins))
                for i, side in zip(place, sides, strict=True)
            )
            seen = x[(slice(None), c, *part)].reshape(3, -1)
            rows.append(seen.max(1) if how == "max" else seen.mean(1))
    np.testing.assert_allclose(bench.forward(), np.stack(rows, 1), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("bins", ["even", "padded"])
def test_the_row_of_a_pyramid_is_as_long_for_any_size(bins):
    layer = PyramidPool(3, bins=bins)
    sizes = {layer.infer(Tensor((5, h, w))).shape for h in range(6, 30) for w in (8, 13)}
    assert sizes == {(5 * (1 + 4 + 16),)}


def test_the_pyramid_of_the_paper_has_50_bins():
    assert PyramidPool((6, 3, 2, 1)).infer(Tensor((256, 13, 13))).shape == (256 * 50,)


def test_pyramids_and_adaptive_pools_close_what_is_open():
    image = Tensor((4, Size.symbol("h"), Size.symbol("w")))
    assert PyramidPool(3).infer(image).shape == (84,)
    assert PyramidPool(3, bins="padded").infer(image).shape == (84,)
    assert AdaptiveAvgPool(6).infer(image).shape == (4, 6, 6)


def test_what_a_bin_sees():
    assert PyramidPool(3).window(Tensor((2, 9, 7))) == Window((9, 7), (1, 1))
    assert PyramidPool((4, 2)).window(Tensor((2, 9, 7))) == Window((5, 4), (1, 1))
    assert AdaptiveAvgPool(3).window(Tensor((2, 9, 7))) == Window((3, 3), (3, Fraction(7, 3)))


@pytest.mark.parametrize(
    ("layer", "shape", "culprit", "reason", "help"),
    [
        (
            PyramidPool(4, bins="padded"),
            (2, 9, 9),
            "levels",
            "a level of 8x8 bins does not go into a 9x9 image: one would lie in padding alone",
            "take fewer bins, or set `bins` to even",
        ),
        (
            PyramidPool((4, 1), bins="padded"),
            (2, 5, 8),
            "levels",
            "a level of 4x4 bins does not go into a 5x8 image: one would lie in padding alone",
            "take fewer bins",
        ),
        (PyramidPool(10**9), (2, 9), "levels", "1000000000 levels have more bins", "3 or 4"),
        (PyramidPool(()), (2, 9), "levels", "there is no level", "such as [4, 2, 1]"),
        (PyramidPool(2), (9,), "x", "[9] is not an image", ""),
        (
            AdaptiveAvgPool((2, 3)),
            (2, 9),
            "size",
            "`size` has 2 numbers, but [2, 9] has 1 sequence axis",
            "a single number",
        ),
        (AdaptiveAvgPool(2), (9,), "x", "[9] is not an image", ""),
    ],
)
def test_bins_that_cannot_be_are_refused(refused, layer, shape, culprit, reason, help):
    refused(layer, Tensor(shape), because=(culprit, reason, help))
