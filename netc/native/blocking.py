"""How a batch is cut into blocks."""

_ROOM = 1 << 20
"""Bytes of the largest value that a block may have, so that its rows stay in the second cache."""


def block_size(batch: int, threads: int, lanes: int, largest_bytes: int) -> int:
    """Examples in a block: one or two vectors where there are enough for all threads, or the
    whole batch. `largest_bytes` is the size of the largest value of one example."""
    each = batch / threads
    if each < lanes:
        return batch
    double = 2 * lanes
    if batch % (double * threads) == 0 and double * largest_bytes <= _ROOM:
        return double
    return lanes
