"""The sums of one tile of weights: held in registers over many examples, then added to memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from netc.native.function import ZERO, Function, Int
from netc.native.geometry import Geometry, Side
from netc.native.kernels.weight_tile import ColumnRun, WeightTile, column_runs
from netc.native.layout import Layout

_WRITTEN = 4
"""Vectors of examples of one column that are written out; for more there is a loop."""

Sums = list[str]


@dataclass(frozen=True)
class Chunk:
    """What is summed over: blocks from `start` to `stop`, or one, and output rows. `more` tells
    (i1) whether memory holds a part of the sum already."""

    start: Int
    stop: Int | None
    row: Int
    last: Int
    more: str


@dataclass(frozen=True)
class Corner:
    """A tile: its first filter and channel, counted in their group, and how many there are; the
    row of the kernel; the first column and how many. Only a single column may be unknown now."""

    group: Int
    filter: Int
    filters: int
    channel: Int
    channels: int
    row: Int
    column: Int
    columns: int


@dataclass(frozen=True)
class _Step:
    """A vector of examples at one output place: where it is read, and the taps that are inside."""

    x: Int
    dy: Int
    taps: tuple[int, ...]
    way: int = 0


@dataclass(frozen=True)
class WeightSums:
    """Writes the loops over a chunk for tiles of one geometry."""

    f: Function
    geometry: Geometry
    x: Layout
    dy: Layout
    tile: WeightTile

    def add(self, chunk: Chunk, corner: Corner) -> None:
        """Add the sums of a tile to memory."""
        held = corner.filters * corner.channels * corner.columns
        sums = self._over_blocks(chunk, corner, [ZERO] * (held * self.tile.ways))
        total = sums[:held]
        for way in range(1, self.tile.ways):
            more = sums[way * held : (way + 1) * held]
            total = [self.f.fadd(a, b) for a, b in zip(total, more, strict=True)]
        self._deposit(chunk, corner, total)

    def _over_blocks(self, chunk: Chunk, corner: Corner, sums: Sums) -> Sums:
        if chunk.stop is None:
            return self._over_rows(chunk, chunk.start, corner, sums)
        with self.f.loop(chunk.start, chunk.stop, 1, sums) as blocks:
            blocks.new = self._over_rows(chunk, blocks.counter, corner, blocks.given)
        return blocks.out

    def _over_rows(self, chunk: Chunk, block: Int, corner: Corner, sums: Sums) -> Sums:
        f, side = self.f, self.geometry.height
        start, stop = _inside(f, side, corner.row, chunk.row, chunk.last)
        if isinstance(start, int) and isinstance(stop, int) and stop <= start:
            return sums
        above = f.sum((corner.row, side.dilation), -side.pad)
        x = f.sum((block, "%x_step"), (self._channel(corner), self.x.plane))
        dy = f.sum((block, "%dy_step"), (self._filter(corner), self.dy.plane))
        line, out = self.geometry.width.size * self.x.block, self.geometry.width.out * self.x.block
        with f.loop(start, stop, 1, sums, guard=True) as rows:
            row = f.sum((rows.counter, side.stride), above)
            place = f.sum(x, (row, line)), f.sum(dy, (rows.counter, out))
            rows.new = self._over_columns(corner, place, rows.given)
        return rows.out

    def _over_columns(self, corner: Corner, row: tuple[Int, Int], sums: Sums) -> Sums:
        f, side, column = self.f, self.geometry.width, corner.column
        shift = f.mul(f.sum((column, side.dilation), -side.pad), self.x.block)
        row = f.sum(row[0], shift), row[1]
        if isinstance(column, int):
            for run in column_runs(side, column, corner.columns):
                sums = self._over_run(corner, row, run, sums)
            return sums
        start, stop = _inside(f, side, column, 0, side.out)
        with f.loop(start, stop, 1, sums, guard=True) as columns:
            columns.new = self._column(corner, row, columns.counter, 0, (0,), columns.given)
        return columns.out

    def _over_run(self, corner: Corner, row: tuple[Int, Int], run: ColumnRun, sums: Sums) -> Sums:
        """Columns that see the same taps, as many at once as there are ways to fill."""
        at_once = -(-self.tile.ways * self.f.lanes // self.x.block)
        start, stop, taps = run
        even = start + (stop - start) // at_once * at_once
        if even > start:
            with self.f.loop(start, even, at_once, sums) as columns:
                sums = columns.given
                for index in range(at_once):
                    sums = self._column(corner, row, columns.counter, index, taps, sums)
                columns.new = sums
            sums = columns.out
        for index in range(stop - even):
            sums = self._column(corner, row, even, index, taps, sums)
        return sums

    def _column(
        self,
        corner: Corner,
        row: tuple[Int, Int],
        place: Int,
        index: int,
        taps: tuple[int, ...],
        sums: Sums,
    ) -> Sums:
        """All examples at the output column `place` + `index`."""
        f, block, stride = self.f, self.x.block, self.geometry.width.stride * self.x.block
        x = f.sum(row[0], (place, stride), index * stride)
        dy = f.sum(row[1], (place, block), index * block)
        vectors = block // f.lanes
        if vectors > _WRITTEN:
            with f.loop(0, block, f.lanes, sums) as loop:
                step = _Step(f.add(x, loop.counter), f.add(dy, loop.counter), taps)
                loop.new = self._step(corner, step, loop.given)
            return loop.out
        for part in range(vectors):
            way = (index * vectors + part) % self.tile.ways
            step = _Step(f.add(x, part * f.lanes), f.add(dy, part * f.lanes), taps, way)
            sums = self._step(corner, step, sums)
        return sums

    def _step(self, corner: Corner, step: _Step, sums: Sums) -> Sums:
        """All products of a step. The smaller side is held, the other one loaded as it goes."""
        f, sums = self.f, list(sums)
        if len(step.taps) == corner.columns:
            self._fetch(corner, step)
        apart = self.geometry.width.dilation * self.x.block
        xs = [(c, t) for c in range(corner.channels) for t in step.taps]
        dys = list(range(corner.filters))

        def x(at: tuple[int, int]) -> str:
            return f.vload("%x", f.sum(step.x, at[0] * self.x.plane + at[1] * apart))

        def dy(o: int) -> str:
            return f.vload("%dy", f.sum(step.dy, o * self.dy.plane))

        def product(o: int, at: tuple[int, int], gradient: str, number: str) -> None:
            own = (step.way * corner.filters + o) * corner.channels + at[0]
            place = own * corner.columns + at[1]
            sums[place] = f.fma(gradient, number, sums[place])

        if len(dys) > len(xs):
            numbers = [x(at) for at in xs]
            for o in dys:
                gradient = dy(o)
                for at, number in zip(xs, numbers, strict=True):
                    product(o, at, gradient, number)
        else:
            gradients = [dy(o) for o in dys]
            for at in xs:
                number = x(at)
                for o, gradient in zip(dys, gradients, strict=True):
                    product(o, at, gradient, number)
        return sums

    def _fetch(self, corner: Corner, step: _Step) -> None:
        """Ask for what the next chunk reads here: the processor does not follow that many lines."""
        f, block = self.f, self.x.block
        height, width = self.geometry.height, self.geometry.width
        if self.tile.fetches_x:
            x = f.sum(step.x, self.tile.rows * height.stride * width.size * block)
            for channel in range(corner.channels):
                for column in range(min(width.stride, (width.kernel - 1) * width.dilation + 1)):
                    f.prefetch("%x", f.sum(x, channel * self.x.plane + column * block), level=2)
        if self.tile.fetches_dy:
            dy = f.sum(step.dy, self.tile.rows * width.out * block)
            for filter_ in range(corner.filters):
                f.prefetch("%dy", f.sum(dy, filter_ * self.dy.plane), level=2)

    def _deposit(self, chunk: Chunk, corner: Corner, sums: Sums) -> None:
        """Add up the lanes, and put what lies side by side in memory there at once."""
        f, geometry = self.f, self.geometry
        seen = geometry.channels // geometry.groups
        area = geometry.height.kernel * geometry.width.kernel
        base = f.sum(
            (self._filter(corner), seen * area),
            (corner.channel, area),
            (corner.row, geometry.width.kernel),
            corner.column,
        )
        places = [
            (o * seen + c) * area + t
            for o in range(corner.filters)
            for c in range(corner.channels)
            for t in range(corner.columns)
        ]
        for start in range(0, len(sums), f.lanes):
            total = f.totals(sums[start : start + f.lanes])
            for lane, count in _neighbours(places[start : start + f.lanes]):
                self._put(chunk, total, lane, count, f.sum(base, places[start + lane]))

    def _put(self, chunk: Chunk, total: str, lane: int, count: int, place: Int) -> None:
        """Some lanes of a vector to memory."""
        f = self.f
        if lane:
            total = f.shuffle(total, total, [(lane + t) % f.lanes for t in range(f.lanes)])
        mask = f.first_lanes(count)
        known = f.op(f"select i1 {chunk.more}, {f.mask} {mask}, {f.mask} {ZERO}")
        total = f.fadd(total, f.vload_some("%dweight", place, known))
        f.vstore_some(total, "%dweight", place, mask)

    def _filter(self, corner: Corner) -> Int:
        own = self.geometry.filters // self.geometry.groups
        return self.f.sum((corner.group, own), corner.filter)

    def _channel(self, corner: Corner) -> Int:
        seen = self.geometry.channels // self.geometry.groups
        return self.f.sum((corner.group, seen), corner.channel)


def _inside(f: Function, side: Side, tap: Int, start: Int, stop: Int) -> tuple[Int, Int]:
    """Those windows from `start` to `stop` whose tap is inside the image."""
    reach = (side.out - 1) * side.stride + (side.kernel - 1) * side.dilation
    if side.pad == 0 and reach < side.size:
        return start, stop
    above = f.sum((tap, side.dilation), -side.pad)
    first = f.sub(0, f.div(above, side.stride))
    last = f.add(f.div(f.sub(side.size - 1, above), side.stride), 1)
    return f.most(start, first), f.least(stop, last)


def _neighbours(places: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of places that follow each other: where they start in the list, and how many."""
    found: list[tuple[int, int]] = []
    for index, place in enumerate(places):
        if index and place == places[index - 1] + 1:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((index, 1))
    return found
