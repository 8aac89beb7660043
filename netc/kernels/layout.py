"""Views of a batch with the batch as the last axis, where the engine keeps it contiguous."""

from collections.abc import Iterator

import numpy as np

from netc.types import Array

_CHUNK = 1 << 19
"""Elements of one array worked on at a time: smaller steps cost more in calls than caches save."""


def batch_last(a: Array) -> Array:
    """[n, c, ...] as the view [c, ..., n]."""
    return np.moveaxis(a, 0, -1)


def as_image(a: Array) -> Array:
    """[n, c, w] or [n, c, h, w] as the view [c, rows, columns, n]; a sequence is one column."""
    last = batch_last(a)
    return last if a.ndim == 4 else last[:, :, None, :]


def flat(a: Array) -> Array | None:
    """[c, ..., n] as the view [c, places * n]; None where strides forbid it."""
    run = a.itemsize
    for size, stride in zip(a.shape[:0:-1], a.strides[:0:-1], strict=True):
        if size != 1 and stride != run:
            return None
        run *= size
    return a.reshape(a.shape[0], -1)


def chunks(a: Array) -> Iterator[slice]:
    """Slices of the first axis, each with few enough elements to stay in the cache."""
    step = max(1, _CHUNK * a.shape[0] // max(a.size, 1))
    for start in range(0, a.shape[0], step):
        yield slice(start, start + step)


def share(t: int, count: int, size: int) -> tuple[int, int]:
    """The part of `size` things that thread `t` of `count` owns."""
    return t * size // count, (t + 1) * size // count
