"""Pooling by taps: all windows advance together, one tap of the kernel after the other.

Arrays are [channels, axes of the image..., n].
"""

from math import prod

import numpy as np

from netc.kernels.layout import chunks
from netc.kernels.windows import Axes, are_apart, are_whole, taps
from netc.types import Array

START = -99999.0
"""Where ConvNetJS's search of the greatest begins (convnet_layers_pool.js)."""


def max_pool(x: Array, y: Array, index: Array, won: Array, axes: Axes) -> None:
    """Fill `y` with the greatest of each window and `index` with the first tap that holds it.

    `won` is scratch like `index`. Taps are numbered row by row; padding never wins.
    """
    for c in chunks(y):
        index[c].fill(0)
        for number, (out, place) in enumerate(taps(axes)):
            best, candidate, wins = y[c][out], x[c][place], won[c][out]
            if number == 0:
                _start(y[c], best, candidate)
                continue
            np.greater(candidate, best, out=_flags(wins))
            np.maximum(best, candidate, out=best)
            # Taps count up, so the greatest number is the latest, and only greater values win.
            np.multiply(wins, number, out=wins)
            np.maximum(index[c][out], wins, out=index[c][out])


def max_pool_by_columns(x: Array, y: Array, index: Array, won: Array, axes: Axes) -> None:
    """`max_pool` as ConvNetJS does it: the first winner is that of the first column.

    Only numbers greater than its start win; what is no number does not. Where none does, `y` is
    the start and `index` the number of taps.
    """
    counts = [axis.taps for axis in axes]
    by_columns = np.arange(prod(counts)).reshape(counts).T.reshape(-1).tolist()
    places = list(taps(axes))
    for c in chunks(y):
        y[c].fill(START)
        index[c].fill(prod(counts))
        for number in by_columns:
            out, place = places[number]
            best, candidate, wins = y[c][out], x[c][place], _flags(won[c][out])
            np.greater(candidate, best, out=wins)
            np.fmax(candidate, best, out=best)
            np.copyto(index[c][out], number, where=wins.astype(np.bool_, copy=False))


def to_winners(
    values: Array, index: Array, places: Array, part: Array, won: Array, axes: Axes
) -> None:
    """Add the value of each window to the place that won it, and leave zeros elsewhere.

    This is the transpose of `max_pool`; `part` and `won` are scratch like `values` and `index`.
    """
    is_apart, is_whole = are_apart(axes), are_whole(axes)
    for c in chunks(values):
        if not is_whole:
            places[c].fill(0)
        for number, (out, place) in enumerate(taps(axes)):
            wins, target = _flags(won[c][out]), places[c][place]
            np.equal(index[c][out], number, out=wins)
            if is_apart:
                np.multiply(values[c][out], wins, out=target)
            else:
                np.multiply(values[c][out], wins, out=part[c][out])
                np.add(target, part[c][out], out=target)


def from_winners(
    places: Array, index: Array, values: Array, part: Array, won: Array, axes: Axes
) -> None:
    """Give each window what stands in the place that won it: the transpose of `to_winners`.

    `part` and `won` are scratch like `values` and `index`.
    """
    for c in chunks(values):
        # A window of nothing but minus infinity may be won by a tap in the padding.
        values[c].fill(0)
        for number, (out, place) in enumerate(taps(axes)):
            wins, found = _flags(won[c][out]), part[c][out]
            np.equal(index[c][out], number, out=wins)
            np.multiply(places[c][place], wins, out=found)
            np.add(values[c][out], found, out=values[c][out])


def add_windows(x: Array, y: Array, axes: Axes) -> None:
    """Fill `y` with the sum of each window."""
    for number, (out, place) in enumerate(taps(axes)):
        if number == 0 and y[out].shape == y.shape:
            np.copyto(y, x[place])
            continue
        if number == 0:
            y.fill(0)
        np.add(y[out], x[place], out=y[out])


def add_squares(x: Array, y: Array, part: Array, axes: Axes) -> None:
    """Fill `y` with the sum of the squares of each window; `part` is scratch."""
    for number, (out, place) in enumerate(taps(axes)):
        if number == 0 and y[out].shape == y.shape:
            np.square(x[place], out=y)
            continue
        if number == 0:
            y.fill(0)
        np.square(x[place], out=part[out])
        np.add(y[out], part[out], out=y[out])


def spread(values: Array, places: Array, axes: Axes) -> None:
    """Add the value of each window to all its places: the transpose of `add_windows`."""
    is_apart = are_apart(axes)
    if not are_whole(axes):
        places.fill(0)
    for out, place in taps(axes):
        if is_apart:
            np.copyto(places[place], values[out])
        else:
            np.add(places[place], values[out], out=places[place])


def _start(y: Array, best: Array, first: Array) -> None:
    if best.shape != y.shape:
        y.fill(-np.inf)
    np.copyto(best, first)


def _flags(marks: Array) -> Array:
    """Where comparisons may write: bytes hold booleans as they are."""
    return marks.view(np.bool_) if marks.itemsize == 1 else marks
