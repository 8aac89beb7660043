"""The gradient of a dense layer's weight."""

from collections.abc import Iterator
from dataclasses import dataclass

from netc.native.function import ZERO, Function, Int
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.weight_tile import runs
from netc.native.layout import Layout
from netc.native.target import ITEM_BYTES, Target
from netc.native.transpose import transposed
from netc.types import Dtype

_EXAMPLES = 128
"""Examples that are summed before the sums go to memory, if blocks are not larger."""

_PAGE = 4096
"""Bytes after which the sets of the nearest cache begin anew, on most processors."""


@dataclass(frozen=True)
class DenseGradient(Kernel):
    """`dweight` [units, inputs] as `WeightGradient` makes it, for one pixel and blocks of any size.

    Inputs are turned, so that vectors are of inputs and not of examples: no lanes have to be added
    up. At most `columns` inputs of `blocks` blocks lie turned in `scratch`, in panels as wide as
    the `vectors` of a tile of `tile` units.
    """

    x: Layout
    dy: Layout
    tile: int
    vectors: int
    panel: int
    columns: int
    blocks: int

    @staticmethod
    def choose(dtype: Dtype, x: Layout, dy: Layout, target: Target) -> "DenseGradient":
        lanes = target.lanes(dtype)
        most = _most(x.channels, dy.channels, ITEM_BYTES[dtype], target)
        tile, vectors = _tile(dy.channels, -(-x.channels // lanes), target.registers, most)
        panel, blocks = vectors * lanes, max(1, _EXAMPLES // x.block)
        room = target.level2_bytes // 4 // (blocks * x.block * ITEM_BYTES[dtype])
        columns = max(1, min(room, x.channels) // panel) * panel
        return DenseGradient(dtype, x, dy, tile, vectors, panel, columns, blocks)

    @property
    def arguments(self) -> tuple[Argument, ...]:
        counts = (Argument(name, "integer") for name in ("blocks", "x_step", "dy_step", "adds"))
        return (*pointers("x", "dy", "dweight", "scratch"), *counts, *UNITS)

    @property
    def units(self) -> int:
        return sum(count for _, _, count in runs(self.dy.channels, self.tile))

    @property
    def scratch(self) -> int:
        return self._examples * (self.columns + self.panel)

    @property
    def _examples(self) -> int:
        """Examples that have room in a panel."""
        return self.blocks * self.x.block

    def emit(self, f: Function, target: Target) -> None:
        with (
            f.loop(0, "%blocks", self.blocks) as blocks,
            f.loop(0, self.x.channels, self.columns) as parts,
        ):
            stop = f.least(f.add(blocks.counter, self.blocks), "%blocks")
            span = (blocks.counter, stop)
            more = f.op(f"icmp ne i64 {f.sum('%adds', blocks.counter)}, 0")
            for start, width, place in self._panels(f, parts.counter):
                self._turn(f, span, start, width, place)
            for unit, units in self._tiles(f):
                for start, width, place in self._panels(f, parts.counter):
                    sums = self._multiply(f, span, unit, units, width, place)
                    self._deposit(f, f.sum((unit, self.x.channels), start), width, sums, more)

    def _panels(self, f: Function, part: Int) -> Iterator[tuple[Int, int, Int]]:
        """First input, number of inputs and place in `scratch` of each panel of a part."""
        full = self.x.channels // self.panel * self.panel
        stop = f.least(f.add(part, self.columns), full)
        if full:
            with f.loop(part, stop, self.panel, guard=True) as loop:
                yield loop.counter, self.panel, f.mul(f.sub(loop.counter, part), self._examples)
        if rest := self.x.channels - full:
            place = f.mul(f.sub(full, part), self._examples)
            if isinstance(part, int):
                yield full, rest, place
            else:
                with f.when(f.op(f"icmp sgt i64 {f.add(part, self.columns)}, {full}")):
                    yield full, rest, place

    def _tiles(self, f: Function) -> Iterator[tuple[Int, int]]:
        """The first unit and the number of units of the tiles from `first` to `stop`."""
        before = 0
        for start, units, count in runs(self.dy.channels, self.tile):
            first, stop = f.most("%first", before), f.least("%stop", before + count)
            with f.loop(first, stop, guard=True) as tiles:
                yield f.sum((f.sub(tiles.counter, before), units), start), units
            before += count

    def _turn(self, f: Function, span: tuple[Int, Int], start: Int, width: int, place: Int) -> None:
        """Fill a panel: inputs side by side, example after example."""
        with f.loop(*span) as blocks:
            for example, examples in self._examples_of(f):
                source = f.sum((blocks.counter, "%x_step"), (start, self.x.plane), example)
                row = f.sum((f.sub(blocks.counter, span[0]), self.x.block), example)
                target = f.sum((row, self.panel), place)
                for first in range(0, width, f.lanes):
                    there = range(first, min(first + f.lanes, width))
                    inputs = [
                        self._input(f, f.sum(source, t * self.x.plane), examples) for t in there
                    ]
                    inputs += [ZERO] * (f.lanes - len(inputs))
                    for t, turned in enumerate(transposed(f, inputs)[:examples]):
                        f.vstore(turned, "%scratch", f.sum(target, t * self.panel + first))

    def _examples_of(self, f: Function) -> Iterator[tuple[Int, int]]:
        """The examples of a block, a vector or what is left of one at a time."""
        full = self.x.block // f.lanes * f.lanes
        if full:
            with f.loop(0, full, f.lanes) as loop:
                yield loop.counter, f.lanes
        if full < self.x.block:
            yield full, self.x.block - full

    def _input(self, f: Function, place: Int, examples: int) -> str:
        if examples == f.lanes:
            return f.vload("%x", place)
        return f.vload_some("%x", place, f.first_lanes(examples))

    def _multiply(
        self, f: Function, span: tuple[Int, Int], unit: Int, units: int, width: int, place: Int
    ) -> list[str]:
        """The sums of a tile over the examples of a span."""
        vectors = -(-width // f.lanes)
        with f.loop(*span, 1, [ZERO] * (units * vectors)) as blocks:
            block = f.sub(blocks.counter, span[0])
            x = f.sum(place, (block, self.x.block * self.panel))
            dy = f.sum((blocks.counter, "%dy_step"), (unit, self.dy.plane))
            with f.loop(0, self.x.block, 1, blocks.given) as examples:
                row = f.sum(x, (examples.counter, self.panel))
                xs = [f.vload("%scratch", f.sum(row, t * f.lanes)) for t in range(vectors)]
                column = f.sum(dy, examples.counter)
                for u in range(units):
                    gradient = f.broadcast("%dy", f.sum(column, u * self.dy.plane))
                    for at, number in enumerate(xs, u * vectors):
                        examples.new[at] = f.fma(gradient, number, examples.given[at])
            blocks.new = examples.out
        return blocks.out

    def _deposit(self, f: Function, place: Int, width: int, sums: list[str], more: str) -> None:
        """Put sums into memory, or add them to what is there."""
        vectors = -(-width // f.lanes)
        for index, total in enumerate(sums):
            unit, vector = divmod(index, vectors)
            at = f.sum(place, unit * self.x.channels + vector * f.lanes)
            mask = f.first_lanes(min(f.lanes, width - vector * f.lanes))
            known = f.op(f"select i1 {more}, {f.mask} {mask}, {f.mask} {ZERO}")
            total = f.fadd(total, f.vload_some("%dweight", at, known))
            f.vstore_some(total, "%dweight", at, mask)


def _most(inputs: int, units: int, item: int, target: Target) -> tuple[int, int]:
    """The largest tile, in units and vectors. A gradient far beyond the second cache is bound
    by how its lines come and go: two at a time of each row, which is what is fetched at once;
    and of few rows, unless they are apart so much that each line must be done with at once."""
    if inputs * units * item <= 4 * target.level2_bytes:
        return 12, 6
    return (12, 2) if inputs * item % _PAGE == 0 else (8, 2)


def _tile(units: int, vectors: int, registers: int, most: tuple[int, int]) -> tuple[int, int]:
    """Units and vectors of a tile: the fewest loads for a product, and little waste."""

    def cost(size: tuple[int, int]) -> float:
        u, v = _mean(units, size[0]), _mean(vectors, size[1])
        loads = (u + v) / (u * v)
        return max(1.0, 1.8 * loads, 8 / (u * v)) + 0.3 * loads

    fit = [
        (u, v)
        for u in range(1, min(most[0], units) + 1)
        for v in range(1, min(most[1], vectors) + 1)
        if u * v + v + 1 < registers
    ]
    return min(fit, key=cost)


def _mean(total: int, most: int) -> float:
    """The size of pieces on the average."""
    return total / sum(count for _, _, count in runs(total, most))
