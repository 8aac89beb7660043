"""A rule that treats each channel alone, called on parts of the channels from several threads."""

from collections.abc import Callable, Mapping

from netc.types import Array, Threads

_SMALLEST = 1 << 19
"""Numbers in the largest array below which waking a thread costs more than it saves."""


def share_channels(
    rule: Callable[..., None], arrays: Mapping[str, Array | list[Array]], threads: Threads
) -> Callable[[], None] | None:
    """One call for each thread on its own channels; None where sharing does not pay.

    Batched arrays have the channels as axis 1, all others as axis 0.
    """
    flat = [a for array in arrays.values() for a in (array if isinstance(array, list) else [array])]
    largest = max(flat, key=lambda a: a.size)
    if largest.ndim < 2 or largest.size < _SMALLEST or largest.shape[1] < threads.count:
        return None
    batch, channels = largest.shape[:2]
    parts = []
    for t in range(threads.count):
        low, high = channels * t // threads.count, channels * (t + 1) // threads.count
        part = {n: _slice(a, batch, channels, low, high) for n, a in arrays.items()}
        if any(a is None for a in part.values()):
            return None
        parts.append(part)
    return lambda: threads.each(lambda t: rule(**parts[t]))


def _slice(
    array: Array | list[Array], batch: int, channels: int, low: int, high: int
) -> Array | list[Array | None] | None:
    if isinstance(array, list):
        return [_one(a, batch, channels, low, high) for a in array]
    return _one(array, batch, channels, low, high)


def _one(array: Array, batch: int, channels: int, low: int, high: int) -> Array | None:
    if array.ndim >= 2 and array.shape[:2] == (batch, channels):
        return array[:, low:high]
    if array.ndim >= 1 and array.shape[0] == channels:
        return array[low:high]
    return None
