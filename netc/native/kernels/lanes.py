"""Numbers that are evenly apart brought together in vectors, and the way back."""

from collections.abc import Sequence

from netc.native.function import Function, Int
from netc.native.kernels.cells import vload

MOST = 4
"""Vectors that are mixed: beyond, single loads are as fast."""


def is_mixed(f: Function, block: int, step: int, count: int) -> bool:
    """Whether vectors of several blocks that are `step` blocks apart are worth making."""
    return block < f.lanes and f.lanes % block == 0 and 1 < step <= MOST and count > 1


def load_apart(f: Function, pointer: str, offset: Int, count: int, block: int, step: int) -> str:
    """A vector of blocks of numbers that are `step` blocks apart: its first `count` lanes.

    No memory is touched beyond the last of them.
    """
    reach = (count // block - 1) * step * block + block
    vectors = [
        vload(f, pointer, f.sum(offset, start), reach - start) for start in range(0, reach, f.lanes)
    ]
    wanted = (lane // block * step * block + lane % block for lane in range(count))
    return picked(f, vectors, [divmod(number, f.lanes) for number in wanted])


def interleaved(f: Function, vectors: Sequence[str], block: int) -> list[str]:
    """A block of each vector in turn, as many vectors as there are."""
    period = len(vectors) * block
    numbers = [
        (rest // block, cell * block + rest % block)
        for cell, rest in (divmod(n, period) for n in range(len(vectors) * f.lanes))
    ]
    return [
        picked(f, vectors, numbers[start : start + f.lanes])
        for start in range(0, len(numbers), f.lanes)
    ]


def picked(f: Function, vectors: Sequence[str], wanted: Sequence[tuple[int, int]]) -> str:
    """A vector of lanes of several, each given by the number of the vector and of the lane."""
    used = sorted({vector for vector, _ in wanted})
    made, first = vectors[used[0]], [lane if v == used[0] else 0 for v, lane in wanted]
    first += [0] * (f.lanes - len(wanted))
    if len(used) == 1:
        return f.shuffle(made, made, first)
    for number in used[1:]:
        lanes = [f.lanes + lane if v == number else first[i] for i, (v, lane) in enumerate(wanted)]
        made = f.shuffle(made, vectors[number], lanes + [0] * (f.lanes - len(wanted)))
        first = [*range(f.lanes)]
    return made
