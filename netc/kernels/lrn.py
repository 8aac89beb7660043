"""Local response normalization: a sum over the neighbours along one axis, or along two."""

import numpy as np

from netc.types import Array

Axes = tuple[int, ...]


def lrn(
    x: Array,
    y: Array,
    base: Array,
    room: Array,
    size: int,
    axes: Axes,
    weight: float,
    beta: float,
    k: float,
) -> None:
    """base = k + weight * (sum of x^2 over the window); y = x * base^-beta."""
    np.square(x, out=room)
    sums = _window_sum(room, base, size, axes)
    np.multiply(sums, weight, out=base)
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
    axes: Axes,
    weight: float,
    beta: float,
) -> None:
    """dx = dy * base^-beta - 2 beta weight * x * (sum of dy * y / base over the window)."""
    np.multiply(dy, y, out=room)
    np.divide(room, base, out=room)
    sums = _window_sum(room, dx, size, axes)
    np.multiply(sums, x, out=dx)
    _finish(dy, base, dx, room, weight, beta)


def lrn_dx_of_convnetjs(
    dy: Array,
    x: Array,
    y: Array,
    base: Array,
    dx: Array,
    room: Array,
    size: int,
    axes: Axes,
    weight: float,
    beta: float,
) -> None:
    """dx = dy * base^-beta - 2 beta weight * x^2 * (sum of dy * base^(-beta - 1) over the window).

    It is `lrn_dx` with x^2 for the product of x and the x of the neighbour, which is in its y.
    """
    _power(base, beta, room)
    np.multiply(room, dy, out=room)
    np.divide(room, base, out=room)
    sums = _window_sum(room, dx, size, axes)
    np.multiply(sums, x, out=dx)
    np.multiply(dx, x, out=dx)
    _finish(dy, base, dx, room, weight, beta)


def _finish(dy: Array, base: Array, dx: Array, room: Array, weight: float, beta: float) -> None:
    """What a number owes to its neighbours, which is in `dx`, beside what it owes to itself."""
    np.multiply(dx, -2 * beta * weight, out=dx)
    _power(base, beta, room)
    np.multiply(room, dy, out=room)
    np.add(dx, room, out=dx)


def _window_sum(a: Array, spare: Array, size: int, axes: Axes) -> Array:
    """Sum over `size` neighbours along each of the axes, with zeros beyond the borders.

    Both arrays are overwritten; the one with the sums is given.
    """
    for axis in axes:
        _sum_along(np.moveaxis(a, axis, 0), np.moveaxis(spare, axis, 0), size)
        a, spare = spare, a
    return a


def _sum_along(a: Array, out: Array, size: int) -> None:
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
