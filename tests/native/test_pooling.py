"""Pooling by kernels is pooling by the NumPy rules, whatever the sizes."""

from typing import Any

import numpy as np
import pytest

from netc.kernels.bins import add_to_bins, mean_of_bins
from netc.kernels.pooling import (
    add_squares,
    add_windows,
    max_pool,
    max_pool_by_columns,
    spread,
    to_winners,
)
from netc.kernels.windows import Axis
from netc.layers.even_bins import even_bins
from netc.native.call import call
from netc.native.formula import Formula, Recorder, result_of
from netc.native.geometry import Side
from netc.native.kernels.column_pool import ColumnPool, ColumnPoolGradient
from netc.native.kernels.max_pool import MaxPool, MaxPoolGradient, index_bits
from netc.native.kernels.sum_pool import SquarePool, SumPool, SumPoolGradient
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import host
from netc.native.windows import Windows, nearest, sliding, spanning, summing
from netc.types import NUMPY_DTYPES, Dtype
from tests.native.guarded import check_guards, guarded, guarded_copy

pytest.importorskip("llvmlite")

BLOCKS = (1, 2, 3, 4, 7, 8, 16, 17, 32, 48, 80)
SEEDS = range(60)


class Case:
    """Random windows over an image in a block, and guarded arrays for it."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.dtype: Dtype = "f64" if seed % 3 == 0 else "f32"
        sides = [self._side() for _ in range(2)]
        self.block = int(self.rng.choice(BLOCKS))
        self.x = self._layout(tuple(s.size for s in sides))
        self.y = self._layout(tuple(s.out for s in sides))
        self.axes = tuple(Axis(s.size, s.out, s.kernel, -s.pad, s.stride) for s in sides)
        self.sides = sides

    def _side(self) -> Side:
        kernel = int(self.rng.choice([1, 2, 2, 3, 3, 3, 5, 7, 20]))
        size = int(self.rng.integers(1, 24))
        stride = int(self.rng.choice([1, 1, 2, 2, 3, kernel]))
        pad = int(self.rng.integers(0, kernel)) if self.rng.random() < 0.5 else 0
        kernel = min(kernel, size + 2 * pad)
        pad = min(pad, kernel - 1)
        steps = size + 2 * pad - kernel
        out = (-(-steps // stride) if self.rng.random() < 0.5 else steps // stride) + 1
        out = min(out, (size + pad - 1) // stride + 1)
        return Side(size, out, kernel, stride, pad)

    def _layout(self, sides: tuple[int, ...]) -> Layout:
        return Layout((self.channels, *sides), self.block, int(self.rng.choice([0, 0, 5, 16])))

    @property
    def channels(self) -> int:
        return 3

    def numbers(self, layout: Layout, *, ties: bool = False) -> np.ndarray:
        """Random numbers, [channels, height, width, block]."""
        shape = (*layout.shape, layout.block)
        drawn = self.rng.integers(-3, 4, shape) if ties else self.rng.normal(size=shape)
        return np.asarray(drawn, NUMPY_DTYPES[self.dtype])

    def zeros(self, layout: Layout) -> np.ndarray:
        return np.zeros((*layout.shape, layout.block), NUMPY_DTYPES[self.dtype])


def laid(x: np.ndarray, layout: Layout) -> np.ndarray:
    """The same in a guarded block."""
    memory = guarded((layout.channels, layout.plane), x.dtype)
    memory[:, : layout.used] = x.reshape(layout.channels, -1)
    return memory


def taken(memory: np.ndarray, layout: Layout) -> np.ndarray:
    return memory[:, : layout.used].reshape(*layout.shape, layout.block)


def run(kernel: Any, result: Layout, **given: Any) -> np.ndarray:
    """What a kernel makes of arrays, called twice and by units."""
    made = []
    for middle in (0, kernel.units // 2):
        out = guarded((result.channels, result.plane), NUMPY_DTYPES[kernel.dtype])
        for first, stop in ((0, middle), (middle, kernel.units)):
            call(kernel, first=first, stop=stop, made=out, **given)
        made.append(taken(out, result))
    check_guards()
    assert made[0].tobytes() == made[1].tobytes()
    return made[0]


def plain(layout: Layout) -> Tail:
    return Tail(result_of("made"), (("made", layout),))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_greatest_and_its_gradient(seed: int) -> None:
    case = Case(seed)
    windows = [sliding(side, count_pad=True) for side in case.sides]
    x, dy = case.numbers(case.x, ties=True), case.numbers(case.y)
    want, index, dx = case.zeros(case.y), case.zeros(case.y).astype(np.int64), case.zeros(case.x)
    max_pool(x, want, index, index.copy(), case.axes)
    to_winners(dy, index, dx, case.zeros(case.y), index.copy(), case.axes)

    kernel = MaxPool(case.dtype, case.x, *windows, plain(case.y), indexed=True)
    kept = guarded((kernel.index_bytes,), np.uint8)
    got = run(kernel, case.y, x=laid(x, case.x), index=kept)
    assert np.array_equal(got, want)
    tests = MaxPool(case.dtype, case.x, *windows, plain(case.y), indexed=False)
    assert np.array_equal(run(tests, case.y, x=laid(x, case.x)), want)
    back = MaxPoolGradient(case.dtype, case.y, *windows, plain(case.x))
    got = run(back, case.x, dy=laid(dy, case.y), index=kept)
    assert np.allclose(got, dx, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_greatest_by_columns_and_its_gradient(seed: int) -> None:
    case = Case(seed)
    windows = [sliding(side, count_pad=True) for side in case.sides]
    x, dy = case.numbers(case.x, ties=True), case.numbers(case.y)
    odd = np.array([-99999, -99998, -1e9, -np.inf, np.nan], x.dtype)
    x = np.where(case.rng.random(x.shape) < seed % 3 / 2, case.rng.choice(odd, x.shape), x)
    want, index, dx = case.zeros(case.y), case.zeros(case.y).astype(np.int64), case.zeros(case.x)
    max_pool_by_columns(x, want, index, index.copy(), case.axes)
    to_winners(dy, index, dx, case.zeros(case.y), index.copy(), case.axes)

    kernel = ColumnPool(case.dtype, case.x, *windows, plain(case.y), indexed=True)
    kept = guarded((kernel.index_bytes,), np.uint8)
    got = run(kernel, case.y, x=laid(x, case.x), index=kept)
    assert np.array_equal(got, want)
    tests = ColumnPool(case.dtype, case.x, *windows, plain(case.y), indexed=False)
    assert np.array_equal(run(tests, case.y, x=laid(x, case.x)), want)
    back = ColumnPoolGradient(case.dtype, case.y, *windows, plain(case.x))
    got = run(back, case.x, dy=laid(dy, case.y), index=kept)
    assert np.allclose(got, dx, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_means_and_their_gradients(seed: int) -> None:
    case = Case(seed)
    count_pad = bool(case.rng.integers(2))
    windows = [sliding(side, count_pad=count_pad) for side in case.sides]
    shares = np.multiply.outer(*(w.shares for w in windows))[..., None]
    x, dy = case.numbers(case.x), case.numbers(case.y)
    want, dx = case.zeros(case.y), case.zeros(case.x)
    add_windows(x, want, case.axes)
    spread((dy * shares).astype(dy.dtype), dx, case.axes)

    kernel = SumPool(case.dtype, case.x, *windows, plain(case.y))
    got = run(kernel, case.y, x=laid(x, case.x))
    assert np.allclose(got, want * shares, rtol=1e-5, atol=1e-5)
    back = SumPoolGradient(case.dtype, case.y, *windows, plain(case.x))
    assert np.allclose(run(back, case.x, dy=laid(dy, case.y)), dx, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_of_squares(seed: int) -> None:
    case = Case(seed)
    windows = [summing(side) for side in case.sides]
    x, want = case.numbers(case.x), case.zeros(case.y)
    add_squares(x, want, case.zeros(case.y), case.axes)
    kernel = SquarePool(case.dtype, case.x, *windows, plain(case.y))
    got = run(kernel, case.y, x=laid(x, case.x))
    assert np.allclose(got, want, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_means_of_even_bins(seed: int) -> None:
    case = Case(seed)
    sides, counts = case.x.sides, tuple(int(n) for n in case.rng.integers(1, 8, 2))
    out = case._layout(counts)
    bins, shares = even_bins(sides, counts)
    x, dy = case.numbers(case.x), case.numbers(out)
    want, dx = case.zeros(out), case.zeros(case.x)
    mean_of_bins(x, want, shares.astype(x.dtype), bins)
    add_to_bins(dy, dx, shares.astype(x.dtype), case.zeros(out), bins)

    windows = [spanning(*pair, mean=True) for pair in zip(sides, bins, strict=True)]
    got = run(SumPool(case.dtype, case.x, *windows, plain(out)), out, x=laid(x, case.x))
    assert np.allclose(got, want, rtol=1e-5, atol=1e-5)
    back = SumPoolGradient(case.dtype, out, *windows, plain(case.x))
    assert np.allclose(run(back, case.x, dy=laid(dy, out)), dx, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_nearest_places_of_a_resized_image(seed: int) -> None:
    case = Case(seed)
    after = tuple(int(n) for n in case.rng.integers(1, 30, 2))
    if seed % 2:
        after = tuple(side * int(case.rng.integers(1, 4)) for side in case.x.sides)
    large = case._layout(after)
    x, dy = case.numbers(case.x), case.numbers(large)
    rows, columns = (
        np.arange(out) * side // out for side, out in zip(case.x.sides, after, strict=True)
    )
    want, dx = x[:, rows][:, :, columns], case.zeros(case.x)
    np.add.at(dx, (slice(None), rows[:, None], columns), dy)

    windows = [nearest(*pair) for pair in zip(case.x.sides, after, strict=True)]
    forward = SumPoolGradient(case.dtype, case.x, *windows, plain(large))
    assert np.array_equal(run(forward, large, dy=laid(x, case.x)), want)
    back = SumPool(case.dtype, large, *windows, plain(case.x))
    assert np.allclose(run(back, case.x, x=laid(dy, large)), dx, rtol=1e-5, atol=1e-5)


def masked_with_sums() -> Formula:
    """made where y is above 0; stored, and summed over each channel."""
    p = Recorder()
    made = p.select(p.greater(p.value("y"), p.number(0)), p.made(), p.number(0))
    return Formula(tuple(p.steps), (("made", made),), (("bias", made),))


@pytest.mark.parametrize("seed", SEEDS)
def test_tails_mask_and_sum(seed: int) -> None:
    case = Case(seed)
    windows = [sliding(side, count_pad=True) for side in case.sides]
    other = case._layout(case.x.sides)
    tail = Tail(masked_with_sums(), (("made", case.x), ("y", other)))
    kernel = SumPoolGradient(case.dtype, case.y, *windows, tail)
    dy, y = case.numbers(case.y), case.numbers(case.x)
    whole = run(
        SumPoolGradient(case.dtype, case.y, *windows, plain(case.x)), case.x, dy=laid(dy, case.y)
    )
    lanes = kernel.lanes(host())
    bias = guarded_copy(np.ones((case.channels, lanes), dy.dtype))
    out = guarded((case.x.channels, case.x.plane), dy.dtype)
    given = {"dy": laid(dy, case.y), "y": laid(y, other), "made": out, "bias": bias}
    call(kernel, first=0, stop=kernel.units, **given)
    check_guards()
    want = np.where(y > 0, whole, 0)
    assert np.array_equal(taken(out, case.x), want)
    sums = want.sum((1, 2, 3)) + lanes
    assert np.allclose(bias.sum(1), sums, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("side", [1, 16, 17, 60])
def test_the_greatest_of_a_whole_image(side: int) -> None:
    layout, out = Layout((2, side, side), 5), Layout((2, 1, 1), 5)
    x = np.random.default_rng(side).normal(size=(2, side, side, 5)).astype(np.float32)
    windows = (spanning(side, [slice(0, side)], mean=False),) * 2
    kernel = MaxPool("f32", layout, *windows, plain(out), indexed=True)
    kept = guarded((kernel.index_bytes,), np.uint8)
    got = run(kernel, out, x=laid(x, layout), index=kept)
    assert np.array_equal(got, x.max((1, 2), keepdims=True))
    number = kept.view(f"u{index_bits(*windows) // 8}").reshape(2, 5)
    assert np.array_equal(number, x.reshape(2, -1, 5).argmax(1))
    back = MaxPoolGradient("f32", out, *windows, plain(layout))
    dx = run(back, layout, dy=laid(np.ones((2, 1, 1, 5), np.float32), out), index=kept)
    assert np.array_equal(dx, x == x.max((1, 2), keepdims=True))


def test_windows_that_are_alike_are_one_run() -> None:
    windows: Windows = sliding(Side(32, 16, 3, 2, 1), count_pad=True)
    assert [(run.count, run.taps) for run in windows.runs()] == [(1, 2), (15, 3)]
    assert len(windows.groups(numbered=True)) == 2
