"""The taps of neighbouring kernels, each in a vector of its own."""

from collections.abc import Sequence

from netc.native.function import ZERO, Function

TAPS = 9
"""A kernel has three rows of three taps."""


def nine(f: Function, weight: str, count: int) -> list[str]:
    """The nine taps of `count` neighbours, a vector for each tap."""
    read = []
    for start in range(0, TAPS * count, f.lanes):
        left = TAPS * count - start
        if left >= f.lanes:
            read.append(f.vload(weight, start))
        else:
            read.append(f.vload_some(weight, start, f.first_lanes(left)))
    firsts = [TAPS * min(t, count - 1) for t in range(f.lanes)]
    return [_gathered(f, read, [first + tap for first in firsts]) for tap in range(TAPS)]


def side_by_side(f: Function, taps: Sequence[str]) -> list[str]:
    """The opposite: vectors of taps in the order of the weight, one kernel after the other."""
    order = [(n % TAPS) * f.lanes + n // TAPS for n in range(TAPS * f.lanes)]
    cut = range(0, len(order), f.lanes)
    return [_gathered(f, taps, order[start : start + f.lanes]) for start in cut]


def _gathered(f: Function, vectors: Sequence[str], wanted: Sequence[int]) -> str:
    """Numbers of several vectors, counted through all of them."""
    made = ZERO
    for index, vector in enumerate(vectors):
        here = [w - index * f.lanes for w in wanted]
        if any(0 <= h < f.lanes for h in here):
            lanes = [f.lanes + h if 0 <= h < f.lanes else t for t, h in enumerate(here)]
            made = f.shuffle(made, vector, lanes)
    return made
