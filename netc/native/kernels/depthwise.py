"""Convolutions in which each channel is by itself, and their input gradients.

There is nothing to share between channels, so tiles are rows by vectors: what is read once serves
all outputs of the tile, and the weights of a channel stay in registers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from netc.native.function import ZERO, Function, Int
from netc.native.geometry import Geometry
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.cells import mask_of
from netc.native.kernels.depthwise_tile import DepthwiseTile, choose_lanes, choose_tile
from netc.native.kernels.shifts import Axis, Patch, read_vector, row_axis, vector_axis
from netc.native.layout import Layout
from netc.native.tail import Applied, Tail
from netc.native.target import Target
from netc.types import Dtype


@dataclass(frozen=True)
class Depthwise(Kernel):
    """As many groups as channels and filters, on blocks of any size. Units are channels."""

    reads: str
    geometry: Geometry
    source: Layout
    vector: int
    tile: DepthwiseTile
    tail: Tail

    @staticmethod
    def choose(
        dtype: Dtype,
        geometry: Geometry,
        source: Layout,
        tail: Tail,
        target: Target,
        *,
        turned: bool = False,
    ) -> "Depthwise | None":
        """The kernel that reads `x`, or `dy` for the gradient; none where sums do not fit."""
        lanes = choose_lanes(geometry, source.block, target.lanes(dtype), turned=turned)
        tile = choose_tile(geometry, source.block, lanes, target.registers, turned=turned)
        if tile is None:
            return None
        return Depthwise(dtype, "dy" if turned else "x", geometry, source, lanes, tile, tail)

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers(self.reads, "weight"), *self.tail.arguments, *UNITS)

    def lanes(self, target: Target) -> int:
        return self.vector

    @property
    def units(self) -> int:
        return self.geometry.channels

    @property
    def _turned(self) -> bool:
        return self.reads == "dy"

    def emit(self, f: Function, target: Target) -> None:
        g, block = self.geometry, self.source.block
        rows = row_axis(g.height, turned=self._turned)
        columns = vector_axis(g.width, block, f.lanes, turned=self._turned)
        with f.loop("%first", "%stop", guard=True) as channels:
            _Channel(f, self, channels.counter, columns).write(rows)


class _Channel:
    """Writes the convolution of one channel."""

    def __init__(self, f: Function, kernel: Depthwise, channel: Int, columns: Axis) -> None:
        g = kernel.geometry
        self._f, self._kernel, self._columns = f, kernel, columns
        self._width, self._taps = g.width.kernel, g.height.kernel * g.width.kernel
        self._plane = f.mul(channel, kernel.source.plane)
        self._first = f.mul(channel, self._taps)
        self._applied: Applied = kernel.tail.on(f, channel)
        self._held = self._weights(range(g.height.kernel)) if kernel.tile.holds else {}
        self._line = kernel.source.sides[1] * kernel.source.block
        out = g.width.size if kernel.reads == "dy" else g.width.out
        self._out = out * kernel.source.block

    def write(self, axis: Axis) -> None:
        applied, tile = self._applied, self._kernel.tile
        for rows in axis.tiles(tile.rows):
            with applied.loop(0, rows.count) as down:
                for vectors in self._columns.tiles(tile.vectors):
                    with applied.loop(0, vectors.count) as along:
                        self._patch(Patch(rows, vectors), down, along)
        applied.finish()

    def _patch(self, patch: Patch, down: Int, along: Int) -> None:
        f, rows, vectors = self._f, patch.rows, patch.vectors
        above = f.sum((down, rows.shift * self._line), rows.start * self._line)
        base = f.sum(self._plane, above, (along, vectors.shift), vectors.start)
        made = self._sums(patch, base)
        top = f.sum((down, rows.size * self._out), rows.first * self._out)
        left = f.sum((along, vectors.size * f.lanes), vectors.first * f.lanes)
        for row, vector in product(range(rows.size), range(vectors.size)):
            start = vector * f.lanes
            count = min(f.lanes, self._out - vectors.first * f.lanes - start)
            place = f.sum(top, left, row * self._out + start)
            self._applied.apply(made.get((row, vector), ZERO), place, mask_of(f, count))

    def _sums(self, patch: Patch, base: Int) -> dict[tuple[int, int], str]:
        """Each vector that the patch reads, multiplied to all sums that it is a part of."""
        f, made = self._f, dict[tuple[int, int], str]()
        pointer, weights = f"%{self._kernel.reads}", self._held
        here: int | None = None
        for place, numbers, meetings in patch.reads():
            if place != here and not self._held:
                weights = self._weights({i for _, _, i, _ in meetings})
            here = place
            read = read_vector(f, pointer, f.sum(base, place * self._line), numbers)
            for row, vector, i, j in meetings:
                old = made.get((row, vector))
                weight = weights[i, j]
                made[row, vector] = f.fma(weight, read, old) if old else f.fmul(weight, read)
        return made

    def _weights(self, rows: Iterable[int]) -> dict[tuple[int, int], str]:
        """The weights of some rows of the kernel."""
        f, width = self._f, self._width
        return {
            (i, j): f.broadcast("%weight", f.sum(self._first, i * width + j))
            for i in sorted(rows)
            for j in range(width)
        }
