"""Offsets in one arena: buffers that are never needed at the same time share bytes."""

from collections.abc import Mapping

import numpy as np

from netc.plan.lifetime import Buffers


def place(sizes: Mapping[str, int], buffers: Buffers, *, reuse: bool) -> tuple[dict[str, int], int]:
    """Greedy by size (Pisarchyk and Lee 2020): the largest buffer first, each at the lowest offset
    that is free for as long as it is needed. Gives the offsets and the size of the arena in bytes.
    """
    order = sorted(sizes, key=lambda b: (-sizes[b], buffers.first[b], b))
    count = len(order)
    start, stop = np.zeros(count, np.int64), np.zeros(count, np.int64)
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


def _lowest_gap(starts: np.ndarray, stops: np.ndarray, size: int) -> int:
    """The lowest offset with `size` free bytes between the taken ranges."""
    if not len(starts):
        return 0
    by_start = np.argsort(starts, kind="stable")
    starts, stops = starts[by_start], np.maximum.accumulate(stops[by_start])
    free_from = np.concatenate(([0], stops))
    room = np.concatenate((starts, [np.iinfo(np.int64).max])) - free_from
    return int(free_from[np.argmax(room >= size)])
