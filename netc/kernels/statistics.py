"""Sums over everything but the channels, and normalizing by them."""

import numpy as np

from netc.kernels.layout import batch_last
from netc.types import Array


def lines(*arrays: Array) -> list[Array]:
    """[n, c, ...] with the channels first: [c, everything else] where none of them needs a copy."""
    last = [batch_last(a) for a in arrays]
    if not all(a.flags.c_contiguous for a in last):
        return last
    return [a.reshape(len(a), -1) for a in last]


def total(a: Array) -> Array:
    """The sum of each channel, channels first."""
    return np.asarray(np.add.reduce(a, axis=_rest(a)))


def dots(a: Array, b: Array) -> Array:
    """The sum of a * b over each channel, channels first."""
    if a.ndim == b.ndim == 2:
        return np.asarray(np.vecdot(a, b))
    return np.asarray(np.add.reduce(np.multiply(a, b), axis=_rest(a)))


def column(values: Array, like: Array) -> Array:
    """One number for each channel, shaped to meet `like`."""
    return values.reshape(-1, *(1,) * (like.ndim - 1))


def _rest(a: Array) -> tuple[int, ...]:
    return tuple(range(1, a.ndim))
