"""Arrays with guards around them, which tell whether a kernel wrote where it should not."""

import weakref
from typing import Any

import numpy as np

_GUARD = 1024
_BYTE = 0x5A
"""What guards, and arrays that are not filled yet, are made of: a small float, and not NaN."""

_new: list[tuple[np.ndarray, int]] = []
_rooms: list[tuple[weakref.ref[Any], int]] = []


def guarded(shape: int | tuple[int, ...], dtype: Any, *, align: int = 64) -> np.ndarray:
    """An array with guards; its address is a multiple of `align` and of nothing larger."""
    count = int(np.prod(shape)) * np.dtype(dtype).itemsize
    room = np.full(count + 2 * _GUARD + 2 * align, _BYTE, np.uint8)
    start = _GUARD + -(room.ctypes.data + _GUARD) % align
    if (room.ctypes.data + start) % (2 * align) == 0:
        start += align
    _new.append((room, start + count))
    return room[start : start + count].view(dtype).reshape(shape)


def guarded_copy(array: np.ndarray, *, align: int = 64) -> np.ndarray:
    """The same numbers with guards."""
    made = guarded(array.shape, array.dtype, align=align)
    made[...] = array
    return made


def check_guards() -> None:
    """Nothing was written outside of any array made since the last check, or still there."""
    known = [(room(), stop) for room, stop in _rooms]
    there = [*_new, *((room, stop) for room, stop in known if room is not None)]
    _rooms[:] = [(weakref.ref(room), stop) for room, stop in there]
    _new.clear()
    for room, stop in there:
        assert (room[:_GUARD] == _BYTE).all(), "written before an array"
        assert (room[stop:] == _BYTE).all(), "written after an array"
