"""A square of numbers in registers, rows to columns: how examples come to lie side by side."""

from collections.abc import Sequence

from netc.native.function import Function


def transposed(f: Function, rows: Sequence[str]) -> list[str]:
    """The columns of as many vectors as a vector has lanes.

    Halves of pairs are exchanged, then quarters, and so on: two shuffles a pair in each round.
    """
    vectors, distance = list(rows), f.lanes // 2
    while distance:
        kept = [t + (f.lanes - distance if t & distance else 0) for t in range(f.lanes)]
        moved = [t + (f.lanes if t & distance else distance) for t in range(f.lanes)]
        for row in (r for r in range(f.lanes) if not r & distance):
            a, b = vectors[row], vectors[row + distance]
            vectors[row] = f.shuffle(a, b, kept)
            vectors[row + distance] = f.shuffle(a, b, moved)
        distance //= 2
    return vectors
