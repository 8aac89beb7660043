"""Convolution where blocks of examples do not fill vectors: a panel of what some places read is
gathered, and multiplied with the weights while it is in the cache."""

from collections.abc import Callable
from dataclasses import dataclass

from netc.native.function import ZERO, Function, Int
from netc.native.geometry import Geometry
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.panel_gather import Gather
from netc.native.kernels.panel_product import Product, backward_products, forward_product
from netc.native.kernels.panel_tile import Run, blocks, tile
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import ITEM_BYTES, Target, host
from netc.types import Dtype

_PANEL_BYTES = 256 << 10
"""A panel stays in the second cache, beside the weights that go by."""

_DEPTH = 256
"""Taps of a panel: two vectors of places for each of them stay in the first cache."""

_MOST_PLACES = 2048


@dataclass(frozen=True)
class Panel(Kernel):
    """Makes all filters at the places of some units, or the filters of some units everywhere.

    `source` names the argument that is read. `vector` is a vector's numbers, `most` the filters and
    `width` the vectors of a register tile; `depth` channels and `strips` strips of `width` vectors
    are in a panel at a time.
    """

    source: str
    product: Product
    tail: Tail
    vector: int
    most: int
    width: int
    depth: int
    strips: int
    by_filters: bool

    @staticmethod
    def forward(
        dtype: Dtype,
        geometry: Geometry,
        source: Layout,
        tail: Tail,
        *,
        threads: int = 1,
        target: Target | None = None,
    ) -> "Panel":
        """Reads `x` and `weight`; the tail is given the output without its bias."""
        product = forward_product(geometry, source)
        return _chosen(dtype, "x", product, tail, threads, target or host())

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers(self.source, "weight", "scratch"), *self.tail.arguments, *UNITS)

    @property
    def units(self) -> int:
        if self.by_filters:
            return self.product.groups * self._blocks
        return -(-self.product.places // self._strip)

    @property
    def scratch(self) -> int:
        return self._panel + (self.product.filters * self._line if self._rounds > 1 else 0)

    def lanes(self, target: Target) -> int:
        return self.vector

    @property
    def _strip(self) -> int:
        """Places of a strip."""
        return self.width * self.vector

    @property
    def _line(self) -> int:
        """Places that a panel has room for."""
        return self.strips * self._strip

    @property
    def _gather(self) -> Gather:
        return self.product.gather(self._line, self.vector)

    @property
    def _panel(self) -> int:
        return self.depth * self.product.taps * self._gather.room

    @property
    def _rounds(self) -> int:
        """Panels that the sums at a place are made of."""
        return -(-self.product.channels // self.depth)

    @property
    def _runs(self) -> list[Run]:
        return blocks(self.product.filters, self.most)

    @property
    def _blocks(self) -> int:
        return sum(run.count for run in self._runs)

    def emit(self, f: Function, target: Target) -> None:
        all_strips = -(-self.product.places // self._strip)
        if not self.by_filters:
            with f.loop(0, self.product.groups) as g:
                self._tiles(f, g.counter, "%first", "%stop", 0, self._blocks)
            return
        first = f.div("%first", self._blocks)
        last = f.add(f.div(f.sub("%stop", 1), self._blocks), 1)
        with f.loop(first, last) as g:
            base = f.mul(g.counter, self._blocks)
            begin = f.most(f.sub("%first", base), 0)
            end = f.least(f.sub("%stop", base), self._blocks)
            self._tiles(f, g.counter, 0, all_strips, begin, end)

    def _tiles(
        self, f: Function, group: Int, first: Int, stop: Int, begin: Int, end: Int
    ) -> None:
        """Strips from `first` to below `stop`, blocks of filters from `begin` to below `end`."""
        with f.loop(first, stop, self.strips, guard=True) as tiles:
            until = f.least(f.add(tiles.counter, self.strips), stop)
            if self._rounds > 1:
                self._clear(f, begin, end)
            with f.loop(0, self._rounds) as rounds:
                self._round(f, group, tiles.counter, until, begin, end, rounds.counter)

    def _sums(self, f: Function, filter: Int) -> str:
        return f.at("%scratch", f.sum((filter, self._line), self._panel))

    def _clear(self, f: Function, begin: Int, end: Int) -> None:
        for run in self._runs:
            low, high = _part(f, run, begin, end)
            with f.loop(low, high, guard=True) as block:
                sums = self._sums(f, f.sum((block.counter, run.size), run.first))
                with f.loop(0, run.size * self._line, self.vector) as t:
                    f.vstore(ZERO, sums, t.counter)

    def _round(
        self, f: Function, group: Int, first: Int, stop: Int, begin: Int, end: Int, round: Int
    ) -> None:
        """Gather one panel and add what it gives."""
        product, strip = self.product, self._strip
        channel = f.mul(round, self.depth)
        depth = f.least(f.sub(product.channels, channel), self.depth)
        start = f.mul(first, strip)
        places = f.least(f.mul(stop, strip), product.places)
        source = f.sum((group, product.channels), channel)
        place = f.at(f"%{self.source}", f.mul(source, product.plane))
        self._gather.emit(f, place, depth, start, places, "%scratch")
        whole = product.places // strip
        at = _At(group, channel, depth, round)

        def strips(index: Int, width: int, mask: str | None) -> None:
            offset = f.mul(f.sub(index, first), strip)
            for run in self._runs:
                low, high = _part(f, run, begin, end)
                with f.loop(low, high, guard=True) as block:
                    filter = f.sum((block.counter, run.size), run.first)
                    self._tile(f, at, filter, run.size, offset, f.mul(index, strip), width, mask)

        if whole:
            with f.loop(first, f.least(stop, whole), guard=True) as index:
                strips(index.counter, self.width, None)
        if rest := product.places % strip:
            width = -(-rest // self.vector)
            mask = f.first_lanes(rest % self.vector) if rest % self.vector else None
            with f.when(f.op(f"icmp sgt i64 {stop}, {whole}")):
                strips(whole, width, mask)

    def _tile(
        self,
        f: Function,
        at: "_At",
        filter: Int,
        size: int,
        offset: Int,
        place: Int,
        width: int,
        mask: str | None,
    ) -> None:
        """One register tile; `mask` is for its last vector, where that is not full."""
        product, many = self.product, self._rounds > 1
        sums = self._sums(f, filter)
        cells = [(o, t) for o in range(size) for t in range(width)]
        spots = [f.sum(offset, o * self._line + t * self.vector) for o, t in cells] if many else []
        weight = f.sum(
            (at.group, product.group_step),
            (filter, product.filter_step),
            (at.channel, product.channel_step),
        )
        panel = f.at("%scratch", f.sum(offset, self._gather.before))
        given = [f.vload(sums, spot) for spot in spots] or [ZERO] * len(cells)
        room = self._gather.room
        made = product.sums(f, f.at("%weight", weight), panel, room, at.depth, size, given)

        def finish() -> None:
            for o in range(size):
                channel = f.sum((at.group, product.filters), filter, o)
                applied = self.tail.on(f, channel)
                for t in range(width):
                    chosen = mask if t == width - 1 else None
                    applied.apply(made[o * width + t], f.sum(place, t * self.vector), chosen)
                applied.finish()

        if not many:
            finish()
            return
        last = f.op(f"icmp eq i64 {at.round}, {self._rounds - 1}")
        with f.when(last):
            finish()
        with f.when(f.op(f"xor i1 {last}, true")):
            for vector, spot in zip(made, spots, strict=True):
                f.vstore(vector, sums, spot)


@dataclass(frozen=True)
class _At:
    """What part of the sums a panel gives."""

    group: Int
    channel: Int
    depth: Int
    round: Int


def _part(f: Function, run: Run, begin: Int, end: Int) -> tuple[Int, Int]:
    """The blocks of a run that lie in a range of all blocks."""
    low = f.most(f.sub(begin, run.index), 0)
    return low, f.least(f.sub(end, run.index), run.count)


def _chosen(
    dtype: Dtype, source: str, product: Product, tail: Tail, threads: int, target: Target
) -> Panel:
    lanes = target.lanes(dtype)
    most, width = tile(product.filters, product.places, lanes, target)
    depth = max(1, min(product.channels, _DEPTH // product.taps))
    depth = -(-product.channels // -(-product.channels // depth))
    strip = width * lanes
    fit = _PANEL_BYTES // ITEM_BYTES[dtype] // (depth * product.taps)
    strips = max(1, min(-(-product.places // strip), min(fit, _MOST_PLACES) // strip))
    # Threads that share places gather no panel twice, and threads that share filters read no
    # weight twice.
    by_filters = product.places < product.filters or product.places < 2 * threads * strip
    return Panel(
        dtype, source, product, tail, lanes, most, width, depth, strips, by_filters
    )
