"""Which convolutions are made with fewer multiplications, and in which portions."""

from netc.native.geometry import Geometry
from netc.native.kernels.winograd import Winograd
from netc.native.kernels.winograd_points import FOUR, TWO, Points
from netc.native.kernels.winograd_tiles import Tiles
from netc.native.kernels.winograd_weight import WinogradWeight
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import Target, host
from netc.types import Dtype

_CYCLES = {TWO: (60, 5), FOUR: (150, 10)}
"""What a vector of tiles costs beside its products for each channel and filter, and the weights of
a channel and filter; measured on Zen 5."""

_GAIN = 0.85
"""Less work than this much of a plain convolution's is worth the digits that are lost."""

_ONCE = 1 << 14
"""So many channels times filters have all their weights turned at once, and stay in the cache."""

_WIDTH = 2
"""Vectors of a register tile."""

_SHARE = 32
_COLUMNS = 8
"""With more, so many filters and vectors of tiles are made at a time."""

_SUMS = 1 << 15
_TILES = 2
"""Of a weight gradient, so many channels times filters, and vectors of tiles, at a time."""


def points_for(
    geometry: Geometry,
    block: int,
    target: Target,
    dtype: Dtype,
    *,
    turned: bool = False,
    threads: int = 1,
) -> Points | None:
    """The points that make a convolution, or its input gradient, with the least work; none where
    plain sums are as fast. `threads` is how many share the units of a call."""
    lanes = target.lanes(dtype)
    if not _is_possible(geometry, block, target, lanes):
        return None
    pairs = geometry.channels * geometry.filters
    both = geometry.channels + geometry.filters
    best, least = None, 4.95 * pairs * _GAIN
    out = geometry.height, geometry.width
    places = (out[0].size * out[1].size if turned else out[0].out * out[1].out) * block
    for points, (sides, weights) in _CYCLES.items():
        tiles = _tiles(geometry, block, lanes, points, turned=turned)
        count = tiles.rows * tiles.vectors
        work = count * (0.575 * points.count**2 * pairs + sides * both) + weights * pairs
        is_few = count < 2 * _WIDTH * threads
        made = geometry.channels if turned else geometry.filters
        work *= _waits(-(-made // lanes) if is_few else count, threads)
        if work < least * -(-places // lanes):
            best, least = points, work / -(-places // lanes)
    return best


def weight_points_for(
    geometry: Geometry, block: int, target: Target, dtype: Dtype, *, threads: int = 1
) -> Points | None:
    """Likewise for the weight gradient."""
    lanes = target.lanes(dtype)
    if not _is_possible(geometry, block, target, lanes):
        return None
    channels, filters = -(-geometry.channels // lanes) * lanes, geometry.filters
    places = -(-geometry.height.out * geometry.width.out * block // lanes)
    plain = 5.3 * geometry.channels * filters * places
    tiles = _tiles(geometry, block, lanes, FOUR, turned=False)
    each = 0.575 * FOUR.count**2 * channels * filters + 300 * channels + 130 * filters
    work = tiles.rows * tiles.vectors * each + 8 * channels * filters
    work *= _waits(channels // lanes, threads)
    return FOUR if work < plain * _GAIN else None


def _waits(units: int, threads: int) -> float:
    """How much longer threads are there than they work, since units are whole."""
    return -(-units // threads) * threads / units


def forward(
    dtype: Dtype,
    geometry: Geometry,
    source: Layout,
    tail: Tail,
    points: Points,
    *,
    threads: int = 1,
    target: Target | None = None,
) -> Winograd:
    """Reads `x` and `weight`; the tail is given the output without its bias. `threads` is how many
    share the units of a call."""
    target = target or host()
    return _made(dtype, geometry, source, tail, points, threads, target, turned=False)


def input_gradient(
    dtype: Dtype,
    geometry: Geometry,
    source: Layout,
    tail: Tail,
    points: Points,
    *,
    threads: int = 1,
    target: Target | None = None,
) -> Winograd:
    """Reads `dy`, which lies as `source`, and `weight`; the tail is given the gradient of x."""
    target = target or host()
    return _made(dtype, geometry, source, tail, points, threads, target, turned=True)


def weight_gradient(
    dtype: Dtype,
    geometry: Geometry,
    x: Layout,
    dy: Layout,
    points: Points,
    *,
    threads: int = 1,
    target: Target | None = None,
) -> WinogradWeight:
    """Reads `x` and `dy`, and fills `dweight` or adds to it."""
    target = target or host()
    lanes = target.lanes(dtype)
    tiles = _tiles(geometry, x.block, lanes, points, turned=False)
    units = -(-geometry.channels // lanes)
    width = _WIDTH if units >= _WIDTH * threads else 1
    most = (12 if width == 2 else 16) if target.registers >= 32 else 12 // (2 * width)
    share = width * max(1, min(units, _SUMS // (geometry.filters * lanes)) // width)
    columns = min(tiles.rows * tiles.vectors, _TILES)
    return WinogradWeight(
        dtype,
        points,
        tiles,
        geometry.channels,
        geometry.filters,
        x.plane,
        dy.plane,
        most,
        width,
        columns,
        share,
    )


def _is_possible(geometry: Geometry, block: int, target: Target, lanes: int) -> bool:
    sides = geometry.height, geometry.width
    return (
        all((s.kernel, s.stride, s.dilation) == (3, 1, 1) and s.pad <= 2 for s in sides)
        and sides[0].pad == sides[1].pad
        and geometry.groups == 1
        and (block % lanes == 0 or lanes % block == 0)
        # Narrower vectors have no loads with masks.
        and target.vector_bytes >= 32
    )


def _tiles(geometry: Geometry, block: int, lanes: int, points: Points, *, turned: bool) -> Tiles:
    height, width = geometry.height, geometry.width
    if turned:
        sides = height.out, width.out, height.size, width.size
    else:
        sides = height.size, width.size, height.out, width.out
    pad = 2 - height.pad if turned else height.pad
    return Tiles(points.made, block, lanes, *sides, pad)


def _made(
    dtype: Dtype,
    geometry: Geometry,
    source: Layout,
    tail: Tail,
    points: Points,
    threads: int,
    target: Target,
    *,
    turned: bool,
) -> Winograd:
    channels, filters = geometry.channels, geometry.filters
    if turned:
        channels, filters = filters, channels
    tiles = _tiles(geometry, source.block, target.lanes(dtype), points, turned=turned)
    count, width = tiles.rows * tiles.vectors, _WIDTH
    few = count < 2 * width * threads
    is_small = channels * filters <= _ONCE and not few
    own = count if few else -(-count // threads)
    each = -(-own // -(-own // _COLUMNS))
    return Winograd(
        dtype,
        "dy" if turned else "x",
        points,
        tiles,
        channels,
        filters,
        source.plane,
        tail,
        turned,
        most=8 if target.registers >= 32 else 4,
        width=width,
        columns=width if is_small else -(-each // width) * width,
        share=filters if is_small else _SHARE,
        by_filters=few and threads > 1,
    )
