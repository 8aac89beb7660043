"""Sums and means of windows, and their gradients: also images made larger, and their strength."""

from dataclasses import dataclass
from math import prod

from netc.native.function import ZERO, Function, Int
from netc.native.kernels.cells import vload
from netc.native.kernels.lookup import vectors
from netc.native.kernels.pooling import Number, Pooling, State
from netc.native.kernels.spreading import Found, Line, Spreading
from netc.native.windows import Windows


@dataclass(frozen=True)
class SumPool(Pooling):
    """Makes the sum of each window times its share: a mean, or a sum where all shares are 1."""

    def nothing(self, f: Function) -> State:
        return (ZERO,)

    def begin(self, f: Function, x: str, number: Number) -> State:
        return (x,)

    def take(self, f: Function, state: State, x: str, number: Number) -> State:
        return (f.fadd(state[0], x),)

    def result(self, f: Function, state: State, row_share: str, share: float) -> str:
        common = _common(self.height)
        if common is None:
            return f.fmul(_times(f, state[0], share), row_share)
        return _times(f, state[0], share * common)


@dataclass(frozen=True)
class SquarePool(SumPool):
    """The same of the squares of the numbers."""

    def begin(self, f: Function, x: str, number: Number) -> State:
        return (f.fmul(x, x),)

    def take(self, f: Function, state: State, x: str, number: Number) -> State:
        return (f.fma(x, x, state[0]),)


@dataclass(frozen=True)
class SumPoolGradient(Spreading):
    """Makes the gradient of what went into `SumPool`: each place gets the shares of its windows.

    It also makes images larger: there, windows are the places that show one of x.
    """

    numbered = False

    def find(self, f: Function, line: Line, place: Int, count: int) -> Found:
        dy = vload(f, "%dy", f.sum((line.channel, self.source.plane), place), count)
        if _common(self.height) is None:
            dy = f.fmul(dy, vectors(f, self.height.shares)(line.number))
        return (dy,)

    def part(self, f: Function, found: Found, tap: int, share: float) -> str:
        return found[0] if _common(self.width) is not None else _times(f, found[0], share)

    def result(self, f: Function, total: str) -> str:
        return _times(f, total, prod(_common(w) or 1 for w in (self.height, self.width)))


def _common(windows: Windows) -> float | None:
    """The share that all windows of an axis have."""
    return windows.shares[0] if len(set(windows.shares)) == 1 else None


def _times(f: Function, vector: str, number: float) -> str:
    if number == 1 or vector == ZERO:
        return vector
    return f.fmul(vector, f.constant(number))
