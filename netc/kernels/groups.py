"""Statistics of groups of numbers in each example of a batch, and normalizing by them.

Arrays are [groups, lines, row * n]: the batch is innermost, so that what is done for each example
is done along a line, and `row` numbers of an example lie side by side in a line, so that lines are
long where a batch is small. Statistics are [groups, n].
"""

from dataclasses import dataclass

import numpy as np

from netc.kernels.layout import batch_last
from netc.types import Array


@dataclass(frozen=True)
class Groups:
    """How the numbers [c, ..., n] of a batch are cut: into `count` groups, each with a statistic
    for every example, or one for each of `places` in every example."""

    count: int
    row: int = 1
    places: int = 1

    def cut(self, a: Array) -> Array:
        """[n, c, ...] as [groups, lines, row * n]; a copy where strides forbid a view."""
        last = batch_last(a)
        return last.reshape(self.count, -1, self.row * self.places * last.shape[-1])

    def cut_statistic(self, a: Array) -> Array:
        """[n, groups] as [groups, n]; a copy where strides forbid a view."""
        return batch_last(a).reshape(self.count, -1)


def put_back(view: Array, a: Array) -> None:
    """Write to `a` what was written to a cut of it, should that have been a copy."""
    if not np.may_share_memory(view, a):
        last = batch_last(a)
        np.copyto(last, view.reshape(last.shape))


def normalize(
    x: Array, y: Array, room: Array, center: Array, rate: Array, row: int, epsilon: float
) -> None:
    """y = (x - center) * rate, with the mean of each group and one over its deviation.

    Fills both of them; `room` is scratch, and `y` may be `x`.
    """
    np.copyto(center, _mean(x, row))
    np.subtract(x, _spread(center, row), out=y)
    np.square(y, out=room)
    np.add(_mean(room, row), epsilon, out=rate)
    np.sqrt(rate, out=rate)
    np.divide(1, rate, out=rate)
    np.multiply(y, _spread(rate, row), out=y)


def normalize_again(x: Array, y: Array, center: Array, rate: Array, row: int) -> None:
    """The same with a center and a rate that are known."""
    np.subtract(x, _spread(center, row), out=y)
    np.multiply(y, _spread(rate, row), out=y)


def normalize_dx(dx: Array, normal: Array, room: Array, rate: Array, row: int) -> None:
    """dx = rate * (dx - mean(dx) - normal * mean(dx * normal)), in place.

    `normal`, the normalized numbers, is overwritten; `room` is scratch.
    """
    np.multiply(dx, normal, out=room)
    np.multiply(normal, _spread(_mean(room, row), row), out=normal)
    np.subtract(dx, _spread(_mean(dx, row), row), out=dx)
    np.subtract(dx, normal, out=dx)
    np.multiply(dx, _spread(rate, row), out=dx)


def _mean(a: Array, row: int) -> Array:
    groups, lines, width = a.shape
    sums: Array = np.add.reduce(a, axis=1)
    if row > 1:
        sums = np.add.reduce(sums.reshape(groups, row, width // row), axis=1)
    np.divide(sums, lines * row, out=sums)
    return sums


def _spread(statistic: Array, row: int) -> Array:
    """A statistic shaped to meet the numbers it is of."""
    wide = np.tile(statistic, (1, row)) if row > 1 else statistic
    return wide[:, None]
