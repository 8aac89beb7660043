"""Convolution of blocks of examples, and its input gradient, multiplied where the numbers lie.

A tile of sums for a few filters, pixels and vectors of examples stays in registers while channels
and taps go by. Rows of the output are outermost, then channels where they are many, then blocks of
filters, then the tiles of a row. Nothing is padded: taps outside the image are left out.
"""

from dataclasses import dataclass
from math import gcd

from netc.native.function import Function, Int
from netc.native.geometry import Geometry
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.convolution import Convolution, forward_of, input_gradient_of
from netc.native.kernels.direct_sums import Row, Span, Sums, Tile
from netc.native.kernels.direct_tile import Run, Tiling, choose, pieces, runs
from netc.native.kernels.stripes import seen
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import Target, host
from netc.types import Dtype


@dataclass(frozen=True)
class Direct(Kernel):
    """A convolution or its input gradient, with a tail on each sum.

    Blocks of examples may have any size; multiples of a vector are fast. Units are rows times
    blocks of filters.
    """

    reads: str
    shape: Convolution
    tiling: Tiling
    tail: Tail

    @staticmethod
    def forward(
        dtype: Dtype, geometry: Geometry, source: Layout, tail: Tail, target: Target | None = None
    ) -> "Direct":
        """The convolution of `x`; a dense layer is one of images with a single pixel."""
        shape = forward_of(geometry, source)
        return Direct(dtype, "x", shape, choose(shape, dtype, target or host()), tail)

    @staticmethod
    def input_gradient(
        dtype: Dtype, geometry: Geometry, source: Layout, tail: Tail, target: Target | None = None
    ) -> "Direct":
        """The input gradient, of `dy`; it is also what a transposed convolution does."""
        shape = input_gradient_of(geometry, source)
        return Direct(dtype, "dy", shape, choose(shape, dtype, target or host()), tail)

    @property
    def arguments(self) -> tuple[Argument, ...]:
        scratch = pointers("scratch") if self.scratch else ()
        return (*pointers(self.reads, "weight"), *scratch, *self.tail.arguments, *UNITS)

    def lanes(self, target: Target) -> int:
        return gcd(self.shape.block, target.lanes(self.dtype))

    @property
    def units(self) -> int:
        return self.shape.height * self.shape.groups * self._blocks

    @property
    def scratch(self) -> int:
        if self.tiling.depth >= self.shape.channels:
            return 0
        return self.shape.filters * self.shape.width * self.shape.block

    @property
    def _runs(self) -> list[Run]:
        return runs(self.shape.filters, self.tiling.filters)

    @property
    def _blocks(self) -> int:
        """Blocks of filters in a group."""
        return sum(run.count for run in self._runs)

    def emit(self, f: Function, target: Target) -> None:
        sums = Sums(f, self.shape, self.reads, self.tail, self.tiling)
        blocks = self.shape.groups * self._blocks
        rows = f.div("%first", blocks), f.div(f.add("%stop", blocks - 1), blocks)
        with f.loop(*rows, guard=True) as outputs:
            row = self._row(f, outputs.counter)
            done = f.mul(outputs.counter, blocks)
            start, stop = f.sub("%first", done), f.sub("%stop", done)
            with f.loop(0, self.shape.groups) as groups:
                passed = f.mul(groups.counter, self._blocks)
                part = f.sub(start, passed), f.sub(stop, passed)
                self._group(f, sums, row, groups.counter, part)

    def _group(self, f: Function, sums: Sums, row: Row, group: Int, part: tuple[Int, Int]) -> None:
        """The blocks of filters from `part[0]` to before `part[1]` of a group, in a row."""
        channels, depth = self.shape.channels, self.tiling.depth
        if not self.scratch:
            self._over_filters(f, sums, row, group, part, Span(0, channels, all=True))
            return
        start, stop = f.most(0, part[0]), f.least(self._blocks, part[1])
        with f.loop(start, stop, self.tiling.together, guard=True) as some:
            here = some.counter, f.least(f.add(some.counter, self.tiling.together), stop)
            with f.loop(0, channels, depth) as spans:
                first = f.op(f"icmp eq i64 {spans.counter}, 0")
                end = f.least(f.add(spans.counter, depth), channels)
                span = Span(spans.counter, end, all=False, first=first)
                self._over_filters(f, sums, row, group, here, span)
            for run in self._runs:
                blocks = _clipped(f, run, here)
                filters = [f.sum((block, run.size), run.first) for block in blocks]
                sums.settle(group, filters[0], filters[1], row)

    def _row(self, f: Function, output: Int) -> Row:
        """Where the taps of a row of the output are."""
        stripes = self.shape.rows
        number = f.div(output, stripes[0].step)
        which = f.rem(output, stripes[0].step)
        offset = _of_stripe(f, which, [s.taps[0].offset if s.taps else 0 for s in stripes])
        point = _of_stripe(f, which, [s.taps[0].point if s.taps else 0 for s in stripes])
        count = _of_stripe(f, which, [len(s.taps) for s in stripes])
        stride, (_, step) = stripes[0].stride, self.shape.row_reach
        place = f.sum((number, stride), offset)
        start: Int = 0
        stop: Int = count
        if any(s.inside() != (0, s.count) for s in stripes):
            start, stop = seen(f, stripes[0], place, count, step)
        below = f.sum(place, (f.sub(count, 1), step), stride)
        return Row(output, place, point, start, stop, below)

    def _over_filters(
        self, f: Function, sums: Sums, row: Row, group: Int, part: tuple[Int, Int], span: Span
    ) -> None:
        for run in self._runs:
            with f.loop(*_clipped(f, run, part), guard=True) as blocks:
                filter = f.sum((blocks.counter, run.size), run.first)
                self._over_pixels(f, sums, row, span, group, filter, run.size)

    def _over_pixels(
        self,
        f: Function,
        sums: Sums,
        row: Row,
        span: Span,
        group: Int,
        filter: Int,
        filters: int,
    ) -> None:
        tiling, width = self.tiling, self.tiling.vectors * f.lanes
        for stripe in self.shape.columns:
            for piece in pieces(stripe, tiling.pixels):
                with (
                    f.loop(piece.start, piece.stop, piece.pixels) as pixels,
                    f.loop(0, self.shape.block, width) as examples,
                ):
                    sums.write(
                        Tile(
                            *(group, filter, filters, stripe, pixels.counter, piece.pixels),
                            *(piece.whole, examples.counter, tiling.vectors),
                        ),
                        row,
                        span,
                    )


def _clipped(f: Function, run: Run, part: tuple[Int, Int]) -> tuple[Int, Int]:
    """The blocks of a run that are in a part of all blocks, counted from its first."""
    start = f.most(0, f.sub(part[0], run.block))
    return start, f.least(run.count, f.sub(part[1], run.block))


def _of_stripe(f: Function, which: Int, values: list[int]) -> Int:
    """The value of a stripe whose number is known when the code runs."""
    chosen: Int = values[0]
    for number, value in enumerate(values[1:], 1):
        if value != values[0] or not isinstance(chosen, int):
            here = f.op(f"icmp eq i64 {which}, {number}")
            chosen = f.op(f"select i1 {here}, i64 {value}, i64 {chosen}")
    return chosen
