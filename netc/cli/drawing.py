"""Pictures in a terminal: half blocks in colour, shades without colour, or plain ASCII."""

import os
from collections.abc import Sequence
from typing import Literal

import numpy as np

from netc.cli.resample import resample
from netc.types import Array

Style = Literal["color", "shades", "ascii"]

_RAMPS = {"shades": " ░▒▓█", "ascii": " .:-=+*#%@"}
_NARROWEST, _WIDEST = 16, 32
_RESET = "\x1b[0m"


def style_for(*, colored: bool, unicode: bool) -> Style:
    """The best a stream can show."""
    if not unicode:
        return "ascii"
    return "color" if colored else "shades"


def columns_of(image: Array) -> int:
    """Columns that the drawing of an image [channels, h, w] takes: small ones are drawn larger."""
    width: int = image.shape[-1]
    if width >= _NARROWEST:
        return min(width, _WIDEST)
    return width * (_NARROWEST // width)


def draw(image: Array, style: Style) -> list[str]:
    """The lines of a drawing; dark to bright is the range of the image's own numbers.

    A character is twice as high as it is wide: in colour it shows two pixels, one above the other.
    """
    columns = columns_of(image)
    lines = max(round(columns * image.shape[-2] / image.shape[-1] / 2), 1)
    pixels = stretched(image if len(image) in (1, 3) else image[:1])
    if style == "color":
        return _half_blocks(resample(pixels, 2 * lines, columns))
    ramp = _RAMPS[style]
    grey = resample(pixels, lines, columns).mean(axis=0)
    steps = np.clip((grey * len(ramp)).astype(int), 0, len(ramp) - 1)
    return ["".join(ramp[step] for step in row) for row in steps]


def stretched(image: Array) -> Array:
    """The numbers brought to 0 to 1."""
    values = np.nan_to_num(np.asarray(image, np.float64))
    low, high = values.min(), values.max()
    return np.asarray((values - low) / (high - low if high > low else 1))


def _half_blocks(pixels: Array) -> list[str]:
    """Each character in the colour of its upper pixel, on a ground of that of the lower."""
    colors = np.broadcast_to(pixels, (3, *pixels.shape[1:]))
    code = _true_color if os.environ.get("COLORTERM") in ("truecolor", "24bit") else _of_256
    lines = []
    for y in range(0, colors.shape[1], 2):
        line, before = [], ""
        for x in range(colors.shape[2]):
            paint = f"\x1b[38;{code(colors[:, y, x])}m\x1b[48;{code(colors[:, y + 1, x])}m"
            line.append(("" if paint == before else paint) + "▀")
            before = paint
        lines.append("".join(line) + _RESET)
    return lines


def _true_color(pixel: Array) -> str:
    return "2;" + ";".join(f"{level:.0f}" for level in pixel * 255)


def _of_256(pixel: Array) -> str:
    """The nearest of 24 greys, or of the 6x6x6 colours that nearly every terminal has."""
    if np.ptp(pixel) < 0.02:
        return f"5;{232 + round(float(pixel[0]) * 23)}"
    red, green, blue = (round(float(level) * 5) for level in pixel)
    return f"5;{16 + 36 * red + 6 * green + blue}"


def side_by_side(
    drawings: Sequence[Sequence[str]], captions: Sequence[str], *, columns: int, width: int
) -> list[str]:
    """Drawings of equal size in rows that fit in `width`, each with its caption below.

    A caption may hold colours, and takes `columns` columns without them.
    """
    gap = "   "
    fit = max((width + len(gap)) // (columns + len(gap)), 1)
    out: list[str] = []
    for start in range(0, len(drawings), fit):
        row = drawings[start : start + fit]
        out += [gap.join(parts).rstrip() for parts in zip(*row, strict=True)]
        out += [gap.join(captions[start : start + fit]).rstrip(), ""]
    return out[:-1]
