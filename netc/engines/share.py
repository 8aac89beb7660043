"""A rule that treats each channel alone, called on parts of the channels from several threads."""

from collections.abc import Callable, Mapping

from netc.kernels.layout import share
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
    if any(_channel_axis(array, batch, channels) is None for array in flat):
        return None

    def part(array: Array, t: int) -> Array:
        own = slice(*share(t, threads.count, channels))
        return array[:, own] if _channel_axis(array, batch, channels) else array[own]

    parts = [
        {
            name: [part(a, t) for a in array] if isinstance(array, list) else part(array, t)
            for name, array in arrays.items()
        }
        for t in range(threads.count)
    ]
    return lambda: threads.each(lambda t: rule(**parts[t]))


def _channel_axis(array: Array, batch: int, channels: int) -> int | None:
    """Where an array has its channels; None where it has none."""
    if array.shape[:2] == (batch, channels):
        return 1
    return 0 if array.shape[:1] == (channels,) else None
