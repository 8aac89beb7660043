"""The order of the nodes in each row, so that few wires cross (Sugiyama, Tagawa, Toda, 1981)."""

from collections.abc import Sequence
from itertools import pairwise

Rows = list[list[int]]

_SWEEPS = 12
_COUNTED = 200_000
"""Wires beyond which a further sweep is not worth its time."""


def ordered(rows: Rows, above: Sequence[Sequence[int]], below: Sequence[Sequence[int]]) -> Rows:
    """The rows in an order with few crossings; `above` and `below` are the neighbours.

    The order that is given stays where nothing speaks against it.
    """
    best, fewest = rows, crossings(rows, below)
    wires = sum(map(len, below))
    for sweep in range(_SWEEPS if wires < _COUNTED else 1):
        if not fewest:
            break
        rows = _swept(rows, above if sweep % 2 == 0 else below, down=sweep % 2 == 0)
        count = crossings(rows, below)
        if count < fewest:
            best, fewest = rows, count
    return best


def _swept(rows: Rows, neighbours: Sequence[Sequence[int]], *, down: bool) -> Rows:
    """Each row sorted by where its neighbours stand in the row before."""
    rows = [list(row) for row in rows]
    span = range(1, len(rows)) if down else range(len(rows) - 2, -1, -1)
    for number in span:
        fixed = rows[number - 1 if down else number + 1]
        place = {node: at for at, node in enumerate(fixed)}
        width = max(len(rows[number]), 1)
        keys = {}
        for at, node in enumerate(rows[number]):
            around = [place[n] for n in neighbours[node] if n in place]
            share = at / width * len(fixed)
            keys[node] = sum(around) / len(around) if around else share
        rows[number].sort(key=keys.__getitem__)
    return rows


def crossings(rows: Rows, below: Sequence[Sequence[int]]) -> int:
    """How many pairs of wires cross between neighbouring rows."""
    total = 0
    for upper, lower in pairwise(rows):
        place = {node: at for at, node in enumerate(lower)}
        ends = [
            place[target]
            for node in upper
            for target in sorted((t for t in below[node] if t in place), key=place.__getitem__)
        ]
        total += _inversions(ends, len(lower))
    return total


def _inversions(ends: list[int], size: int) -> int:
    """Pairs out of order, by a tree of sums (Fenwick, 1994)."""
    tree = [0] * (size + 1)
    total = 0
    for seen, end in enumerate(ends):
        at, smaller = end + 1, 0
        while at:
            smaller += tree[at]
            at -= at & -at
        total += seen - smaller
        at = end + 1
        while at <= size:
            tree[at] += 1
            at += at & -at
    return total
