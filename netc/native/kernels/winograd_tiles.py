"""Reading and writing the tiles of an image: a vector holds the same point of several tiles, or of
several examples of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from netc.native.function import Function, Int


@dataclass(frozen=True)
class Tiles:
    """Tiles of `made` outputs along each side, that read `made + 2` points; `block` examples of
    each are innermost, and the rows of tiles begin with a vector each.

    `height` and `width` are of what is read, `out_height` and `out_width` of what is made.
    """

    made: int
    block: int
    lanes: int
    height: int
    width: int
    out_height: int
    out_width: int
    pad: int

    @property
    def _columns(self) -> int:
        """Tiles of a row."""
        return -(-self.out_width // self.made)

    @property
    def vectors(self) -> int:
        """Vectors of a row of tiles."""
        return -(-self._columns * self.block // self.lanes)

    @property
    def rows(self) -> int:
        """Rows of tiles."""
        return -(-self.out_height // self.made)

    @property
    def mixes(self) -> bool:
        """Whether a vector holds several tiles."""
        return self.block < self.lanes

    def inputs(self, index: Int, f: Function) -> "Inputs":
        """What the tiles of a vector read."""
        return Inputs(self, f, f.div(index, self.vectors), f.rem(index, self.vectors), self.pad)

    def outputs(self, index: Int, f: Function) -> "Outputs":
        """Where what they make belongs."""
        return Outputs(self, f, f.div(index, self.vectors), f.rem(index, self.vectors))


class Inputs:
    """The points of one vector of tiles: masks are made once, for all channels."""

    def __init__(self, tiles: Tiles, f: Function, row: Int, vector: Int, pad: int) -> None:
        self._tiles, self._f = tiles, f
        first = f.mul(vector, f.lanes)
        self._top = f.sum((row, tiles.made), -pad)
        if tiles.mixes:
            # Points of a row of the image in order: so many vectors hold what the tiles read.
            self._left = f.sum((first, tiles.made), -pad * tiles.block)
            starts = [f.sum(self._left, k * f.lanes) for k in range(tiles.made + 1)]
            self._masks = [inside(f, s, tiles.width * tiles.block) for s in starts]
        else:
            column = f.sum((f.div(first, tiles.block), tiles.made), -pad)
            self._left = f.sum((column, tiles.block), f.rem(first, tiles.block))
            columns = [f.sum(column, k) for k in range(tiles.made + 2)]
            self._masks = [every(f, is_below(f, c, tiles.width)) for c in columns]

    def row(self, plane: str, row: int) -> list[str]:
        """The `made + 2` points of one row of each tile."""
        f, tiles = self._f, self._tiles
        y = f.sum(self._top, row)
        there = is_below(f, y, tiles.height)
        place = f.at(plane, f.sum((y, tiles.width * tiles.block), self._left))
        step = f.lanes if tiles.mixes else tiles.block
        read = [
            f.vload_some(place, k * step, both(f, mask, there))
            for k, mask in enumerate(self._masks)
        ]
        if not tiles.mixes:
            return read
        points = unzipped(f, tiles.block, read[:-1])
        return [*points, *(self._following(p, read[-1], k) for k, p in enumerate(points[:2]))]

    def _following(self, points: str, last: str, index: int) -> str:
        """A point of the next tiles; of the tile after the last it is in a vector of its own."""
        f, block = self._f, self._tiles.block
        lanes = [*range(block, f.lanes), *(f.lanes + index * block + n for n in range(block))]
        return f.shuffle(points, last, lanes)


class Outputs:
    """The places of one vector of tiles."""

    def __init__(self, tiles: Tiles, f: Function, row: Int, vector: Int) -> None:
        self._tiles, self._f = tiles, f
        first = f.mul(vector, f.lanes)
        self._top = f.mul(row, tiles.made)
        line = tiles.out_width * tiles.block
        if tiles.mixes:
            self._left = f.mul(first, tiles.made)
            starts = [f.sum(self._left, k * f.lanes) for k in range(tiles.made)]
            self._masks = [inside(f, s, line) for s in starts]
        else:
            column = f.mul(f.div(first, tiles.block), tiles.made)
            self._left = f.sum((column, tiles.block), f.rem(first, tiles.block))
            columns = [f.sum(column, k) for k in range(tiles.made)]
            self._masks = [every(f, is_below(f, c, tiles.out_width)) for c in columns]

    def row(self, points: Sequence[str], row: int) -> list[tuple[str, Int, str]]:
        """For one row of each tile: vectors, their places in a plane, and masks."""
        f, tiles = self._f, self._tiles
        vectors = zipped(f, tiles.block, points) if tiles.mixes else points
        return list(zip(vectors, self.places(row), self._masks, strict=True))

    def places(self, row: int) -> list[Int]:
        f, tiles = self._f, self._tiles
        step = f.lanes if tiles.mixes else tiles.block
        start = f.sum((f.sum(self._top, row), tiles.out_width * tiles.block), self._left)
        return [f.sum(start, k * step) for k in range(tiles.made)]

    def read(self, plane: str, row: int) -> list[str]:
        """The opposite: the points of one row of each tile, 0 where the image has none."""
        f, tiles, there = self._f, self._tiles, self.is_there(row)
        vectors = [
            f.vload_some(plane, place, both(f, mask, there))
            for place, mask in zip(self.places(row), self._masks, strict=True)
        ]
        return unzipped(f, tiles.block, vectors) if tiles.mixes else vectors

    def is_there(self, row: int) -> str:
        """Whether a row of the tiles is part of the image."""
        return is_below(self._f, self._f.sum(self._top, row), self._tiles.out_height)


def is_below(f: Function, number: Int, limit: int) -> str:
    """Whether a number is from 0 to below a limit."""
    if isinstance(number, int):
        return "true" if 0 <= number < limit else "false"
    return f.op(f"icmp ult i64 {number}, {limit}")


def inside(f: Function, start: Int, limit: int) -> str:
    """The lanes for which `start` and the number of the lane are from 0 to below a limit."""
    kind = f"<{f.lanes} x i64>"
    numbers = ", ".join(f"i64 {t}" for t in range(f.lanes))
    one = f.op(f"insertelement {kind} poison, i64 {start}, i32 0")
    order = f"<{f.lanes} x i32> zeroinitializer"
    wide = f.op(f"shufflevector {kind} {one}, {kind} poison, {order}")
    places = f.op(f"add {kind} {wide}, <{numbers}>")
    limits = ", ".join([f"i64 {limit}"] * f.lanes)
    return f.op(f"icmp ult {kind} {places}, <{limits}>")


def every(f: Function, condition: str) -> str:
    """A mask of all lanes or of none."""
    return both(f, f.first_lanes(f.lanes), condition)


def both(f: Function, mask: str, condition: str) -> str:
    """The mask where the condition holds, else no lane."""
    return f.op(f"select i1 {condition}, {f.mask} {mask}, {f.mask} zeroinitializer")


def unzipped(f: Function, block: int, vectors: Sequence[str]) -> list[str]:
    """Points of `block` numbers in order, dealt out to as many vectors, one after the other."""
    if len(vectors) == 1:
        return list(vectors)
    points = 2 * f.lanes // block
    halves = [
        [f.shuffle(a, b, _lanes(block, range(start, points, 2))) for a, b in _pairs(vectors)]
        for start in (0, 1)
    ]
    even, odd = (unzipped(f, block, half) for half in halves)
    return [vector for pair in zip(even, odd, strict=True) for vector in pair]


def zipped(f: Function, block: int, vectors: Sequence[str]) -> list[str]:
    """The opposite: the points of the vectors in order."""
    if len(vectors) == 1:
        return list(vectors)
    even, odd = (zipped(f, block, vectors[start::2]) for start in (0, 1))
    tiles = f.lanes // block
    made = []
    for a, b in zip(even, odd, strict=True):
        for first in (0, tiles // 2):
            points = [side * tiles + t for t in range(first, first + tiles // 2) for side in (0, 1)]
            made.append(f.shuffle(a, b, _lanes(block, points)))
    return made


def _pairs(vectors: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(vectors[::2], vectors[1::2], strict=True))


def _lanes(block: int, points: Iterable[int]) -> list[int]:
    """The numbers of some points."""
    return [point * block + n for point in points for n in range(block)]
