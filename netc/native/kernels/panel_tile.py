"""Register tiles of a product: some filters times some vectors of places."""

from dataclasses import dataclass

from netc.native.target import Target


@dataclass(frozen=True)
class Run:
    """`count` blocks of `size` filters each, from filter `first` on; before them are `index`
    blocks."""

    first: int
    size: int
    count: int
    index: int


def blocks(filters: int, most: int) -> list[Run]:
    """Filters cut into blocks of nearly equal size, the larger ones first."""
    count = -(-filters // most)
    size, more = divmod(filters, count)
    runs = [Run(0, size + 1, more, 0), Run(more * (size + 1), size, count - more, more)]
    return [run for run in runs if run.count]


def tile(filters: int, places: int, lanes: int, target: Target) -> tuple[int, int]:
    """How many filters, and vectors of places, are summed at a time."""
    vectors = -(-places // lanes)
    shapes = (
        ((12, 2), (8, 3), (6, 4), (24, 1), (4, 6), (3, 8))
        if target.registers >= 32
        else ((6, 2), (4, 3), (12, 1), (3, 4), (2, 6))
    )
    return min(shapes, key=lambda shape: _cost(filters, vectors, *shape))


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
