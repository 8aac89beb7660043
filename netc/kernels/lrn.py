"""Local response normalization across channels."""

from collections.abc import Iterator

import numpy as np

from netc.kernels.layout import share
from netc.types import Array


def lrn(
    x: Array, y: Array, base: Array, room: Array, size: int, alpha: float, beta: float, k: float
) -> None:
    """base = k + alpha / size * (sum of x^2 over the window); y = x * base^-beta."""
    np.square(x, out=room)
    _window_sum(room, base, size)
    np.multiply(base, alpha / size, out=base)
    np.add(base, k, out=base)
    _power(base, beta, y)
    np.multiply(y, x, out=y)


def lrn_dx(
    dy: Array,
    x: Array,
    y: Array,
    base: Array,
    dx: Array,
    room: Array,
    size: int,
    alpha: float,
    beta: float,
) -> None:
    """dx = dy * base^-beta - 2 alpha beta / size * x * (sum of dy * y / base over the window)."""
    np.multiply(dy, y, out=room)
    np.divide(room, base, out=room)
    _window_sum(room, dx, size)
    np.multiply(dx, x, out=dx)
    np.multiply(dx, -2 * alpha * beta / size, out=dx)
    _power(base, beta, room)
    np.multiply(room, dy, out=room)
    np.add(dx, room, out=dx)


def rows_of(t: int, count: int, rows: int) -> Iterator[slice]:
    """The rows that thread `t` of `count` owns, one after the other to stay in the cache."""
    for row in range(*share(t, count, rows)):
        yield slice(row, row + 1)


def _window_sum(a: Array, out: Array, size: int) -> None:
    """Sum over `size` neighbouring channels, with zeros beyond the first and the last."""
    np.copyto(out, a)
    for distance in range(1, min(size // 2, len(a) - 1) + 1):
        np.add(out[distance:], a[:-distance], out=out[distance:])
        np.add(out[:-distance], a[distance:], out=out[:-distance])


def _power(base: Array, beta: float, out: Array) -> None:
    """base^-beta; roots are several times as fast as the general power."""
    if beta == 0.75:
        np.sqrt(base, out=out)
        np.sqrt(out, out=out)
        np.divide(out, base, out=out)
    else:
        np.power(base, -beta, out=out)
