"""The gradient of a convolution's weight, on blocks of whole vectors of examples."""

from collections.abc import Iterator
from dataclasses import dataclass

from netc.native.function import Function, Int
from netc.native.geometry import Geometry
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.weight_sums import Chunk, Corner, WeightSums
from netc.native.kernels.weight_tile import WeightTile, choose_tile, runs
from netc.native.layout import Layout
from netc.native.target import Target
from netc.types import Dtype


@dataclass(frozen=True)
class WeightGradient(Kernel):
    """Sums over the examples of `blocks` blocks, whose values lie `x_step` and `dy_step` numbers
    apart, for the filters of units `first` to `stop`.

    Where `adds` is not 0 the sums are added to what `dweight` holds. Its order is that of the
    weight. The block must be a multiple of the lanes.
    """

    geometry: Geometry
    x: Layout
    dy: Layout
    tile: WeightTile

    @staticmethod
    def choose(
        dtype: Dtype, geometry: Geometry, x: Layout, dy: Layout, target: Target
    ) -> "WeightGradient":
        tile = choose_tile(dtype, geometry, x, dy, target)
        return WeightGradient(dtype, geometry, x, dy, tile)

    @property
    def arguments(self) -> tuple[Argument, ...]:
        counts = (Argument(name, "integer") for name in ("blocks", "x_step", "dy_step", "adds"))
        return (*pointers("x", "dy", "dweight"), *counts, *UNITS)

    @property
    def units(self) -> int:
        return self.geometry.groups * self._units

    @property
    def _own(self) -> int:
        """Filters of a group."""
        return self.geometry.filters // self.geometry.groups

    @property
    def _seen(self) -> int:
        """Channels of a group."""
        return self.geometry.channels // self.geometry.groups

    @property
    def _units(self) -> int:
        """Tiles of filters in a group."""
        return sum(count for _, _, count in runs(self._own, self.tile.filters))

    def emit(self, f: Function, target: Target) -> None:
        sums = WeightSums(f, self.geometry, self.x, self.dy, self.tile)
        for chunk in self._chunks(f):
            for group in self._groups(f):
                for channel, channels, filter_, filters in self._tiles(f, group):
                    for row, column, columns in self._taps(f):
                        corner = (group, filter_, filters, channel, channels, row, column, columns)
                        sums.add(chunk, Corner(*corner))

    def _chunks(self, f: Function) -> Iterator[Chunk]:
        """The blocks and rows that one sum goes over."""
        tile, height = self.tile, self.geometry.height.out
        with f.loop(0, "%blocks", tile.blocks) as blocks, f.loop(0, height, tile.rows) as rows:
            start, row = blocks.counter, rows.counter
            more = f.op(f"icmp ne i64 {f.sum('%adds', start, row)}, 0")
            last = f.least(f.add(row, tile.rows), height)
            if tile.blocks == 1:
                yield Chunk(start, None, row, last, more)
            else:
                stop = f.least(f.add(start, tile.blocks), "%blocks")
                yield Chunk(start, stop, row, last, more)

    def _groups(self, f: Function) -> Iterator[Int]:
        if self.geometry.groups == 1:
            yield 0
            return
        first = f.div("%first", self._units)
        stop = f.div(f.add("%stop", self._units - 1), self._units)
        with f.loop(first, stop, guard=True) as groups:
            yield groups.counter

    def _tiles(self, f: Function, group: Int) -> Iterator[tuple[Int, int, Int, int]]:
        """Channel and channels, filter and filters of each tile, counted in their group."""
        for start, channels, count in runs(self._seen, self.tile.channels):
            at_once = max(1, self.tile.span // channels)
            with f.loop(0, count, at_once) as spans:
                stop = f.least(f.add(spans.counter, at_once), count)
                for filter_, filters in self._filters(f, group):
                    with f.loop(spans.counter, stop) as tiles:
                        yield f.sum((tiles.counter, channels), start), channels, filter_, filters

    def _filters(self, f: Function, group: Int) -> Iterator[tuple[Int, int]]:
        """The filters of each unit from `first` to `stop` in a group, and how many they are."""
        before, skipped = 0, f.mul(group, self._units)
        for start, filters, count in runs(self._own, self.tile.filters):
            first = f.most(f.sub("%first", skipped), before)
            stop = f.least(f.sub("%stop", skipped), before + count)
            with f.loop(first, stop, guard=True) as units:
                yield f.sum((f.sub(units.counter, before), filters), start), filters
            before += count

    def _taps(self, f: Function) -> Iterator[tuple[Int, Int, int]]:
        """Row, first column and number of columns of each part of a kernel."""
        width = self.geometry.width.kernel
        with f.loop(0, self.geometry.height.kernel) as rows:
            if self.tile.columns == 1 < width:
                with f.loop(0, width) as taps:
                    yield rows.counter, taps.counter, 1
                return
            for start, columns, count in runs(width, self.tile.columns):
                for piece in range(count):
                    yield rows.counter, start + piece * columns, columns
