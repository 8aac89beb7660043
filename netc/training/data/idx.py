"""Reads IDX, the file format of MNIST, plain or gzipped, believing no header."""

import gzip
import struct
import zlib
from math import prod
from pathlib import Path
from typing import Protocol

import numpy as np

from netc.training.data.problems import damaged, first_line, unreadable
from netc.types import Array

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
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            zipped = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            if not zipped:
                return _read(path, file, size)
            with gzip.GzipFile(fileobj=file) as stream:
                return _read(path, stream, size * MOST_INFLATED)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise damaged(path, "it is a damaged gzip file", first_line(error)) from None
    except OSError as error:
        raise unreadable(path, error) from None


def _read(path: Path, stream: Stream, room: int) -> Array:
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
    data = np.empty(size, np.uint8)
    read = read_into(stream, data)
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
