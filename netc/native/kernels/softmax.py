"""Softmax over the channels of each place, and its gradient."""

from dataclasses import dataclass

from netc.native.elementary import exp
from netc.native.function import ZERO, Function, Int
from netc.native.kernel import UNITS, Argument, Kernel, shared
from netc.native.kernels.columns import Column, Columns
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import Target


@dataclass(frozen=True)
class OverChannels(Kernel):
    """What these kernels share: each unit of work is a vector of places, with all its channels."""

    layouts: tuple[tuple[str, Layout], ...]
    tail: Tail
    vector: int

    @property
    def units(self) -> int:
        return self.columns.count

    @property
    def channels(self) -> int:
        return self.columns.layout.channels

    @property
    def columns(self) -> Columns:
        return Columns(self.layouts[0][1], self.vector)

    def load(self, f: Function, name: str, channel: Int, column: Column) -> str:
        """A vector of an argument."""
        return Columns(dict(self.layouts)[name], self.vector).load(f, name, channel, column)

    def lanes(self, target: Target) -> int:
        return self.vector

    def put(self, f: Function, column: Column, channel: Int, made: str) -> None:
        """Hand a finished vector to the tail."""
        applied = self.tail.on(f, channel)
        applied.apply(made, column.offset, column.mask)
        applied.finish()


@dataclass(frozen=True)
class Softmax(OverChannels):
    """`made` is y; `x` may lie where the tail stores."""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*shared("x"), *self.tail.arguments, *UNITS)

    def emit(self, f: Function, target: Target) -> None:
        columns = self.columns
        with columns.loop(f) as column:
            greatest = greatest_of(f, columns, "x", column)
            with f.loop(0, self.channels, carry=[ZERO]) as sum_:
                x = self.load(f, "x", sum_.counter, column)
                sum_.new = [f.fadd(sum_.given[0], exp(f, f.fsub(x, greatest)))]
            share = f.fdiv(f.constant(1), sum_.out[0])
            with f.loop(0, self.channels) as loop:
                x = self.load(f, "x", loop.counter, column)
                made = f.fmul(exp(f, f.fsub(x, greatest)), share)
                self.put(f, column, loop.counter, made)


@dataclass(frozen=True)
class SoftmaxGradient(OverChannels):
    """`made` is dx, of `y` and `dy`, which may both lie where the tail stores."""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*shared("dy", "y"), *self.tail.arguments, *UNITS)

    def emit(self, f: Function, target: Target) -> None:
        with self.columns.loop(f) as column:
            with f.loop(0, self.channels, carry=[ZERO]) as sum_:
                dy, y = (self.load(f, name, sum_.counter, column) for name in ("dy", "y"))
                sum_.new = [f.fma(dy, y, sum_.given[0])]
            with f.loop(0, self.channels) as loop:
                dy, y = (self.load(f, name, loop.counter, column) for name in ("dy", "y"))
                self.put(f, column, loop.counter, f.fmul(f.fsub(dy, sum_.out[0]), y))


def greatest_of(f: Function, columns: Columns, name: str, column: Column) -> str:
    """The greatest number of the channels."""
    first = columns.load(f, name, 0, column)
    if columns.layout.channels == 1:
        return first
    with f.loop(1, columns.layout.channels, carry=[first]) as loop:
        found = columns.load(f, name, loop.counter, column)
        loop.new = [f.fmax(loop.given[0], found)]
    return loop.out[0]
