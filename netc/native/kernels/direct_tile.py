"""How a direct convolution is cut: filters and pixels in registers, channels in caches."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd

from netc.native.kernels.convolution import Convolution
from netc.native.kernels.stripes import Stripe
from netc.native.target import ITEM_BYTES, Target
from netc.types import Dtype

_PAGE = 4096
"""Bytes after which the sets of the nearest cache begin anew, on most processors."""


@dataclass(frozen=True)
class Tiling:
    """A tile of sums in registers is `filters` by `pixels` by `vectors` of examples.

    Sums are taken over `depth` channels at a time, for so many blocks of filters `together`, and
    wait in memory between. What is read of images is asked for `ahead` where it comes from far
    away, and so are weights, in `streams`, that are many and used once or lie far apart.
    """

    filters: int
    pixels: int
    vectors: int
    depth: int
    together: int
    ahead: bool
    streams: bool


@dataclass(frozen=True)
class Run:
    """Blocks of filters of one size: `count` of them, number `block` the first of all blocks."""

    block: int
    first: int
    size: int
    count: int


@dataclass(frozen=True)
class Piece:
    """Outputs `start` to `stop - 1` of a stripe, in tiles of `pixels`; `whole` where all their
    taps lie inside the source. Else there is one tile, or, in a long stripe, single pixels."""

    start: int
    stop: int
    pixels: int
    whole: bool


def even_parts(total: int, most: int) -> list[int]:
    """The fewest parts of at most `most`, the larger ones first, none larger by more than 1."""
    count = -(-total // most)
    size, larger = divmod(total, count)
    return [size + 1] * larger + [size] * (count - larger)


def runs(total: int, most: int) -> list[Run]:
    """All filters in blocks of at most `most`."""
    sizes = even_parts(total, most)
    found = []
    for size in sorted(set(sizes), reverse=True):
        block = sizes.index(size)
        found.append(Run(block, sum(sizes[:block]), size, sizes.count(size)))
    return found


def pieces(stripe: Stripe, pixels: int) -> Iterator[Piece]:
    """A stripe in tiles: those at the borders are written out, each with the taps that it has."""
    start, stop = stripe.inside()
    if stripe.is_long:
        yield from _long_pieces(stripe, pixels)
        return
    at = 0
    while at < start:
        size = min(pixels, start - at) if start == stripe.count else pixels
        size = min(size, stripe.count - at)
        yield Piece(at, at + size, size, False)
        at += size
    if (full := (stop - at) // pixels) > 0:
        yield Piece(at, at + full * pixels, pixels, True)
        at += full * pixels
    if at < stripe.count:
        for size in even_parts(stripe.count - at, pixels):
            yield Piece(at, at + size, size, at + size <= stop)
            at += size


def _long_pieces(stripe: Stripe, pixels: int) -> Iterator[Piece]:
    start, stop = stripe.inside()
    full = start + (stop - start) // pixels * pixels
    cuts = (0, start, 1, False), (start, full, pixels, True), (full, stripe.count, 1, False)
    for first, end, size, whole in cuts:
        if end > first:
            yield Piece(first, end, size, whole)


def choose(shape: Convolution, dtype: Dtype, target: Target) -> Tiling:
    """The tiling that is likely the fastest."""
    vectors = shape.block // gcd(shape.block, target.lanes(dtype))
    tiles = [
        (filters, pixels, some)
        for some in range(1, vectors + 1)
        if vectors % some == 0
        for pixels in range(1, 9)
        for filters in range(1, min(shape.filters, 16) + 1)
        if _registers(shape, filters, pixels, some) <= target.registers
    ]
    filters, pixels, some = min(tiles, key=lambda tile: _time(shape, vectors, *tile))
    item = ITEM_BYTES[dtype]
    far = shape.source.size * item > 0.4 * target.level2_bytes
    many = shape.groups * shape.strides.group * item > 0.5 * target.level2_bytes
    if many and shape.is_dense:
        return _dense(shape, filters, some, item, target)
    depth = _depth(shape, filters, item, target)
    far_apart = many and shape.strides.filter < shape.strides.channel
    return Tiling(filters, pixels, some, depth, shape.filters, far, far_apart)


def _dense(shape: Convolution, filters: int, vectors: int, item: int, target: Target) -> Tiling:
    """Each weight is used once for each block of examples: what counts is how they come."""
    strides = shape.strides
    # Lines so far apart fall into one set of the nearest cache, which has a place for so many.
    crowded = max(strides.filter, strides.channel) * item % _PAGE == 0
    places = max(4, target.level1_bytes // _PAGE)
    if strides.filter > strides.channel:
        depth = _depth(shape, filters, item, target)
        filters = min(filters, places) if crowded else filters
        return Tiling(filters, 1, vectors, depth, shape.filters, False, True)
    # A line of a row is used by more than one block of filters: few rows, that it may stay.
    most, wide = (16, 512) if crowded else (64, 256)
    depth = even_parts(shape.channels, most)[0]
    return Tiling(filters, 1, vectors, depth, max(1, wide // filters), False, True)


def _registers(shape: Convolution, filters: int, pixels: int, vectors: int) -> int:
    """Those of sums, of what is read, of a weight; and with a stride, pixels read the same places
    some taps apart, which the compiler keeps."""
    column = shape.columns[0]
    shared = column.stride if pixels > 1 and len(column.taps) > column.stride > 1 else 0
    return (filters + 1) * pixels * vectors + 1 + shared * vectors


def _time(
    shape: Convolution, vectors: int, filters: int, pixels: int, some: int
) -> tuple[float, int, int]:
    """Cycles of a row for each tap; then what else speaks for a tile: little code."""
    sizes = even_parts(shape.filters, filters)
    widths = [
        (piece.pixels, -(-(piece.stop - piece.start) // piece.pixels))
        for stripe in shape.columns
        for piece in pieces(stripe, pixels)
    ]
    taps = max(1, max(len(stripe.taps) for stripe in shape.columns))
    reads = 0.15 * shape.columns[0].stride + 0.3 / taps
    cycles = sum(
        sizes.count(size) * count * _cycles(size, width * some, reads)
        for size in set(sizes)
        for width, count in widths
    )
    if len(set(sizes)) > 1:  # as much code again
        cycles *= 1.05
    return cycles * (vectors // some), len(widths), -some


def _cycles(filters: int, vectors: int, read: float) -> float:
    """Of one tap: two multiplications or loads at a time, a sum every four cycles at most, a
    little for all else, and what it takes to read a vector from afar."""
    return max(filters * vectors, filters + vectors, 8) / 2 + 1 + read * vectors


def _depth(shape: Convolution, filters: int, item: int, target: Target) -> int:
    """So many channels that the weights of a block of filters stay in the nearest cache from tile
    to tile, and the rows that are read in the next one from block to block."""
    # No tap may be inside of any image.
    taps = [max(1, *(len(s.taps) for s in sides)) for sides in (shape.rows, shape.columns)]
    weights = filters * taps[0] * taps[1] * item
    rows = min(taps[0], shape.rows[0].size) * shape.source_width * shape.block * item
    fit = []
    if shape.width > 1:
        fit.append(int(0.65 * target.level1_bytes / weights))
    if shape.filters > filters:
        fit.append(int(0.75 * target.level2_bytes / rows))
    most = max(16, min(fit, default=shape.channels))
    return even_parts(shape.channels, most)[0]
