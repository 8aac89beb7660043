"""How convolutions of single channels are cut into what registers hold."""

from dataclasses import dataclass
from math import gcd

from netc.native.geometry import Geometry
from netc.native.kernels.shifts import vectors_of_period

_MOST_TAPS = 25
_PERIOD = 4
"""Vectors of a row after which the same is read again: with more there is too much code."""


@dataclass(frozen=True)
class DepthwiseTile:
    """Rows and vectors of a tile; whether it `holds` all weights of a channel in registers, or
    takes those of a row of the kernel at a time."""

    rows: int
    vectors: int
    holds: bool


def is_depthwise(geometry: Geometry) -> bool:
    """Whether each channel makes one filter, by itself."""
    return 1 < geometry.groups == geometry.channels == geometry.filters


def choose_lanes(geometry: Geometry, block: int, lanes: int, *, turned: bool) -> int:
    """Vectors go over neighbours where examples do not fill them, unless a stride tears apart
    what they would read."""
    if block % lanes == 0:
        return lanes
    if vectors_of_period(geometry.width, block, lanes, turned=turned) <= _PERIOD:
        return lanes
    return gcd(block, lanes)


def choose_tile(
    geometry: Geometry, block: int, lanes: int, registers: int, *, turned: bool
) -> DepthwiseTile | None:
    """The tile that is likely the fastest; none where the sums or the code would be too many."""
    height, width = geometry.height, geometry.width
    taps = height.kernel * width.kernel
    if taps > _MOST_TAPS:
        return None
    holds = taps <= registers // 3
    weights = taps if holds else width.kernel
    step = height.stride if turned else 1
    period = vectors_of_period(width, block, lanes, turned=turned)
    # Only vectors over neighbours read so often what others have read that more rows pay.
    most = 4 if holds and block % lanes else 1
    tiles = [
        DepthwiseTile(rows, vectors, holds)
        for rows in range(step, step + most, step)
        for vectors in range(period, 13, period)
        if rows * vectors + weights + 2 <= registers
    ]
    return min(
        tiles,
        key=lambda tile: _cycles(geometry, block, lanes, tile, turned=turned),
        default=None,
    )


def _cycles(
    geometry: Geometry, block: int, lanes: int, tile: DepthwiseTile, *, turned: bool
) -> float:
    """Cycles of a channel, roughly."""
    height, width = geometry.height, geometry.width
    rows, places = (height.size, width.size) if turned else (height.out, width.out)
    vectors = -(-places * block // lanes)
    taps = height.kernel * width.kernel
    total = 0.0
    for r in _sizes(rows, tile.rows):
        for v in _sizes(vectors, tile.vectors):
            if turned:
                lines, products = (
                    r // height.stride + height.kernel - 1,
                    r * v * taps / (height.stride * width.stride),
                )
            else:
                lines, products = (r - 1) * height.stride + height.kernel, r * v * taps
            if block % lanes:
                reads = v * width.kernel * 2
            else:
                apart = block // lanes
                reads = v * (1 if turned else width.stride) + (width.kernel - 1) * apart
            total += max(products / 2, lines * reads / 2, 4 * taps / 2) + 0.15 * lines * reads + 5
    # Code for each border takes time to be made.
    return total * (1 + 0.0005 * tile.rows * tile.vectors * taps)


def _sizes(total: int, size: int) -> list[int]:
    return [size] * (total // size) + ([total % size] if total % size else [])
