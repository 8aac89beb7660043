"""Register tiles of a product: some filters times some vectors of places."""

from dataclasses import dataclass

from netc.native.function import Function, Int
from netc.native.target import Target

_SHAPES = ((12, 2), (8, 3), (6, 4), (24, 1), (4, 6), (3, 8), (2, 8), (1, 8))
_FEW_REGISTERS = ((6, 2), (4, 3), (12, 1), (3, 4), (2, 6), (1, 6))
"""Filters and vectors of a tile, for 32 registers and for 16."""


@dataclass(frozen=True)
class Run:
    """`count` blocks of `size` filters each, from filter `first` on; before them are `index`
    blocks."""

    first: int
    size: int
    count: int
    index: int

    def within(self, f: Function, begin: Int, end: Int) -> tuple[Int, Int]:
        """Which of these lie in a range of all blocks."""
        low = f.most(f.sub(begin, self.index), 0)
        return low, f.least(f.sub(end, self.index), self.count)


def blocks(filters: int, most: int) -> list[Run]:
    """Filters cut into blocks of nearly equal size, the larger ones first."""
    count = -(-filters // most)
    size, more = divmod(filters, count)
    runs = [Run(0, size + 1, more, 0), Run(more * (size + 1), size, count - more, more)]
    return [run for run in runs if run.count]


def tile(filters: int, places: int, lanes: int, target: Target) -> tuple[int, int]:
    """How many filters, and vectors of places, are summed at a time."""
    vectors = -(-places // lanes)
    shapes = _SHAPES if target.registers >= 32 else _FEW_REGISTERS
    # Tiles of fewer filters read the weights less often, but what they multiply more often.
    fit = [shape for shape in shapes if shape[0] >= min(filters, 6)]
    return min(fit, key=lambda shape: _cost(filters, vectors, *shape))


def _cost(filters: int, vectors: int, most: int, width: int) -> float:
    """Cycles for each tap: two multiplications or loads in a cycle, and four until a sum can be
    added to again."""
    total = 0.0
    for run in blocks(filters, most):
        for wide, strips in ((width, vectors // width), (vectors % width, vectors % width > 0)):
            if strips:
                loads = (run.size + wide) * 1.15
                total += run.count * strips * max(run.size * wide, loads, 8) / 2
    return total
