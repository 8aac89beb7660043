"""Pooling by bins: a few large windows, one after the other, each reduced as a whole.

Arrays are [channels, axes of the image..., n].
"""

from collections.abc import Iterator
from itertools import product

import numpy as np

from netc.types import Array

Bins = tuple[tuple[slice, ...], ...]
"""For each axis of an image, the places of each bin along it."""

_Index = tuple[slice | int, ...]


def max_of_bins(x: Array, y: Array, index: Array, bins: Bins) -> None:
    """Fill `y` with the greatest of each bin, and `index` with the first place that holds it."""
    for out, place in _each(bins):
        part = x[place]
        flat = part.reshape(len(part), -1, part.shape[-1])
        np.argmax(flat, axis=1, out=index[out])
        np.max(flat, axis=1, out=y[out])


def add_to_winners(dy: Array, index: Array, dx: Array, bins: Bins) -> None:
    """Add the gradient of each bin to the place that won it."""
    channels, examples = np.arange(len(dx))[:, None], np.arange(dx.shape[-1])
    for out, place in _each(bins):
        part = dx[place]
        across: tuple[Array, ...] = np.unravel_index(index[out], part.shape[1:-1])
        part[(channels, *across, examples)] += dy[out]


def mean_of_bins(x: Array, y: Array, shares: Array, bins: Bins) -> None:
    """Fill `y` with the sum of each bin times its share."""
    for out, place in _each(bins):
        np.add.reduce(x[place], axis=tuple(range(1, x.ndim - 1)), out=y[out])
    np.multiply(y, shares, out=y)


def add_to_bins(dy: Array, dx: Array, shares: Array, part: Array, bins: Bins) -> None:
    """Add the gradient of each bin times its share to all its places; `part` is scratch."""
    np.multiply(dy, shares, out=part)
    for out, place in _each(bins):
        value, target = part[out], dx[place]
        np.add(target, value.reshape(len(value), *(1,) * (dx.ndim - 2), -1), out=target)


def _each(bins: Bins) -> Iterator[tuple[_Index, _Index]]:
    """The place of each bin in `y`, and what it holds of `x`."""
    every = slice(None)
    for chosen in product(*(enumerate(along) for along in bins)):
        yield (every, *(number for number, _ in chosen)), (every, *(part for _, part in chosen))
