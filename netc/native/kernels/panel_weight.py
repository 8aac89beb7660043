"""The weight gradient of a convolution where blocks do not fill vectors: rows of a panel times
gradients of outputs, summed over all places."""

from dataclasses import dataclass

from netc.native.function import ZERO, Function, Int
from netc.native.geometry import Geometry
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.panel_gather import Gather
from netc.native.kernels.panel_product import Product, forward_product
from netc.native.kernels.panel_tile import Run, blocks
from netc.native.layout import Layout
from netc.native.target import ITEM_BYTES, Target, host
from netc.types import Dtype

_PLACES = 1024
"""Places of a panel: the gradients of a tile's filters stay in the first cache."""

_PANEL_BYTES = 384 << 10
"""A panel stays in the second cache."""


@dataclass(frozen=True)
class PanelWeight(Kernel):
    """Fills `dweight`, tap by tap: a unit is a few taps of one group, for all of its filters.

    A tile is up to `most` filters times `taps` taps, whose sums are vectors that run over `places`
    places of `plane`s of dy; `tiles` tiles of taps are in a panel at a time.
    """

    product: Product
    plane: int
    vector: int
    most: int
    taps: int
    places: int
    tiles: int

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers("x", "dy", "scratch", "dweight"), *UNITS)

    @property
    def units(self) -> int:
        return self.product.groups * self._units

    @property
    def scratch(self) -> int:
        return 0 if self.product.is_plain else self.tiles * self.taps * self._gather.room

    def lanes(self, target: Target) -> int:
        return self.vector

    @property
    def _depth(self) -> int:
        """Taps of a group."""
        return self.product.channels * self.product.taps

    @property
    def _runs(self) -> list[Run]:
        return blocks(self._depth, self.taps)

    @property
    def _units(self) -> int:
        return sum(run.count for run in self._runs)

    @property
    def _gather(self) -> Gather:
        return self.product.gather(self.places, self.vector)

    @property
    def _room(self) -> int:
        """From one row of a panel to the next; a plain product reads x itself."""
        return self.product.plane if self.product.is_plain else self._gather.room

    def emit(self, f: Function, target: Target) -> None:
        units = self._units
        last = f.add(f.div(f.sub("%stop", 1), units), 1)
        with f.loop(f.div("%first", units), last) as group:
            base = f.mul(group.counter, units)
            begin = f.most(f.sub("%first", base), 0)
            end = f.least(f.sub("%stop", base), units)
            with f.loop(begin, end, self.tiles) as unit:
                stop = f.least(f.add(unit.counter, self.tiles), end)
                with f.loop(0, self.product.places, self.places) as place:
                    until = f.least(f.add(place.counter, self.places), self.product.places)
                    spot = _Spot(group.counter, unit.counter, stop, place.counter, until)
                    self._panel(f, spot)

    def _tap(self, f: Function, unit: Int) -> Int:
        """The first tap of a unit."""
        tap: Int = 0
        for run in self._runs:
            inside = f.least(f.most(f.sub(unit, run.index), 0), run.count)
            tap = f.sum(tap, (inside, run.size))
        return tap

    def _panel(self, f: Function, spot: "_Spot") -> None:
        """Gather the rows of some units, and multiply each with all filters."""
        first, stop = self._tap(f, spot.unit), self._tap(f, spot.stop)
        if not self.product.is_plain:
            with f.loop(first, stop) as tap:
                self._fill(f, spot, tap.counter, f.sub(tap.counter, first))
        for filters in blocks(self.product.filters, self.most):
            with f.loop(0, filters.count) as block:
                filter = f.sum((block.counter, filters.size), filters.first)
                for run in self._runs:
                    low, high = run.within(f, spot.unit, spot.stop)
                    with f.loop(low, high, guard=True) as unit:
                        at = f.sum((unit.counter, run.size), run.first)
                        self._tile(f, spot, filter, filters.size, at, run.size, first)

    def _fill(self, f: Function, spot: "_Spot", tap: Int, row: Int) -> None:
        product, gather = self.product, self._gather
        channel, point = f.div(tap, product.taps), f.rem(tap, product.taps)
        columns = product.columns.taps
        plane = f.mul(f.sum((spot.group, product.channels), channel), product.plane)
        into = f.at("%scratch", f.sum((row, gather.room), gather.before))
        ab = f.div(point, columns), f.rem(point, columns)
        gather.fill(f, f.at("%x", plane), ab, spot.place, spot.until, into)
        # The last vector of a row may be part full, and what is after it must be a number.
        f.vstore(ZERO, into, f.sub(spot.until, spot.place))

    def _tile(
        self,
        f: Function,
        spot: "_Spot",
        filter: Int,
        filters: int,
        tap: Int,
        taps: int,
        first: Int,
    ) -> None:
        """One register tile, over the places of a panel."""
        product, room = self.product, self._room
        if product.is_plain:
            row = f.sum((spot.group, product.channels), tap)
            panel = f.at("%x", f.sum((row, room), spot.place))
        else:
            panel = f.at("%scratch", f.sum((f.sub(tap, first), room), self._gather.before))
        of = f.sum((spot.group, product.filters), filter)
        dy = f.at("%dy", f.sum((of, self.plane), spot.place))
        count = f.sub(spot.until, spot.place)
        whole = f.sub(count, f.rem(count, f.lanes))
        sums = [ZERO] * (filters * taps)

        def add(place: Int, mask: str | None, sums: list[str]) -> list[str]:
            given = [self._load(f, dy, f.sum(o * self.plane, place), mask) for o in range(filters)]
            made = list(sums)
            for k in range(taps):
                read = self._load(f, panel, f.sum(k * room, place), mask)
                for o in range(filters):
                    made[o * taps + k] = f.fma(given[o], read, made[o * taps + k])
            return made

        if whole != 0:
            with f.loop(0, whole, f.lanes, sums, guard=True) as t:
                t.new = add(t.counter, None, t.given)
            sums = t.out
        if product.places % f.lanes:
            sums = add(whole, f.first_lanes(f.sub(count, whole)), sums)
        weight = f.at("%dweight", f.sum((of, product.filter_step), tap))
        self._store(f, sums, taps, weight, f.op(f"icmp eq i64 {spot.place}, 0"))

    def _load(self, f: Function, pointer: str, offset: Int, mask: str | None) -> str:
        if mask is None:
            return f.vload(pointer, offset)
        return f.vload_some(pointer, offset, mask)

    def _store(self, f: Function, sums: list[str], taps: int, weight: str, new: str) -> None:
        """The sums of each filter go to its taps: those of the first places are stored, later ones
        added."""
        mask = f.first_lanes(taps)
        together = max(1, f.lanes // taps)
        for o in range(0, len(sums) // taps, together):
            some = sums[o * taps : (o + together) * taps]
            totals = f.totals(some)
            for q in range(len(some) // taps):
                lanes = [min(q * taps + t, f.lanes - 1) for t in range(f.lanes)]
                made = f.shuffle(totals, totals, lanes) if q else totals
                place = (o + q) * self.product.filter_step
                old = f.vload_some(weight, place, mask)
                old = f.op(f"select i1 {new}, {f.vector} {ZERO}, {f.vector} {old}")
                f.vstore_some(f.fadd(made, old), weight, place, mask)


@dataclass(frozen=True)
class _Spot:
    """The units of a group, and the places, that a panel is for."""

    group: Int
    unit: Int
    stop: Int
    place: Int
    until: Int


def weight_gradient(
    dtype: Dtype,
    geometry: Geometry,
    x: Layout,
    dy: Layout,
    *,
    target: Target | None = None,
) -> PanelWeight:
    """Reads `x` and `dy`, which lie as given, and fills `dweight`. Any block will do."""
    target = target or host()
    lanes = target.lanes(dtype)
    product = forward_product(geometry, x)
    most, taps = (6 if target.registers >= 32 else 3), min(4, lanes)
    places = min(-(-product.places // lanes) * lanes, _PLACES)
    tiles = max(1, _PANEL_BYTES // ITEM_BYTES[dtype] // (taps * places))
    return PanelWeight(dtype, product, dy.plane, lanes, most, taps, places, tiles)
