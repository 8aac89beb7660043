"""The weight gradient of convolutions of 3 by 3 taps with fewer multiplications, by tiles."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from netc.native.function import ZERO, Function, Int
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.winograd_points import Points
from netc.native.kernels.winograd_taps import TAPS, side_by_side
from netc.native.kernels.winograd_tiles import Tiles
from netc.native.target import Target
from netc.native.transpose import transposed


@dataclass(frozen=True)
class WinogradWeight(Kernel):
    """Sums over the examples of `blocks` blocks, whose values lie `x_step` and `dy_step` numbers
    apart. Where `adds` is not 0 they are added to what `dweight` holds.

    A unit is as many channels as a vector has lanes. Values of `columns` vectors of tiles and of
    `share` units are in the scratch at a time; register tiles are `most` filters times `width`
    units. `plane` is of x and `plane_made` of dy.
    """

    points: Points
    tiles: Tiles
    channels: int
    filters: int
    plane: int
    plane_made: int
    most: int
    width: int
    columns: int
    share: int

    @property
    def arguments(self) -> tuple[Argument, ...]:
        counts = (Argument(name, "integer") for name in ("blocks", "x_step", "dy_step", "adds"))
        return (*pointers("x", "dy", "scratch", "dweight"), *counts, *UNITS)

    @property
    def units(self) -> int:
        return -(-self.channels // self.tiles.lanes)

    def lanes(self, target: Target) -> int:
        return self.tiles.lanes

    # What is in the scratch: a square of numbers for each point, values of x, those of dy, and
    # sums of their products.

    @property
    def _count(self) -> int:
        return self.points.count**2

    @property
    def _inner(self) -> int:
        """Channels whose values lie side by side."""
        return self.share * self.tiles.lanes

    @property
    def _square(self) -> int:
        return self.tiles.lanes**2 + self.tiles.lanes

    @property
    def _read_step(self) -> int:
        return self.columns * self.tiles.lanes * self._inner + self.tiles.lanes

    @property
    def _line(self) -> int:
        """Numbers of dy's values for one filter."""
        return (self.columns | 1) * self.tiles.lanes

    @property
    def _given_step(self) -> int:
        return self.filters * self._line + self.tiles.lanes

    @property
    def _sum_step(self) -> int:
        return self.filters * self._inner + self.tiles.lanes

    @property
    def _read_at(self) -> int:
        return self._count * self._square

    @property
    def _given_at(self) -> int:
        return self._read_at + self._count * self._read_step

    @property
    def _sums_at(self) -> int:
        return self._given_at + self._count * self._given_step

    @property
    def scratch(self) -> int:
        return self._sums_at + self._count * self._sum_step

    def emit(self, f: Function, target: Target) -> None:
        with f.loop("%first", "%stop", self.share, guard=True) as unit:
            until = f.least(f.add(unit.counter, self.share), "%stop")
            part = _Part(unit.counter, until, 0, 0)
            with f.loop(0, self._count * self._sum_step, f.lanes) as t:
                f.vstore(ZERO, "%scratch", f.add(t.counter, self._sums_at))
            with f.loop(0, "%blocks") as block:
                x = f.at("%x", f.mul(block.counter, "%x_step"))
                dy = f.at("%dy", f.mul(block.counter, "%dy_step"))
                vectors = self.tiles.rows * self.tiles.vectors
                with f.loop(0, vectors, self.columns) as column:
                    stop = f.least(f.add(column.counter, self.columns), vectors)
                    self._add(f, x, dy, replace(part, start=column.counter, end=stop))
            with f.loop(0, self.filters) as filter:
                self._each(f, part, lambda u, n: self._finish(f, part, filter.counter, u, n))

    def _each(self, f: Function, part: "_Part", do: Callable[[Int, int], None]) -> None:
        """Something for each unit of a part and how many channels it has."""
        whole, rest = divmod(self.channels, f.lanes)
        if whole:
            with f.loop(part.first, f.least(part.stop, whole), guard=True) as unit:
                do(unit.counter, f.lanes)
        if rest:
            with f.when(f.op(f"icmp sgt i64 {part.stop}, {whole}")):
                do(whole, rest)

    def _add(self, f: Function, x: str, dy: str, part: "_Part") -> None:
        """What some vectors of tiles of a block add to the sums."""
        with f.loop(part.start, part.end) as vector:
            column = f.mul(f.sub(vector.counter, part.start), f.lanes)
            self._read(f, x, part, vector.counter, column)
            self._give(f, dy, vector.counter, column)
        with f.loop(0, self._count) as point:
            self._multiply(f, part, point.counter)

    def _read(self, f: Function, x: str, part: "_Part", vector: Int, column: Int) -> None:
        """Values of x at all points, [point, tile, channel]."""
        count, inputs = self.points.count, self.tiles.inputs(vector, f)

        def turn(unit: Int, channels: int) -> None:
            with f.loop(0, channels) as c:
                plane = f.mul(f.sum((unit, f.lanes), c.counter), self.plane)
                rows = [
                    self.points.of_input(f, inputs.row(f.at(x, plane), a)) for a in range(count)
                ]
                square = f.at("%scratch", f.mul(c.counter, f.lanes))
                self._store(f, rows, self.points.of_input, square, self._square)
            inner = f.mul(f.sub(unit, part.first), f.lanes)
            place = f.sum((column, self._inner), inner, self._read_at)
            with f.loop(0, self._count) as point:
                square = f.at("%scratch", f.mul(point.counter, self._square))
                into = f.at("%scratch", f.sum((point.counter, self._read_step), place))
                lines = transposed(f, [f.vload(square, t * f.lanes) for t in range(f.lanes)])
                for t, vector in enumerate(lines):
                    f.vstore(vector, into, t * self._inner)

        self._each(f, part, turn)

    def _give(self, f: Function, dy: str, vector: Int, column: Int) -> None:
        """Values of dy at all points, [point, filter, tile]."""
        points, outputs = self.points, self.tiles.outputs(vector, f)
        with f.loop(0, self.filters) as filter:
            plane = f.at(dy, f.mul(filter.counter, self.plane_made))
            rows = [outputs.read(plane, r) for r in range(points.made)]
            values = [points.of_output_gradient(f, row) for row in rows]
            into = f.at("%scratch", f.sum((filter.counter, self._line), column, self._given_at))
            self._store(f, values, points.of_output_gradient, into, self._given_step)

    def _store(
        self,
        f: Function,
        rows: list[list[str]],
        turn: Callable[[Function, list[str]], list[str]],
        into: str,
        step: int,
    ) -> None:
        """Turn the columns of rows that are turned already, and store all points."""
        for b in range(self.points.count):
            for a, value in enumerate(turn(f, [row[b] for row in rows])):
                f.vstore(value, into, (a * self.points.count + b) * step)

    def _multiply(self, f: Function, part: "_Part", point: Int) -> None:
        """Add the products at one point to the sums, [point, filter, channel]."""
        read = f.at("%scratch", f.sum((point, self._read_step), self._read_at))
        given = f.at("%scratch", f.sum((point, self._given_step), self._given_at))
        sums = f.at("%scratch", f.sum((point, self._sum_step), self._sums_at))
        tiles = f.mul(f.sub(part.end, part.start), f.lanes)
        whole, rest = divmod(self.filters, self.most)
        with f.loop(0, f.sub(part.stop, part.first), self.width) as unit:
            inner = f.mul(unit.counter, f.lanes)
            of = tiles, f.at(read, inner), f.at(sums, inner)
            if whole:
                with f.loop(0, whole * self.most, self.most) as filter:
                    self._tile(f, *of, given, filter.counter, self.most)
            if rest:
                self._tile(f, *of, given, whole * self.most, rest)

    def _tile(
        self, f: Function, tiles: Int, read: str, sums: str, given: str, filter: Int, size: int
    ) -> None:
        into = f.at(sums, f.mul(filter, self._inner))
        given = f.at(given, f.mul(filter, self._line))
        cells = [o * self._inner + t * f.lanes for o in range(size) for t in range(self.width)]
        with f.loop(0, tiles, 1, [f.vload(into, cell) for cell in cells]) as tile:
            line = f.mul(tile.counter, self._inner)
            values = [f.vload(read, f.sum(line, t * f.lanes)) for t in range(self.width)]
            made = list(tile.given)
            for o in range(size):
                factor = f.broadcast(given, f.sum(tile.counter, o * self._line))
                for t, value in enumerate(values):
                    made[o * self.width + t] = f.fma(factor, value, made[o * self.width + t])
            tile.new = made
        for vector, cell in zip(tile.out, cells, strict=True):
            f.vstore(vector, into, cell)

    def _finish(self, f: Function, part: "_Part", filter: Int, unit: Int, channels: int) -> None:
        """The gradient of the taps of one filter, for the channels of a unit."""
        count, points = self.points.count, self.points
        place = f.sum((filter, self._inner), (f.sub(unit, part.first), f.lanes), self._sums_at)
        sums = f.at("%scratch", place)
        columns = [
            points.of_weight_gradient(
                f, [f.vload(sums, (a * count + b) * self._sum_step) for a in range(count)]
            )
            for b in range(count)
        ]
        rows = [points.of_weight_gradient(f, [c[a] for c in columns]) for a in range(3)]
        taps = side_by_side(f, [tap for row in rows for tap in row])
        weight = f.at("%dweight", f.mul(f.sum((filter, self.channels), (unit, f.lanes)), TAPS))
        adds = f.op("icmp ne i64 %adds, 0")
        for t, made in enumerate(taps):
            if (left := TAPS * channels - t * f.lanes) <= 0:
                break
            mask = f.first_lanes(left)
            old = f.vload_some(weight, t * f.lanes, mask)
            old = f.op(f"select i1 {adds}, {f.vector} {old}, {f.vector} {ZERO}")
            f.vstore_some(f.fadd(old, made), weight, t * f.lanes, mask)


@dataclass(frozen=True)
class _Part:
    """Units from `first` to below `stop`, vectors of tiles from `start` to below `end`."""

    first: Int
    stop: Int
    start: Int
    end: Int
