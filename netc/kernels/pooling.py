"""Pooling by taps: all windows advance together, one tap of the kernel after the other."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from netc.kernels.layout import chunks
from netc.kernels.windows import Axis
from netc.types import Array

_Place = tuple[slice, slice, slice]


def max_pool(x: Array, y: Array, index: Array, won: Array, rows: Axis, columns: Axis) -> None:
    """Fill `y` with the greatest of each window and `index` with the first tap that holds it.

    `won` is scratch like `index`. Taps are numbered row by row; padding never wins.
    """
    for c in chunks(y):
        index[c].fill(0)
        for number, (out, place) in enumerate(_taps(rows, columns)):
            best, candidate, wins = y[c][out], x[c][place], won[c][out]
            if number == 0:
                _start(y[c], best, candidate)
                continue
            np.greater(candidate, best, out=_flags(wins))
            np.maximum(best, candidate, out=best)
            # Taps count up, so the greatest number is the latest, and only greater values win.
            np.multiply(wins, number, out=wins)
            np.maximum(index[c][out], wins, out=index[c][out])


def max_pool_dx(
    dy: Array, index: Array, dx: Array, part: Array, won: Array, rows: Axis, columns: Axis
) -> None:
    """Send each gradient to the place that won its window; `part` and `won` are scratch."""
    is_apart, is_whole = _apart(rows, columns)
    for c in chunks(dy):
        if not is_whole:
            dx[c].fill(0)
        for number, (out, place) in enumerate(_taps(rows, columns)):
            wins, target = _flags(won[c][out]), dx[c][place]
            np.equal(index[c][out], number, out=wins)
            if is_apart:
                np.multiply(dy[c][out], wins, out=target)
            else:
                np.multiply(dy[c][out], wins, out=part[c][out])
                np.add(target, part[c][out], out=target)


def avg_pool(x: Array, y: Array, rows: Axis, columns: Axis, *, count_pad: bool) -> None:
    """Fill `y` with the mean of each window."""
    shares = _shares(rows, columns, count_pad, y.dtype)
    for c in chunks(y):
        for number, (out, place) in enumerate(_taps(rows, columns)):
            if number == 0 and y[c][out].shape == y[c].shape:
                np.copyto(y[c], x[c][place])
                continue
            if number == 0:
                y[c].fill(0)
            np.add(y[c][out], x[c][place], out=y[c][out])
        np.multiply(y[c], shares, out=y[c])


def avg_pool_dx(
    dy: Array, dx: Array, part: Array, rows: Axis, columns: Axis, *, count_pad: bool
) -> None:
    """Share each gradient among the places of its window; `part` is scratch."""
    is_apart, is_whole = _apart(rows, columns)
    shares = _shares(rows, columns, count_pad, dy.dtype)
    for c in chunks(dy):
        np.multiply(dy[c], shares, out=part[c])
        if not is_whole:
            dx[c].fill(0)
        for out, place in _taps(rows, columns):
            if is_apart:
                np.copyto(dx[c][place], part[c][out])
            else:
                np.add(dx[c][place], part[c][out], out=dx[c][place])


def divisors(axis: Axis, *, count_pad: bool) -> list[int]:
    """How many places of each window count; zeros beyond the padding never do (Caffe)."""
    low, high = (axis.first, axis.size - axis.first) if count_pad else (0, axis.size)
    reaches = [axis.reach(o, o + 1) for o in range(axis.out)]
    return [min(stop, high) - max(start, low) for start, stop in reaches]


def _start(y: Array, best: Array, first: Array) -> None:
    if best.shape != y.shape:
        y.fill(-np.inf)
    np.copyto(best, first)


def _flags(marks: Array) -> Array:
    """Where comparisons may write: bytes hold booleans as they are."""
    return marks.view(np.bool_) if marks.itemsize == 1 else marks


def _taps(rows: Axis, columns: Axis) -> Iterator[tuple[_Place, _Place]]:
    """For each tap of the kernel, row by row: the outputs that have it, and the places it reads."""
    every = slice(None)
    for i in range(rows.taps):
        down, below = rows.tap(i)
        for j in range(columns.taps):
            across, beside = columns.tap(j)
            yield (every, down, across), (every, below, beside)


def _apart(rows: Axis, columns: Axis) -> tuple[bool, bool]:
    """Whether no place lies in two windows, and whether moreover each lies in one."""
    axes = (rows, columns)
    is_apart = all(axis.stride >= axis.taps for axis in axes)
    is_whole = all(
        axis.stride == axis.taps and axis.reach(0, axis.out)[1] >= axis.size for axis in axes
    )
    return is_apart, is_apart and is_whole


@cache
def _shares(rows: Axis, columns: Axis, count_pad: bool, dtype: np.dtype[Any]) -> Array:
    """One over the divisor of each window, [rows, columns, 1]; a single number if all agree."""
    down, across = (1 / np.array(divisors(a, count_pad=count_pad)) for a in (rows, columns))
    table: Array = down[:, None, None] * across[:, None]
    table = table.astype(dtype)
    return table if table.min() != table.max() else table[:1, :1]
