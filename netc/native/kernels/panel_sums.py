"""The sums at some places for some filters: panel after panel, in register tiles."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from netc.native.function import ZERO, Function, Int
from netc.native.kernels.panel_gather import Gather
from netc.native.kernels.panel_product import Product
from netc.native.kernels.panel_tile import Run, blocks, tile
from netc.native.target import ITEM_BYTES, Target
from netc.types import Dtype

_PANEL_BYTES = 256 << 10
"""A panel stays in the second cache, beside the weights that go by."""

_DEPTH = 256
"""Taps of a panel: the vectors of a strip for each of them stay in the first cache."""

_MOST_PLACES = 2048


@dataclass(frozen=True)
class Part:
    """What is made: a group, its blocks of filters from `begin` to below `end`, and the places from
    `start` to below `stop`."""

    group: Int
    begin: Int
    end: Int
    start: Int
    stop: Int


@dataclass(frozen=True)
class Strip:
    """Finished sums of one filter of all groups: vectors from `place` on, which is `offset` after
    the first place of the part. A mask is for the last vector."""

    filter: Int
    place: Int
    offset: Int
    vectors: list[str]
    mask: str | None


@contextmanager
def parts(f: Function, groups: int, blocks: int, places: int) -> Iterator[Part]:
    """What the units from `first` to `stop` are, of the blocks of filters of all groups; the inside
    is written in a loop over the groups."""
    last = f.add(f.div(f.sub("%stop", 1), blocks), 1)
    with f.loop(f.div("%first", blocks), last) as g:
        base = f.mul(g.counter, blocks)
        begin = f.most(f.sub("%first", base), 0)
        end = f.least(f.sub("%stop", base), blocks)
        yield Part(g.counter, begin, end, 0, places)


Keep = Callable[[Strip], None]


@dataclass(frozen=True)
class Sums:
    """A register tile is up to `most` filters times `width` vectors of `lanes`, which make a strip;
    `depth` channels and `strips` strips are in a panel at a time."""

    product: Product
    lanes: int
    most: int
    width: int
    depth: int
    strips: int
    full: bool = False

    @property
    def strip(self) -> int:
        """Places of a strip."""
        return self.width * self.lanes

    @property
    def line(self) -> int:
        """Places of a panel."""
        return self.strips * self.strip

    @property
    def gather(self) -> Gather:
        return self.product.gather(self.line, self.lanes)

    @property
    def rounds(self) -> int:
        """Panels that the sums at a place are made of."""
        return -(-self.product.channels // self.depth)

    @property
    def runs(self) -> list[Run]:
        return blocks(self.product.filters, self.most)

    @property
    def blocks(self) -> int:
        """Blocks of filters in a group."""
        return sum(run.count for run in self.runs)

    @property
    def scratch(self) -> int:
        """Numbers of a panel, and of sums that wait for the next."""
        waiting = self.product.filters * self.line if self.rounds > 1 else 0
        return self._panel + waiting

    @property
    def _panel(self) -> int:
        return self.depth * self.product.taps * self.gather.room

    def emit(self, f: Function, source: str, part: Part, keep: Keep) -> None:
        """Make a part of up to `strips` strips, with the arguments `weight` and `scratch`."""
        if self.rounds > 1:
            self._clear(f, part)
        with f.loop(0, self.rounds) as rounds:
            self._round(f, source, part, rounds.counter, keep)

    def _waiting(self, f: Function, filter: Int) -> str:
        return f.at("%scratch", f.sum((filter, self.line), self._panel))

    def _clear(self, f: Function, part: Part) -> None:
        for run in self.runs:
            low, high = run.within(f, part.begin, part.end)
            with f.loop(low, high, guard=True) as block:
                sums = self._waiting(f, f.sum((block.counter, run.size), run.first))
                with f.loop(0, run.size * self.line, self.lanes) as t:
                    f.vstore(ZERO, sums, t.counter)

    def _round(self, f: Function, source: str, part: Part, round: Int, keep: Keep) -> None:
        """Gather one panel and add what it gives."""
        product, strip = self.product, self.strip
        channel = f.mul(round, self.depth)
        depth = f.least(f.sub(product.channels, channel), self.depth)
        plane = f.mul(f.sum((part.group, product.channels), channel), product.plane)
        source = f.at(source, plane)
        self.gather.emit(f, source, depth, part.start, part.stop, "%scratch")
        panel = _Panel(source, part, channel, depth, round, keep)
        if self.full:
            with f.loop(part.start, part.stop, strip) as place:
                self._strip(f, panel, place.counter, self.width, None)
            return
        rest = product.places % strip
        whole = product.places - rest
        if whole:
            with f.loop(part.start, f.least(part.stop, whole), strip, guard=True) as place:
                self._strip(f, panel, place.counter, self.width, None)
        if rest:
            width = -(-rest // self.lanes)
            mask = f.first_lanes(rest % self.lanes) if rest % self.lanes else None
            with f.when(f.op(f"icmp sgt i64 {part.stop}, {whole}")):
                self._strip(f, panel, whole, width, mask)

    def _strip(
        self, f: Function, panel: "_Panel", place: Int, width: int, mask: str | None
    ) -> None:
        for run in self.runs:
            low, high = run.within(f, panel.part.begin, panel.part.end)
            with f.loop(low, high, guard=True) as block:
                filter = f.sum((block.counter, run.size), run.first)
                self._tile(f, panel, filter, run.size, place, width, mask)

    def _tile(
        self,
        f: Function,
        panel: "_Panel",
        filter: Int,
        size: int,
        place: Int,
        width: int,
        mask: str | None,
    ) -> None:
        """One register tile."""
        product, part = self.product, panel.part
        offset = f.sub(place, part.start)
        cells = [o * self.line + t * self.lanes for o in range(size) for t in range(width)]
        sums = f.at(self._waiting(f, filter), offset)
        many = self.rounds > 1
        weight = f.sum(
            (part.group, product.group_step),
            (filter, product.filter_step),
            (panel.channel, product.channel_step),
        )
        made = product.sums(
            f,
            f.at("%weight", weight),
            f.at("%scratch", f.add(offset, self.gather.before)),
            self.gather.room,
            panel.depth,
            size,
            [f.vload(sums, cell) if many else ZERO for cell in cells],
            f.at(panel.source, f.add(place, self.line)) if product.is_plain else None,
        )

        def finish() -> None:
            for o in range(size):
                of = f.sum((part.group, product.filters), filter, o)
                vectors = made[o * width : (o + 1) * width]
                panel.keep(Strip(of, place, offset, vectors, mask))

        if not many:
            finish()
            return
        last = f.op(f"icmp eq i64 {panel.round}, {self.rounds - 1}")
        with f.when(last):
            finish()
        with f.when(f.op(f"xor i1 {last}, true")):
            for vector, cell in zip(made, cells, strict=True):
                f.vstore(vector, sums, cell)


@dataclass(frozen=True)
class _Panel:
    """What is in the panel: `depth` channels of a group from `channel` on; the source begins with
    that channel."""

    source: str
    part: Part
    channel: Int
    depth: Int
    round: Int
    keep: Keep


def choose(dtype: Dtype, product: Product, target: Target, *, most_places: int = 0) -> Sums:
    """Tiles and panels that suit the caches. Where a number of places is given, parts have no more
    of them, and begin anywhere."""
    lanes = target.lanes(dtype)
    most, width = tile(product.filters, most_places or product.places, lanes, target)
    taps = max(product.taps, 1)
    depth = max(1, min(product.channels, _DEPTH // taps))
    depth = -(-product.channels // -(-product.channels // depth))
    strip = width * lanes
    fit = _PANEL_BYTES // ITEM_BYTES[dtype] // (depth * taps)
    strips = max(1, min(-(-product.places // strip), min(fit, _MOST_PLACES) // strip))
    if most_places:
        strips = -(-most_places // strip)
    return Sums(product, lanes, most, width, depth, strips, full=most_places > 0)
