"""A picture as the bytes of a PNG file, which every program shows and a page of HTML can carry."""

import struct
import zlib

import numpy as np

from netc.types import Array


def png(pixels: Array) -> bytes:
    """Encode numbers of 0 to 1, [channels, h, w] with one channel or three, in 8 bits each.

    PNG specification, third edition, sections 5 and 11: one IDAT chunk, no filter.
    """
    rows = np.moveaxis((np.clip(pixels, 0, 1) * 255).round().astype(np.uint8), 0, -1)
    height, width, channels = rows.shape
    color = {1: 0, 3: 2}[channels]
    lines = b"".join(b"\0" + row.tobytes() for row in rows)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
