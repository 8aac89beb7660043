"""The greatest of each window as ConvNetJS finds it, like the NumPy rule `max_pool_by_columns`."""

from dataclasses import dataclass

from netc.kernels.pooling import START
from netc.native.function import ZERO, Function, Int
from netc.native.kernels.max_pool import MaxPool, MaxPoolGradient
from netc.native.kernels.pooling import Number, State
from netc.native.kernels.spreading import Found, Line

_NOBODY = -1.0
"""The number of the tap that has won as long as none has."""


@dataclass(frozen=True)
class ColumnPool(MaxPool):
    """`MaxPool` whose taps are numbered column by column, the lowest of equal ones winning; where
    none is greater than the start, `index` gets the count of them."""

    @property
    def tap_steps(self) -> tuple[int, int]:
        return 1, self.height.taps

    def nothing(self, f: Function) -> State:
        return (f.constant(START), f.constant(_NOBODY)) if self.indexed else (f.constant(START),)

    def begin(self, f: Function, x: str, number: Number) -> State:
        return self.take(f, self.nothing(f), x, number)

    def take(self, f: Function, state: State, x: str, number: Number) -> State:
        is_greater = f.compare("ogt", x, state[0])
        best = f.select(is_greater, x, state[0])
        if not self.indexed:
            return (best,)
        tap = self.vector_of(f, number)
        is_before = f.both(f.compare("oeq", x, state[0]), f.compare("olt", tap, state[1]))
        winner = f.select(is_before, tap, state[1])
        return best, f.select(is_greater, tap, winner)

    def keep(self, f: Function, state: State, place: Int, mask: str | None) -> None:
        if not self.indexed:
            return
        best, winner = state
        has_won = f.compare("oge", winner, ZERO)
        count = f.constant(self.height.taps * self.width.taps)
        super().keep(f, (best, f.select(has_won, winner, count)), place, mask)


@dataclass(frozen=True)
class ColumnPoolGradient(MaxPoolGradient):
    """Makes the gradient of what went into `ColumnPool`."""

    def first_of(self, f: Function, line: Line) -> Int:
        return line.tap

    def part(self, f: Function, found: Found, tap: int, share: float) -> str:
        return super().part(f, found, tap * self.height.taps, share)
