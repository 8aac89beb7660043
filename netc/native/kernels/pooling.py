"""Windows of an image reduced to one number each: what all kinds of pooling share."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from netc.native.function import Function, Int
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.cells import Spot, each_tile, mask_of, vload
from netc.native.kernels.lanes import is_mixed, load_apart
from netc.native.kernels.lookup import integers, vectors
from netc.native.layout import Layout
from netc.native.tail import Applied, Tail
from netc.native.target import Target
from netc.native.windows import Run, Windows

_TILE = 4
"""Vectors that are reduced side by side: a vector alone would wait for its own last step."""

_UNROLLED_ROWS, _UNROLLED_TAPS = 4, 16

State = tuple[str, ...]
"""The vectors that a window has been reduced to so far."""

Number = tuple[str, int]
"""The number of a tap: a vector and what to add, so that it is made only where it is needed."""


@dataclass(frozen=True)
class _Row:
    """A row of windows: its number, the rows of the image in it, the first tap, the share."""

    out: Int
    start: Int
    count: Int
    tap: Int
    share: str


@dataclass(frozen=True)
class Pooling(Kernel):
    """Reduces windows of the channels `first` to `stop - 1` of x, which lies as `source`.

    The tail gets one vector for each window and writes in the same kind of block.
    """

    source: Layout
    height: Windows
    width: Windows
    tail: Tail

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers("x"), *self.kept, *self.tail.arguments, *UNITS)

    @property
    def kept(self) -> tuple[Argument, ...]:
        """Arrays that it writes besides those of the tail."""
        return ()

    @property
    def units(self) -> int:
        return self.source.channels

    @property
    def tap_steps(self) -> tuple[int, int]:
        """From the number of a tap to that of the one below it, and of the next in its row."""
        return self.width.taps, 1

    @property
    def out_plane(self) -> int:
        """Numbers of a channel of what is made, without gaps."""
        return self.height.count * self.width.count * self.source.block

    @abstractmethod
    def nothing(self, f: Function) -> State:
        """The state of a window of which nothing was seen."""

    @abstractmethod
    def begin(self, f: Function, x: str, number: Number) -> State:
        """The state of a window of which one place was seen."""

    @abstractmethod
    def take(self, f: Function, state: State, x: str, number: Number) -> State:
        """The state with one place more."""

    @abstractmethod
    def result(self, f: Function, state: State, row_share: str, share: float) -> str:
        """What becomes of a window."""

    def keep(self, f: Function, state: State, place: Int, mask: str | None) -> None:
        """Write something besides, at a place of planes without gaps."""
        return

    def emit(self, f: Function, target: Target) -> None:
        starts = integers(f, [start for start, _ in self.height.spans])
        counts = integers(f, [stop - start for start, stop in self.height.spans])
        skipped = integers(
            f, [s - b for (s, _), b in zip(self.height.spans, self.height.begins, strict=True)]
        )
        shares = vectors(f, self.height.shares)
        runs = self.width.runs()
        with f.loop("%first", "%stop", guard=True) as channels:
            applied = self.tail.on(f, channels.counter)
            with applied.loop(0, self.height.count) as out:
                row = _Row(out, starts(out), counts(out), skipped(out), shares(out))
                for run in runs:
                    self._run(f, applied, channels.counter, row, run)
            applied.finish()

    def _run(self, f: Function, applied: Applied, channel: Int, row: _Row, run: Run) -> None:
        block, width = self.source.block, self.source.sides[-1]
        # Where windows are one place apart, numbers next to each other stay so: one long cell.
        is_long = run.step == 1 or is_mixed(f, block, run.step, run.count)
        count, length = (1, run.count * block) if is_long else (run.count, block)
        stretch = run.step if is_long else 1

        def body(cell: Int, offset: Int, spots: list[Spot]) -> None:
            x = f.sum(
                *((channel, self.source.plane), (row.start, width * block)),
                *(run.start * block, (cell, run.step * block), (offset, stretch)),
            )
            states = self._reduced(f, f.at("%x", x), row, run, spots)
            y = f.sum((row.out, self.width.count * block), run.first * block, (cell, block), offset)
            for spot, state in zip(spots, states, strict=True):
                place = f.sum(y, spot.cell * block + spot.offset)
                mask = mask_of(f, spot.count)
                self.keep(f, state, f.sum((channel, self.out_plane), place), mask)
                applied.apply(self.result(f, state, row.share, run.share), place, mask)

        each_tile(f, applied, count, length, _TILE, body)

    def _reduced(
        self, f: Function, pointer: str, row: _Row, run: Run, spots: list[Spot]
    ) -> list[State]:
        """The windows of a tile; the pointer is to the first place of the first."""
        width, block = self.source.sides[-1], self.source.block
        states: list[State] = []
        if (lines := self._few_lines(row, run)) is not None:
            for t, number in enumerate(lines):
                line = f.at(pointer, t * width * block)
                states = self._line(f, states, line, ("", number), run, spots)
            return states
        below, beside = self.tap_steps
        first = f.splat(self._as_number(f, f.sum((row.tap, below), run.skipped * beside)))
        nothing = [self.nothing(f)] * len(spots)
        with f.loop(0, row.count, 1, (first, *_flat(nothing)), guard=True) as loop:
            line = f.at(pointer, f.mul(loop.counter, width * block))
            states = _cut(loop.given[1:], len(spots))
            states = self._line(f, states, line, (loop.given[0], 0), run, spots)
            following = f.fadd(loop.given[0], f.constant(below))
            loop.new = [following, *_flat(states)]
        return _cut(loop.out[1:], len(spots))

    def _few_lines(self, row: _Row, run: Run) -> list[int] | None:
        """The numbers of the first taps of each row, where all windows have the same few rows."""
        if not isinstance(row.count, int) or not isinstance(row.tap, int) or not run.taps:
            return None
        lines = range(row.tap, row.tap + row.count)
        below, beside = self.tap_steps
        numbers = [line * below + run.skipped * beside for line in lines]
        return numbers if 0 < len(numbers) <= _UNROLLED_ROWS else None

    def _line(
        self,
        f: Function,
        states: list[State],
        line: str,
        number: Number,
        run: Run,
        spots: list[Spot],
    ) -> list[State]:
        """The states with the taps of one row more; none are there before the first."""
        block, beside = self.source.block, self.tap_steps[1]
        if run.taps <= _UNROLLED_TAPS:
            for t in range(run.taps):
                tap = (number[0], number[1] + t * beside)
                states = self._tap(f, states, f.at(line, t * block), tap, run, spots)
            return states
        states = states or [self.nothing(f)] * len(spots)
        base = self.vector_of(f, number)
        with f.loop(0, run.taps, 1, (base, *_flat(states))) as loop:
            place = f.at(line, f.mul(loop.counter, block))
            states = _cut(loop.given[1:], len(spots))
            states = self._tap(f, states, place, (loop.given[0], 0), run, spots)
            loop.new = [f.fadd(loop.given[0], f.constant(beside)), *_flat(states)]
        return _cut(loop.out[1:], len(spots))

    def _tap(
        self,
        f: Function,
        states: list[State],
        place: str,
        number: Number,
        run: Run,
        spots: list[Spot],
    ) -> list[State]:
        found = []
        for index, spot in enumerate(spots):
            x = self._load(f, place, run, spot)
            if states:
                found.append(self.take(f, states[index], x, number))
            else:
                found.append(self.begin(f, x, number))
        return found

    def _load(self, f: Function, place: str, run: Run, spot: Spot) -> str:
        """A tap of the windows of a vector."""
        block, step = self.source.block, run.step
        if is_mixed(f, block, step, run.count):
            return load_apart(f, place, spot.offset * step, spot.count, block, step)
        return vload(f, place, spot.cell * step * block + spot.offset, spot.count)

    def vector_of(self, f: Function, number: Number) -> str:
        vector, more = number
        if not vector:
            return f.constant(more)
        return f.fadd(vector, f.constant(more)) if more else vector

    def _as_number(self, f: Function, integer: Int) -> str:
        if isinstance(integer, int):
            return f.scalar(integer)
        return f.op(f"sitofp i64 {integer} to {f.number}")


def _flat(states: Sequence[State]) -> list[str]:
    return [vector for state in states for vector in state]


def _cut(vectors: Sequence[str], count: int) -> list[State]:
    """The same, as `count` states."""
    each = len(vectors) // count
    return [tuple(vectors[i : i + each]) for i in range(0, len(vectors), each)]
