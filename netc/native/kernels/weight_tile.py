"""How a weight gradient is cut: into weights whose sums are held in registers at the same time, and
examples and rows that are gone through before the sums go to memory."""

from dataclasses import dataclass
from itertools import groupby

from netc.native.geometry import Geometry, Side
from netc.native.layout import Layout
from netc.native.target import ITEM_BYTES, Target
from netc.types import Dtype

_SUMS = 8
"""Sums that must be under way to keep two units of four cycles busy."""

_WRITTEN = 16
"""Taps of a kernel row that are written out; of longer rows a loop takes one at a time."""

_FEW = 32
"""Channels that do not hide how long the gradients of a tile take to arrive."""

Run = tuple[int, int, int]
"""Pieces of equal size side by side: where they start, their size, and how many."""

ColumnRun = tuple[int, int, tuple[int, ...]]
"""Output columns from start to stop, and which taps are inside the image there."""


@dataclass(frozen=True)
class WeightTile:
    """What a tile holds at most: `filters` times `channels` times `columns` neighbours of one row
    of the kernel. Where they are few there are `ways` sums of each, which take turns.

    The sums go to memory after `rows` output rows of `blocks` blocks. All filters see `span`
    channels before the next ones are touched. What the next rows need may be fetched ahead.
    """

    filters: int
    channels: int
    columns: int
    ways: int
    rows: int
    blocks: int
    span: int
    fetches_x: bool = False
    fetches_dy: bool = False


def runs(total: int, most: int) -> list[Run]:
    """A length cut into as few pieces of at most `most` as will do, nearly equal."""
    count = -(-total // most)
    size, larger = divmod(total, count)
    cut = [(0, size + 1, larger), ((size + 1) * larger, size, count - larger)]
    return [run for run in cut if run[2]]


def column_runs(side: Side, first: int, taps: int) -> list[ColumnRun]:
    """All output columns for which one of some taps is inside the image."""

    def inside(column: int) -> tuple[int, ...]:
        places = column * side.stride - side.pad + first * side.dilation
        return tuple(t for t in range(taps) if 0 <= places + t * side.dilation < side.size)

    found = []
    for there, columns in groupby(range(side.out), inside):
        every = list(columns)
        if there:
            found.append((every[0], every[-1] + 1, there))
    return found


def choose_tile(
    dtype: Dtype, geometry: Geometry, x: Layout, dy: Layout, target: Target
) -> WeightTile:
    """The tile with the fewest loads for a product, and the chunks that its caches call for."""
    filters, channels, columns = min(
        _candidates(geometry, target.registers),
        key=lambda tile: _cost(geometry, *tile),
    )
    height, item = geometry.height, ITEM_BYTES[dtype]
    line, out = (width * x.block * item for width in (geometry.width.size, geometry.width.out))
    fixed = channels * line * max(0, height.kernel - height.stride)
    row = channels * line * min(height.stride, height.kernel) + filters * out
    near = target.level1_bytes * 2 // 3
    rows = max(1, min(height.out, (near - fixed) // row))
    blocks = max(1, near // (fixed + row * rows)) if rows == height.out else 1
    plane = min(height.size, rows * height.stride + height.kernel) * line * blocks
    span = max(channels, target.level2_bytes // 3 // plane // channels * channels)
    held = filters * channels * columns
    ways = max(1, min(-(-_SUMS // held), (target.registers - 4) // (2 * held)))
    seen = geometry.channels // geometry.groups
    far = (x.size + dy.size) * item > target.level2_bytes // 4 and rows < height.out
    return WeightTile(
        *(filters, channels, columns, ways, rows, blocks, span),
        fetches_x=far,
        fetches_dy=far and seen <= _FEW and height.kernel > 1,
    )


def _candidates(geometry: Geometry, registers: int) -> list[tuple[int, int, int]]:
    """Tiles that leave a register to load into, and registers for the shorter of both sides."""
    taps = geometry.width.kernel
    lengths = {-(-taps // pieces) for pieces in (1, 2, 3)} if taps <= _WRITTEN else {1}
    return [
        (filters, channels, columns)
        for filters in range(1, min(12, geometry.filters // geometry.groups) + 1)
        for channels in range(1, min(8, geometry.channels // geometry.groups) + 1)
        for columns in lengths
        if filters * channels * columns + min(filters, channels * columns) < registers
    ] or [(1, 1, 1)]


def _cost(geometry: Geometry, filters: int, channels: int, columns: int) -> float:
    """Cycles of a product, up to a factor, with what odd sizes waste."""
    own, seen = geometry.filters // geometry.groups, geometry.channels // geometry.groups
    taps = geometry.width.kernel
    cuts = [runs(own, filters), runs(seen, channels), runs(taps, columns)]
    pieces = [sum(count for _, _, count in cut) for cut in cuts]
    f, c, k = (n / count for n, count in zip((own, seen, taps), pieces, strict=True))
    products = f * c * k
    loads = (f + c * k + 1) / products
    far = 1 / (f * k * geometry.height.kernel)
    written = pieces[2] if taps <= _WRITTEN else 1
    bodies = len(cuts[0]) * len(cuts[1]) * written
    return max(1.0, 8 / products, 1.8 * loads) + 0.3 * loads + 0.7 * far + 0.01 * bodies
