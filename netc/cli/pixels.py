"""Pictures from files: the plain formats read here, all others by Pillow where it is installed."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from netc.cli.problems import MissingPart, UnreadableInput
from netc.diag import Problem, refusal
from netc.types import Array

PLAIN = (".pgm", ".ppm", ".pnm")
INSTALL = 'pip install "netc[data]"'
_LARGEST_SIDE = 1 << 14
_HEADER = re.compile(rb"P([2356])" + rb"(?:\s+|#[^\n]*\n)+(\d+)" * 3 + rb"\s")


def read_picture(path: str) -> Array | Problem:
    """A picture as numbers from 0 (black) to 1: grey [1, h, w] or red, green and blue [3, h, w]."""
    try:
        if Path(path).suffix.lower() in PLAIN:
            return _read_plain(path, Path(path).read_bytes())
        with Path(path).open("rb"):
            return _read_by_pillow(path)
    except OSError as error:
        return UnreadableInput(None, path=path, reason=refusal(error))


def _read_plain(path: str, data: bytes) -> Array | Problem:
    """A PGM or PPM file, as text (P2, P3) or bytes (P5, P6), by the manual pages of Netpbm."""
    found = _HEADER.match(data)
    if found is None:
        return UnreadableInput(None, path=path, reason="it is no PGM or PPM picture")
    kind, width, height, most = int(found[1]), int(found[2]), int(found[3]), int(found[4])
    channels = 3 if kind in (3, 6) else 1
    if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE and 0 < most < 1 << 16):
        return UnreadableInput(None, path=path, reason="its header makes no sense")
    count, rest = channels * height * width, data[found.end() :]
    if kind in (5, 6):
        values = np.frombuffer(rest[: len(rest) // 2 * 2], ">u2") if most > 255 else None
        values = np.frombuffer(rest, np.uint8) if values is None else values
    else:
        words = rest.split(maxsplit=count)[:count]
        if not all(word.isdigit() and len(word) < 6 for word in words):
            return UnreadableInput(None, path=path, reason="it holds words that are no pixels")
        values = np.array(words, np.int64)
    if len(values) < count:
        reason = f"it ends after {len(values):,} of its {count:,} values"
        return UnreadableInput(None, path=path, reason=reason)
    pixels = values[:count].reshape(height, width, channels)
    return np.clip(np.moveaxis(pixels, -1, 0) / most, 0, 1)


def _read_by_pillow(path: str) -> Array | Problem:
    try:
        image_module: Any = import_module("PIL.Image")
    except ImportError:
        return MissingPart(None, what=f"`{path}`", package="Pillow", install=INSTALL)
    try:
        with image_module.open(path) as image:
            if min(image.size) < 1 or max(image.size) > _LARGEST_SIDE:
                return UnreadableInput(None, path=path, reason="it is too large")
            is_grey = image.mode in ("1", "L", "LA", "I", "I;16", "F")
            if image.mode.startswith("I"):
                return np.asarray(image, np.float64)[np.newaxis] / 65535
            pixels = np.asarray(image.convert("L" if is_grey else "RGB"), np.float64) / 255
    except Exception as error:  # Pillow's plug-ins raise what they like on damaged files
        reason = f"it is no picture that Pillow knows ({type(error).__name__})"
        return UnreadableInput(None, path=path, reason=reason)
    return pixels[np.newaxis] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)


def with_channels(picture: Array, channels: int) -> Array:
    """The picture as grey, by the luma weights of ITU-R BT.601, or with grey put three times."""
    if channels == 1 and len(picture) == 3:
        return np.tensordot([0.299, 0.587, 0.114], picture, 1)[np.newaxis]
    if channels == 3 and len(picture) == 1:
        return np.repeat(picture, 3, axis=0)
    return picture
