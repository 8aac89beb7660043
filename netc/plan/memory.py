"""Offsets in one arena: buffers that are never needed at the same time share bytes."""

from collections.abc import Mapping

import numpy as np

from netc.plan.lifetime import Buffers
from netc.types import Array


def place(sizes: Mapping[str, int], buffers: Buffers, *, reuse: bool) -> tuple[dict[str, int], int]:
    """Greedy by size (Pisarchyk and Lee 2020): the largest buffer first, each at the lowest offset
    that is free for as long as it is needed. Gives the offsets and the size of the arena in bytes.
    """
    order = sorted(sizes, key=lambda b: (-sizes[b], buffers.first[b], b))
    count = len(order)
    # What no machine can hold is laid out all the same, so that its size can be told.
    kind = np.int64 if sum(sizes.values()) < 1 << 62 else object
    start, stop = np.zeros(count, kind), np.zeros(count, kind)
    first = np.array([buffers.first[b] for b in order], np.int64)
    last = np.array([buffers.last[b] for b in order], np.int64)
    end = 0
    for i, buffer in enumerate(order):
        size = sizes[buffer]
        offset = end
        if reuse:
            meets = np.flatnonzero((first[:i] <= last[i]) & (first[i] <= last[:i]))
            offset = _lowest_gap(start[meets], stop[meets], size)
        start[i], stop[i] = offset, offset + size
        end = max(end, offset + size)
    return {buffer: int(start[i]) for i, buffer in enumerate(order)}, end


def _lowest_gap(starts: Array, stops: Array, size: int) -> int:
    """The lowest offset with `size` free bytes between the taken ranges."""
    by_start = np.argsort(starts, kind="stable")
    starts, stops = starts[by_start], np.maximum.accumulate(stops[by_start])
    free_from = np.concatenate(([0], stops))
    wide = np.flatnonzero(starts - free_from[:-1] >= size)
    return int(free_from[wide[0] if len(wide) else -1])
