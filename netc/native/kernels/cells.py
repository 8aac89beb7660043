"""Rows of numbers cut into tiles of vectors, however short the rows are."""

from collections.abc import Callable
from dataclasses import dataclass

from netc.native.function import Function, Int
from netc.native.tail import Applied


@dataclass(frozen=True)
class Spot:
    """A vector of a tile: the cell, counted from the first of the tile, and the offset in it.

    Only the first `count` lanes matter where the cell ends inside of the vector.
    """

    cell: int
    offset: int
    count: int


Body = Callable[[Int, Int, list[Spot]], None]
"""Writes a tile: its first cell, the offset in it, and the vectors."""


def each_tile(
    f: Function, applied: Applied, count: int, length: int, tile: int, body: Body
) -> None:
    """Go through `count` cells of `length` numbers, `tile` vectors at a time where there are as
    many: several of one long cell, or those of several short ones."""
    spots = _spots(f, length)
    if len(spots) > tile:
        with applied.loop(0, count) as cell:
            _along(applied, cell, f.lanes, spots, tile, body)
        return
    group = min(tile // len(spots), count)
    whole = count - count % group
    with applied.loop(0, whole, group) as cell:
        body(cell, 0, _several(spots, group))
    if whole < count:
        body(whole, 0, _several(spots, count - whole))


def _along(
    applied: Applied, cell: Int, lanes: int, spots: list[Spot], tile: int, body: Body
) -> None:
    """One cell that is longer than a tile."""
    full = sum(spot.count == lanes for spot in spots) // tile * tile
    if full:
        with applied.loop(0, full * lanes, tile * lanes) as offset:
            body(cell, offset, spots[:tile])
    if spots[full:]:
        body(cell, 0, spots[full:])


def _several(spots: list[Spot], cells: int) -> list[Spot]:
    return [Spot(cell, spot.offset, spot.count) for cell in range(cells) for spot in spots]


def _spots(f: Function, length: int) -> list[Spot]:
    return [Spot(0, at, min(f.lanes, length - at)) for at in range(0, length, f.lanes)]


def mask_of(f: Function, count: int) -> str | None:
    """The mask of the first lanes, if they are not all."""
    return f.first_lanes(count) if count < f.lanes else None


def vload(f: Function, pointer: str, offset: Int, count: int) -> str:
    """The first lanes of a vector, or all."""
    mask = mask_of(f, count)
    return f.vload(pointer, offset) if mask is None else f.vload_some(pointer, offset, mask)
