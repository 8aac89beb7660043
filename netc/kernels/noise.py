"""Random numbers by their index: any of them can be drawn alone, by anyone, with the same result.

A key and an index are mixed to a number of 32 bits. The steps are those of Wellons' hash prospector
(two multiplications, three shifts), with half of the key added before and the other half between,
so that keys give no shifted copies of one another.
"""

import numpy as np

from netc.types import Array

FIRST_FACTOR, SECOND_FACTOR = 0x21F0AAAD, 0x735A2D97
SHIFTS = (16, 15, 15)

_CHUNK = 1 << 15
"""Numbers drawn at a time: few enough to stay in the cache."""

_ALL = (1 << 32) - 1


def drawn_key(rng: np.random.Generator) -> int:
    """A key, drawn."""
    return int(rng.integers(0, 1 << 63))


def words(key: int, start: int, count: int) -> Array:
    """The numbers of 32 bits from index `start` on; a key has up to 64 bits."""
    x = np.arange(count, dtype=np.uint32)
    x += np.uint32((start + key) & _ALL)
    shifted = np.empty_like(x)
    _fold(x, SHIFTS[0], shifted)
    x *= np.uint32(FIRST_FACTOR)
    x ^= np.uint32(key >> 32 & _ALL)
    _fold(x, SHIFTS[1], shifted)
    x *= np.uint32(SECOND_FACTOR)
    _fold(x, SHIFTS[2], shifted)
    return x


def draw(key: int, least: int, out: Array) -> None:
    """Fill a line of booleans: whether the number of each index is at least `least`."""
    for start in range(0, out.size, _CHUNK):
        part = out[start : start + _CHUNK]
        np.greater_equal(words(key, start, part.size), np.uint32(least), out=part)


def _fold(x: Array, by: int, room: Array) -> None:
    np.right_shift(x, by, out=room)
    x ^= room
