"""One tile of a direct convolution: sums in registers while channels and taps go by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from netc.native.function import ZERO, Function, Int
from netc.native.kernels.convolution import Convolution
from netc.native.kernels.direct_tile import Tiling
from netc.native.kernels.stripes import Stripe, Tap, seen
from netc.native.tail import Tail


@dataclass(frozen=True)
class Row:
    """A row of the output at run time: the taps `start` to `stop - 1` of its column of the kernel
    lie inside the source, the first of all taps at row `place` and point `point`."""

    output: Int
    place: Int
    point: Int
    start: Int
    stop: Int
    next: Int


@dataclass(frozen=True)
class Tile:
    """Filters from `filter` on of a group, outputs from `output` on of a stripe of columns, and
    vectors of examples from `example` on. `whole` where all taps of the pixels are inside."""

    group: Int
    filter: Int
    filters: int
    stripe: Stripe
    output: Int
    pixels: int
    whole: bool
    example: Int
    vectors: int


@dataclass(frozen=True)
class Span:
    """The channels that a sum is taken over now. Where they are not `all`, sums wait in `scratch`:
    `first` is the condition that none do yet."""

    start: Int
    stop: Int
    all: bool
    first: str = ""


class Sums:
    """Writes tiles of one convolution into a function."""

    def __init__(
        self, f: Function, shape: Convolution, reads: str, tail: Tail, tiling: Tiling
    ) -> None:
        self._f, self._shape, self._tail, self._tiling = f, shape, tail, tiling
        self._source = f"%{reads}"

    def write(self, tile: Tile, row: Row, span: Span) -> None:
        """The sums of a tile over a span of channels, stored or given to the tail."""
        made = self._begin(tile, span)
        if tile.stripe.taps and row.stop != 0:
            made = self._over_channels(tile, row, span, made)
        if span.all:
            self._give(tile, row, made)
            return
        for each, vector in zip(_each(tile), made, strict=True):
            self._f.vstore(vector, "%scratch", self._waiting(tile, *each))

    def settle(self, group: Int, start: Int, stop: Int, row: Row) -> None:
        """Give the tail the sums of a row that wait, of the filters from `start` to `stop - 1`."""
        f, shape = self._f, self._shape
        size = shape.width * shape.block
        with f.loop(start, stop, guard=True) as filters:
            channel = f.sum((group, shape.filters), filters.counter)
            applied = self._tail.on(f, channel)
            with applied.loop(0, size, f.lanes) as across:
                waiting = f.vload("%scratch", f.sum((filters.counter, size), across))
                applied.apply(waiting, f.sum((row.output, size), across))
            applied.finish()

    # Where things are -----------------------------------------------------------------------

    def _waiting(self, tile: Tile, filter: int, pixel: int, vector: int) -> Int:
        """The place of a sum in scratch."""
        shape = self._shape
        return self._f.sum(
            (self._f.add(tile.filter, filter), shape.width * shape.block),
            self._across(tile, pixel, vector),
        )

    def _across(self, tile: Tile, pixel: int, vector: int) -> Int:
        """The place of a sum in its row of the output."""
        stripe, block = tile.stripe, self._shape.block
        return self._f.sum(
            (tile.output, stripe.step * block),
            tile.example,
            (stripe.first + pixel * stripe.step) * block + vector * self._f.lanes,
        )

    def _output(self, tile: Tile, row: Row, pixel: int, vector: int) -> Int:
        """The place of a sum in the plane of its channel."""
        shape = self._shape
        return self._f.sum(
            (row.output, shape.width * shape.block), self._across(tile, pixel, vector)
        )

    def _channel(self, tile: Tile, filter: int) -> Int:
        return self._f.sum((tile.group, self._shape.filters), tile.filter, filter)

    # Sums -----------------------------------------------------------------------------------

    def _begin(self, tile: Tile, span: Span) -> list[str]:
        f = self._f
        if span.all:
            return [ZERO for _ in _each(tile)]
        before = [f.vload("%scratch", self._waiting(tile, *each)) for each in _each(tile)]
        kind = f.vector
        return [
            f.op(f"select i1 {span.first}, {kind} {ZERO}, {kind} {vector}") for vector in before
        ]

    def _over_channels(self, tile: Tile, row: Row, span: Span, made: list[str]) -> list[str]:
        f, shape = self._f, self._shape
        strides = shape.strides
        first = f.sum((tile.group, strides.group), (tile.filter, strides.filter))
        base = f.mul(tile.group, shape.channels)
        left = f.sum((tile.output, tile.stripe.stride * shape.block), tile.example)
        point_step, place_step = shape.row_reach
        guard = any(stripe.may_be_empty for stripe in shape.rows)
        with f.loop(span.start, span.stop, 1, made) as channels:
            plane = f.sum((f.add(base, channels.counter), shape.source.plane), left)
            weight = f.sum(first, (channels.counter, strides.channel))
            if self._tiling.streams:
                self._ask_for_weights(tile, channels.counter, first, weight)
            if self._tiling.ahead and tile.whole:
                self._ask_for_rows(tile, row, plane)
            with f.loop(row.start, row.stop, 1, channels.given, guard=guard) as taps:
                place = f.sum(row.place, (taps.counter, place_step))
                point = f.sum(row.point, (taps.counter, point_step))
                taps.new = self._row_of_taps(
                    tile,
                    f.sum(plane, (place, shape.source_width * shape.block)),
                    f.sum(weight, (point, strides.row)),
                    taps.given,
                )
            channels.new = taps.out
        return channels.out

    def _row_of_taps(self, tile: Tile, source: Int, weight: Int, made: list[str]) -> list[str]:
        """One row of the kernel."""
        if tile.stripe.is_long:
            return self._long_row(tile, source, weight, made)
        found: dict[int, str] = {}
        for tap in tile.stripe.taps:
            pixels = [p for p in range(tile.pixels) if self._sees(tile, p, tap)]
            if tile.filters > 1:  # else neighbours share what they read, and there is room for it
                found = {}
            made = self._tap(tile, tap, pixels, source, weight, made, found)
        return made

    def _long_row(self, tile: Tile, source: Int, weight: Int, made: list[str]) -> list[str]:
        """One row of a kernel that has too many columns to write them out."""
        f, stripe = self._f, tile.stripe
        point_step, place_step = stripe.reach
        start: Int = 0
        stop: Int = len(stripe.taps)
        if not tile.whole:
            place = f.sum((tile.output, stripe.stride), stripe.taps[0].offset)
            start, stop = seen(f, stripe, place, stop, place_step)
        with f.loop(start, stop, 1, made, guard=stripe.may_be_empty) as taps:
            taps.new = self._tap(
                tile,
                stripe.taps[0],
                range(tile.pixels),
                f.sum(source, (taps.counter, place_step * self._shape.block)),
                f.sum(weight, (taps.counter, point_step)),
                taps.given,
                {},
            )
        return taps.out

    def _tap(
        self,
        tile: Tile,
        tap: Tap,
        pixels: Sequence[int],
        source: Int,
        weight: Int,
        made: Sequence[str],
        found: dict[int, str],
    ) -> list[str]:
        """One point of the kernel, with the vectors that are `found` in registers."""
        f, made = self._f, list(made)
        read = {}
        for p, v in product(pixels, range(tile.vectors)):
            place = self._from(tile, p, v, tap)
            if place not in found:
                found[place] = f.vload(self._source, f.sum(source, place))
            read[p, v] = found[place]
        for filter in range(tile.filters if read else 0):
            place = filter * self._shape.strides.filter + tap.point
            factor = f.broadcast("%weight", f.sum(weight, place))
            for (p, v), vector in read.items():
                at = (filter * tile.pixels + p) * tile.vectors + v
                made[at] = f.fma(factor, vector, made[at])
        return made

    def _sees(self, tile: Tile, pixel: int, tap: Tap) -> bool:
        if tile.whole:
            return True
        assert isinstance(tile.output, int)
        return tile.stripe.sees(tile.output + pixel, tap)

    def _from(self, tile: Tile, pixel: int, vector: int, tap: Tap) -> int:
        return (pixel * tile.stripe.stride + tap.offset) * self._shape.block + (
            vector * self._f.lanes
        )

    # What follows ---------------------------------------------------------------------------

    def _give(self, tile: Tile, row: Row, made: list[str]) -> None:
        """Hand the sums to the tail, filter by filter."""
        for filter in range(tile.filters):
            applied = self._tail.on(self._f, self._channel(tile, filter))
            for at, (f, p, v) in enumerate(_each(tile)):
                if f == filter:
                    applied.apply(made[at], self._output(tile, row, p, v))
            applied.finish()

    def _ask_for_rows(self, tile: Tile, row: Row, plane: Int) -> None:
        """What this tile will be the first to want in the next row of the output: no processor
        foresees as many streams as there are channels."""
        f, shape = self._f, self._shape
        line = 64 // f.item_bytes
        for above in range(min(shape.rows[0].stride, len(shape.rows[0].taps))):
            start = f.sum(plane, (f.sub(row.next, above), shape.source_width * shape.block))
            for offset in range(0, tile.pixels * tile.stripe.stride * shape.block, line):
                f.prefetch(self._source, f.sum(start, offset))

    def _ask_for_weights(self, tile: Tile, channel: Int, first: Int, weight: Int) -> None:
        """A line of weights that is wanted some hundred cycles later."""
        f, strides = self._f, self._shape.strides
        line = 64 // f.item_bytes
        if strides.filter < strides.channel:
            # Rows are far apart. Where all is used once, the same filters are next, so many rows
            # below; else the next filters, which lie to the right.
            size = tile.filters * strides.filter
            below = self._tiling.depth * strides.channel
            ahead = below if self._shape.is_dense else size
            for place in (*range(0, size - 1, line), size - 1):
                f.prefetch("%weight", f.sum(weight, ahead + place))
            return
        # One row of each filter goes by: the next line of another filter in each round.
        turn = f.rem(channel, line)
        right = f.sum(first, (f.sub(channel, turn), strides.channel), 8 * line)
        f.prefetch("%weight", f.sum(right, (f.least(turn, tile.filters - 1), strides.filter)))


def _each(tile: Tile) -> Iterator[tuple[int, int, int]]:
    """Filter, pixel and vector of each sum, in order."""
    for filter in range(tile.filters):
        for pixel in range(tile.pixels):
            for vector in range(tile.vectors):
                yield filter, pixel, vector
