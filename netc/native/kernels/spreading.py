"""Numbers of windows brought back to the places of the windows: the gradients of pooling."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from netc.native.function import ZERO, Function, Int
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.cells import Spot, each_tile, mask_of
from netc.native.kernels.lanes import interleaved, is_mixed
from netc.native.kernels.lookup import integers
from netc.native.layout import Layout
from netc.native.tail import Applied, Tail
from netc.native.target import Target
from netc.native.windows import Group, Holder, Windows

_TILE, _COLUMNS = 4, 8
"""Vectors that are made side by side, and places of a period."""

Found = tuple[str, ...]
"""What is read of one window."""

Places = Sequence[tuple[int, tuple[Holder, ...]]]
"""Places of a period by number, each with its windows."""


@dataclass(frozen=True)
class _Row:
    """A row of the image: its channel and number, and the rows of windows that hold it."""

    channel: Int
    number: Int
    first: Int
    stop: Int
    begins: Callable[[Int], Int]


@dataclass(frozen=True)
class Line:
    """A row of windows, of a channel, and which row of their taps is looked at."""

    channel: Int
    number: Int
    tap: Int


@dataclass(frozen=True)
class Spreading(Kernel):
    """Makes what each place gets from its windows, for the channels `first` to `stop - 1`.

    dy lies as `source`. Each place is made once, from all windows that hold it, and given to the
    tail, which writes in the same kind of block.
    """

    source: Layout
    height: Windows
    width: Windows
    tail: Tail

    numbered: ClassVar[bool]
    """Whether it matters which tap of a window a place is."""

    @property
    def given(self) -> tuple[Argument, ...]:
        """The arrays that it reads."""
        return pointers("dy")

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*self.given, *self.tail.arguments, *UNITS)

    @property
    def units(self) -> int:
        return self.source.channels

    @abstractmethod
    def find(self, f: Function, line: Line, place: Int, count: int) -> Found:
        """Read a window of a line, at a place of its plane."""

    @abstractmethod
    def part(self, f: Function, found: Found, tap: int, share: float) -> str:
        """What a place gets that is a tap of the row."""

    def result(self, f: Function, total: str) -> str:
        """What a place gets in all."""
        return total

    def emit(self, f: Function, target: Target) -> None:
        held = self.height.holders(numbered=False)
        firsts = integers(f, [row[0][0] if row else 0 for row in held])
        stops = integers(f, [row[-1][0] + 1 if row else 0 for row in held])
        begins = integers(f, self.height.begins)
        groups = self.width.groups(numbered=self.numbered)
        with f.loop("%first", "%stop", guard=True) as channels:
            applied = self.tail.on(f, channels.counter)
            with applied.loop(0, self.height.size) as number:
                row = _Row(channels.counter, number, firsts(number), stops(number), begins)
                for group in groups:
                    self._group(f, applied, row, group)
            applied.finish()

    def _group(self, f: Function, applied: Applied, row: _Row, group: Group) -> None:
        block, period = self.source.block, len(group.places)
        is_mixed_ = group.shift == 1 and is_mixed(f, block, period, group.count)
        is_long = is_mixed_ or (group.shift == 1 and period == 1)
        count, length = (1, group.count * block) if is_long else (group.count, block)
        stretch = period if is_long else 1

        def body(cell: Int, offset: Int, spots: list[Spot]) -> None:
            windows = f.sum(group.window * block, (cell, group.shift * block), offset)
            to = f.sum(
                *((row.number, self.width.size * block), group.first * block),
                *((cell, period * block), (offset, stretch)),
            )
            for start in range(0, period, _COLUMNS):
                places = list(enumerate(group.places))[start : start + _COLUMNS]
                totals = self._gathered(f, row, windows, group, places, spots)
                made = [self.result(f, vector) for vector in totals]
                for index, spot in enumerate(spots):
                    own = made[index * len(places) : (index + 1) * len(places)]
                    if is_mixed_:
                        self._put_mixed(f, applied, to, own, spot)
                        continue
                    for (column, _), vector in zip(places, own, strict=True):
                        at = (spot.cell * period + column) * block + spot.offset
                        applied.apply(vector, f.sum(to, at), mask_of(f, spot.count))

        each_tile(f, applied, count, length, max(1, _TILE // period), body)

    def _put_mixed(
        self, f: Function, applied: Applied, to: Int, made: Sequence[str], spot: Spot
    ) -> None:
        """Give the tail the vectors of the places of a period, in the order of the places."""
        first, count = spot.offset * len(made), spot.count * len(made)
        for t, vector in enumerate(interleaved(f, made, self.source.block)):
            start = t * f.lanes
            if start < count:
                applied.apply(vector, f.sum(to, first + start), mask_of(f, count - start))

    def _gathered(
        self, f: Function, row: _Row, windows: Int, group: Group, places: Places, spots: list[Spot]
    ) -> list[str]:
        """The sums of a tile; `windows` is where its first window is in a row of them."""
        nothing = [ZERO] * (len(spots) * len(places))
        if not any(holders for _, holders in places):
            return nothing

        def added(number: Int, totals: Sequence[str]) -> list[str]:
            line = Line(row.channel, number, f.sub(row.number, row.begins(number)))
            first = f.sum((number, self.width.count * self.source.block), windows)
            made, before = [], iter(totals)
            for spot in spots:
                at = f.sum(first, spot.cell * group.shift * self.source.block + spot.offset)
                known = self._found(f, line, at, spot.count, places)
                made += [self._total(f, next(before), holders, known) for _, holders in places]
            return made

        if self._is_single:
            return added(row.first, nothing)
        with f.loop(row.first, row.stop, 1, nothing, guard=True) as loop:
            loop.new = added(loop.counter, loop.given)
        return loop.out

    @property
    def _is_single(self) -> bool:
        """Whether each row is in exactly one row of windows."""
        return all(len(row) == 1 for row in self.height.holders(numbered=False))

    def _found(
        self, f: Function, line: Line, at: Int, count: int, places: Places
    ) -> dict[int, Found]:
        """What is read of the windows that hold some places, each once."""
        numbers = sorted({window for _, holders in places for window, _, _ in holders})
        block = self.source.block
        return {n: self.find(f, line, f.sum(at, n * block), count) for n in numbers}

    def _total(
        self, f: Function, total: str, holders: Sequence[Holder], known: dict[int, Found]
    ) -> str:
        """The sum of a place with what it gets of its windows added."""
        for window, tap, share in holders:
            part = self.part(f, known[window], tap, share)
            total = part if total == ZERO else f.fadd(total, part)
        return total
