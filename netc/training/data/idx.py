"""Reads IDX, the file format of MNIST, plain or gzipped, believing no header."""

import gzip
import struct
import zlib
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from netc.training.data.problems import damaged, first_line, unreadable
from netc.types import Array, Shape

MOST_INFLATED = 1032
"""Bytes that deflate makes of one at most (zlib, technical details): no header may promise more."""

_CHUNK = 1 << 20
_MOST_AXES = 8
_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


class Stream(Protocol):
    """Bytes in a row: a file, or what is unpacked from one."""

    def read(self, size: int, /) -> bytes: ...


def read_idx(path: Path) -> Array:
    """The array of an IDX file, in the byte order of this machine.

    Raises `Unusable`. No memory is taken that the size of the file does not warrant.
    """
    return _opened(path, _read)


def outline_idx(path: Path) -> Array:
    """An array without rows, otherwise like that of an IDX file, of which only the header is read.

    Raises `Unusable`.
    """
    return _opened(path, _outline)


def _opened(path: Path, read: Callable[[Path, Stream, int], Array]) -> Array:
    """What is read from a file, of which no more bytes are believed in than it can hold."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            zipped = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            if not zipped:
                return read(path, file, size)
            with gzip.GzipFile(fileobj=file) as stream:
                return read(path, stream, size * MOST_INFLATED)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise damaged(path, "it is a damaged gzip file", first_line(error)) from None
    except OSError as error:
        raise unreadable(path, error) from None


def _outline(path: Path, stream: Stream, room: int) -> Array:
    shape, dtype = _head(path, stream, room)
    if not prod(shape):
        raise damaged(path, f"{list(shape)} is an array without numbers", "at byte 4")
    return np.empty((0, *shape[1:]), dtype.newbyteorder("="))


def _head(path: Path, stream: Stream, room: int) -> tuple[Shape, np.dtype[Any]]:
    """The shape and the type that a file promises and has the bytes for."""
    head = stream.read(4)
    if len(head) < 4 or head[:2] != b"\0\0":
        raise damaged(path, "an IDX file begins with two zero bytes", "at byte 0")
    kind, axes = head[2], head[3]
    if kind not in _TYPES:
        raise damaged(path, f"IDX has no element type 0x{kind:02x}", "at byte 2")
    if not 1 <= axes <= _MOST_AXES:
        raise damaged(path, f"an array cannot have {axes} axes", "at byte 3")
    sides = stream.read(4 * axes)
    if len(sides) < 4 * axes:
        raise damaged(path, "it ends inside its header", f"at byte {4 + len(sides)}")
    shape = struct.unpack(f">{axes}I", sides)
    start, dtype = 4 + 4 * axes, np.dtype(_TYPES[kind])
    size = prod(shape) * dtype.itemsize
    if start + size > room:
        promise = f"its header promises {list(shape)}, {size} bytes"
        raise damaged(path, f"{promise}, but there are at most {max(room - start, 0)}", "at byte 4")
    return shape, dtype


def _read(path: Path, stream: Stream, room: int) -> Array:
    shape, dtype = _head(path, stream, room)
    size = prod(shape) * dtype.itemsize
    data = np.empty(size, np.uint8)
    read, start = read_into(stream, data), 4 + 4 * len(shape)
    if read < size:
        raise damaged(
            path, f"it ends after {read} of {size} bytes of numbers", f"at byte {start + read}"
        )
    if stream.read(1):
        raise damaged(path, "it goes on after the last of its numbers", f"at byte {start + size}")
    return data.view(dtype).astype(dtype.newbyteorder("="), copy=False).reshape(shape)


def read_into(stream: Stream, data: Array) -> int:
    """Fill a byte array from a stream, little by little; the number of bytes there were."""
    at = 0
    while at < len(data):
        chunk = stream.read(min(_CHUNK, len(data) - at))
        if not chunk:
            break
        data[at : at + len(chunk)] = np.frombuffer(chunk, np.uint8)
        at += len(chunk)
    return at
