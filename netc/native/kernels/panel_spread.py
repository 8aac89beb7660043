"""The input gradient of a convolution with a stride, where blocks do not fill vectors: what belongs
to each point of a stride is made by itself, and then spread over the image."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from netc.native.function import ZERO, Function, Int
from netc.native.geometry import Geometry
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.panel_product import Product
from netc.native.kernels.panel_sums import Part, Strip, Sums, choose, parts
from netc.native.tail import Tail
from netc.native.target import Target
from netc.types import Dtype

_PLACES = 256
"""Places of each product that are made at a time, if a row has no more."""


@dataclass(frozen=True)
class PanelSpread(Kernel):
    """Makes all channels of some bands of the image, or some blocks of channels of all bands.

    A band is `rows` rows of outputs of each product, so `rows` times the stride of the image.
    Points of the image that are in no product get 0.
    """

    sums: tuple[Sums, ...]
    tail: Tail
    height: int
    width: int
    rows: int
    by_filters: bool

    @staticmethod
    def of(
        dtype: Dtype,
        geometry: Geometry,
        products: Sequence[Product],
        tail: Tail,
        threads: int,
        target: Target,
    ) -> "PanelSpread":
        height, width, block = geometry.height.size, geometry.width.size, products[0].block
        row = products[0].columns.out * block
        rows = max(1, min(products[0].rows.out, _PLACES // row))
        bands = -(-products[0].rows.out // rows)
        read = [product for product in products if product.taps] or products[:1]
        sums = tuple(choose(dtype, p, target, most_places=rows * row) for p in read)
        return PanelSpread(dtype, sums, tail, height, width, rows, by_filters=bands < 2 * threads)

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers("dy", "weight", "scratch"), *self.tail.arguments, *UNITS)

    @property
    def units(self) -> int:
        return self._first.groups * self.sums[0].blocks if self.by_filters else self._bands

    @property
    def scratch(self) -> int:
        return self._sums + self._first.filters * (self.sums[0].line + self._room)

    def lanes(self, target: Target) -> int:
        return self.sums[0].lanes

    @property
    def _first(self) -> Product:
        return self.sums[0].product

    @property
    def _read(self) -> list[Sums]:
        """The products that are of anything."""
        return [sums for sums in self.sums if sums.product.taps]

    @property
    def _stride(self) -> int:
        """Rows of the image from one row of a product to its next."""
        return self._first.rows.spread

    @property
    def _bands(self) -> int:
        return -(-self.height // (self.rows * self._stride))

    @property
    def _sums(self) -> int:
        """What the products need of scratch: the results of one lie behind it."""
        return max(sums.scratch for sums in self.sums)

    @property
    def _row(self) -> int:
        """Numbers of a row of the image."""
        return self.width * self._first.block

    @property
    def _room(self) -> int:
        """Numbers of a band of the image in whole vectors, and of one that begins inside."""
        lanes = self.sums[0].lanes
        return (-(-self.rows * self._stride * self._row // lanes) + 1) * lanes

    def emit(self, f: Function, target: Target) -> None:
        groups, blocks = self._first.groups, self.sums[0].blocks
        if self.by_filters:
            with parts(f, groups, blocks, 0) as part:
                self._bands_of(f, part, 0, self._bands)
            return
        with f.loop(0, groups) as g:
            self._bands_of(f, Part(g.counter, 0, blocks, 0, 0), "%first", "%stop")

    def _bands_of(self, f: Function, part: Part, first: Int, stop: Int) -> None:
        with f.loop(first, stop, guard=True) as band:
            row = f.mul(band.counter, self.rows)
            self._clear(f, part)
            for sums in self._read:
                self._make(f, sums, part, row)
            self._finish(f, part, row)

    def _filters(self, f: Function, part: Part) -> tuple[Int, Int]:
        """The channels of the image that the blocks of a part are, in their group."""
        ends = []
        for block in (part.begin, part.end):
            end: Int = 0
            for run in self.sums[0].runs:
                inside = f.least(f.most(f.sub(block, run.index), 0), run.count)
                end = f.sum(end, (inside, run.size))
            ends.append(end)
        return ends[0], ends[1]

    def _made(self, f: Function, filter: Int) -> str:
        """Where the sums of a product are kept."""
        return f.at("%scratch", f.sum((filter, self.sums[0].line), self._sums))

    def _image(self, f: Function, filter: Int) -> str:
        """Where they are brought together."""
        base = self._sums + self._first.filters * self.sums[0].line
        return f.at("%scratch", f.sum((filter, self._room), base))

    def _clear(self, f: Function, part: Part) -> None:
        """What no product makes is 0."""
        points = sum(s.product.rows.out * s.product.columns.out for s in self._read)
        if points == self.height * self.width:
            return
        first, stop = self._filters(f, part)
        begin, end = f.mul(first, self._room), f.mul(stop, self._room)
        with f.loop(begin, end, f.lanes) as t:
            f.vstore(ZERO, self._image(f, 0), t.counter)

    def _make(self, f: Function, sums: Sums, part: Part, row: Int) -> None:
        """The band of one product."""
        product = sums.product
        line = product.columns.out * product.block
        stop = f.least(f.add(row, self.rows), product.rows.out)
        with f.when(f.op(f"icmp slt i64 {row}, {stop}")):
            group = f.mul(part.group, product.filters)

            def keep(strip: Strip) -> None:
                into = self._made(f, f.sub(strip.filter, group))
                for t, vector in enumerate(strip.vectors):
                    f.vstore(vector, into, f.sum(strip.offset, t * f.lanes))

            band = replace(part, start=f.mul(row, line), stop=f.mul(stop, line))
            sums.emit(f, "%dy", band, keep)
            first, last = self._filters(f, part)
            with f.loop(first, last) as filter, f.loop(0, f.sub(stop, row)) as i:
                made = f.at(self._made(f, filter.counter), f.mul(i.counter, line))
                place = f.sum((i.counter, self._stride), product.rows.offset)
                image = f.at(self._image(f, filter.counter), f.mul(place, self._row))
                self._spread(f, product, made, image)

    def _spread(self, f: Function, product: Product, made: str, image: str) -> None:
        """Copy one row, point by point."""
        columns, block = product.columns, product.block
        with f.loop(0, columns.out) as j:
            source = f.at(made, f.mul(j.counter, block))
            point = f.sum((j.counter, columns.spread), columns.offset)
            into = f.at(image, f.mul(point, block))
            whole = block - block % f.lanes
            for t in range(0, whole, f.lanes):
                f.vstore(f.vload(source, t), into, t)
            if block == 1:
                f.store(f.load(source), into)
            elif whole < block:
                mask = f.first_lanes(block - whole)
                f.vstore_some(f.vload(source, whole), into, whole, mask)

    def _finish(self, f: Function, part: Part, row: Int) -> None:
        """The tail on the whole band."""
        first, last = self._filters(f, part)
        begin = f.mul(row, self._stride)
        end = f.least(f.add(begin, self.rows * self._stride), self.height)
        start = f.mul(begin, self._row)
        count = f.mul(f.sub(end, begin), self._row)
        with f.loop(first, last) as filter:
            of = f.sum((part.group, self._first.filters), filter.counter)
            applied = self.tail.on(f, of)
            image = self._image(f, filter.counter)
            whole = f.sub(count, f.rem(count, f.lanes))
            if whole != 0:
                with applied.loop(0, whole, f.lanes, guard=True) as t:
                    applied.apply(f.vload(image, t), f.add(start, t))
            mask = f.first_lanes(f.sub(count, whole))
            applied.apply(f.vload(image, whole), f.add(start, whole), mask)
            applied.finish()
