"""The weight gradient of convolutions in which each channel is by itself."""

from dataclasses import dataclass
from itertools import product

from netc.native.function import ZERO, Function, Int
from netc.native.geometry import Geometry
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.cells import vload
from netc.native.kernels.depthwise_tile import choose_lanes
from netc.native.kernels.shifts import (
    Axis,
    Patch,
    Tiles,
    read_vector,
    row_axis,
    vector_axis,
    vectors_of_period,
)
from netc.native.layout import Layout
from netc.native.target import Target
from netc.types import Dtype

_SUMS = 8
"""Sums that must be under way to keep two units of four cycles busy."""

_ROWS = 4
_VECTORS = 8


@dataclass(frozen=True)
class DepthwiseWeight(Kernel):
    """`dweight` as `WeightGradient` makes it, where each channel makes one filter by itself, on
    blocks of any size. Units are channels.

    All sums of a channel stay in registers from the first block to the last, those of `points` rows
    of the kernel at a time; with few of them there are `ways` of each, which take turns. A tile of
    `rows` by `vectors` of `dy` is held too: what is read of `x` meets all of it.
    """

    geometry: Geometry
    x: Layout
    dy: Layout
    vector: int
    rows: int
    vectors: int
    points: int
    ways: int

    @staticmethod
    def choose(
        dtype: Dtype, geometry: Geometry, x: Layout, dy: Layout, target: Target
    ) -> "DepthwiseWeight | None":
        """None where the sums do not fit."""
        lanes = choose_lanes(geometry, x.block, target.lanes(dtype), turned=False)
        columns = geometry.width.kernel
        points = min(geometry.height.kernel, (target.registers - 5) // columns)
        period = vectors_of_period(geometry.width, x.block, lanes, turned=False)
        if points == 0 or geometry.height.kernel * columns > 64:
            return None
        ways = -(-_SUMS // (points * columns))
        room = target.registers - 2 - points * columns * ways
        # As in a forward tile, more rows pay only where vectors go over neighbours.
        rows = min(_ROWS, geometry.height.out, max(1, room // period)) if x.block % lanes else 1
        most = max(period, min(_VECTORS, room // rows) // period * period)
        total = -(-geometry.width.out * x.block // lanes)
        even = -(-total // -(-total // most))
        vectors = -(-even // period) * period
        return DepthwiseWeight(dtype, geometry, x, dy, lanes, rows, vectors, points, ways)

    @property
    def arguments(self) -> tuple[Argument, ...]:
        counts = (Argument(name, "integer") for name in ("blocks", "x_step", "dy_step", "adds"))
        return (*pointers("x", "dy", "dweight"), *counts, *UNITS)

    def lanes(self, target: Target) -> int:
        return self.vector

    @property
    def units(self) -> int:
        return self.geometry.channels

    def emit(self, f: Function, target: Target) -> None:
        kernel = self.geometry.height.kernel
        more = f.op("icmp ne i64 %adds, 0")
        with f.loop("%first", "%stop", guard=True) as channels:
            for start in range(0, kernel, self.points):
                points = range(start, min(start + self.points, kernel))
                _Rows(f, self, channels.counter, points).write(more)


class _Rows:
    """Writes the sums of some rows of the kernel of a channel."""

    def __init__(self, f: Function, kernel: DepthwiseWeight, channel: Int, points: range) -> None:
        self._f, self._kernel, self._channel, self._points = f, kernel, channel, points
        height, width = kernel.geometry.height, kernel.geometry.width
        self._area, self._width = height.kernel * width.kernel, width.kernel
        self._x_line, self._line = width.size * kernel.x.block, width.out * kernel.x.block
        self._rows: Axis = row_axis(height, turned=False)
        self._vectors: Axis = vector_axis(width, kernel.x.block, f.lanes, turned=False)

    def write(self, more: str) -> None:
        """All blocks, and what they come to."""
        f, kernel, count = self._f, self._kernel, len(self._points) * self._width
        with f.loop(0, "%blocks", 1, [ZERO] * (count * kernel.ways)) as blocks:
            sums = blocks.given
            for rows in self._rows.tiles(kernel.rows):
                if any(i in self._points for reads in rows.outputs for i, _ in reads):
                    sums = self._over(rows, blocks.counter, sums)
            blocks.new = sums
        total = blocks.out[:count]
        for way in range(1, kernel.ways):
            more_sums = blocks.out[way * count : (way + 1) * count]
            total = [f.fadd(a, b) for a, b in zip(total, more_sums, strict=True)]
        self._deposit(total, more)

    def _over(self, rows: Tiles, block: Int, sums: list[str]) -> list[str]:
        """Rows that read alike."""
        f, kernel = self._f, self._kernel
        x = f.sum((block, "%x_step"), (self._channel, kernel.x.plane), rows.start * self._x_line)
        dy = f.sum((block, "%dy_step"), (self._channel, kernel.dy.plane), rows.first * self._line)
        with f.loop(0, rows.count, 1, sums) as down:
            x = f.sum(x, (down.counter, rows.shift * self._x_line))
            dy = f.sum(dy, (down.counter, rows.size * self._line))
            sums = down.given
            for vectors in self._vectors.tiles(kernel.vectors):
                first = vectors.first * f.lanes
                with f.loop(0, vectors.count, 1, sums) as along:
                    there = f.sum(x, (along.counter, vectors.shift), vectors.start)
                    here = f.sum(dy, (along.counter, vectors.size * f.lanes), first)
                    along.new = self._patch(Patch(rows, vectors), there, here, along.given)
                sums = along.out
            down.new = sums
        return down.out

    def _patch(self, patch: Patch, x: Int, dy: Int, sums: list[str]) -> list[str]:
        """The sums with one patch more."""
        f, sums, vectors, ways = self._f, list(sums), patch.vectors, self._kernel.ways
        gradients = {}
        for row, vector in product(range(patch.rows.size), range(vectors.size)):
            count = min(f.lanes, self._line - (vectors.first + vector) * f.lanes)
            place = f.sum(dy, row * self._line + vector * f.lanes)
            gradients[row, vector] = vload(f, "%dy", place, count)
        for place, numbers, meetings in patch.reads():
            found = [meeting for meeting in meetings if meeting[2] in self._points]
            if not found:
                continue
            read = read_vector(f, "%x", f.sum(x, place * self._x_line), numbers)
            for row, vector, i, j in found:
                way = (row * vectors.size + vector) % ways
                at = (way * len(self._points) + i - self._points.start) * self._width + j
                sums[at] = f.fma(read, gradients[row, vector], sums[at])
        return sums

    def _deposit(self, sums: list[str], more: str) -> None:
        """Add up the lanes; the weights of a channel lie side by side."""
        f = self._f
        first = f.sum((self._channel, self._area), self._points.start * self._width)
        for start in range(0, len(sums), f.lanes):
            some, place = sums[start : start + f.lanes], f.sum(first, start)
            mask = f.first_lanes(len(some))
            known = f.op(f"select i1 {more}, {f.mask} {mask}, {f.mask} {ZERO}")
            total = f.fadd(f.totals(some), f.vload_some("%dweight", place, known))
            f.vstore_some(total, "%dweight", place, mask)
