"""Where the large arrays begin that are gone through side by side."""

import numpy as np

from netc.types import Array

_PAGE = 4096
_SLOTS = 4


def flat_zeros(count: int, kind: type[np.generic], *, slot: int) -> Array:
    """Zeros that begin at a quarter of a page, another for each slot from 0 to 3.

    Processors tell addresses apart by their last 12 bits first: where all arrays of an update
    begin at the same place of a page, loads wait for stores that have nothing to do with them,
    and adam takes twice as long.
    """
    size = count * np.dtype(kind).itemsize
    room = np.zeros(size + 2 * _PAGE, np.uint8)
    start = -room.ctypes.data % _PAGE + slot % _SLOTS * (_PAGE // _SLOTS)
    return room[start : start + size].view(kind)
