"""Many small pictures on one, in rows, with a line between them."""

from collections.abc import Sequence
from math import ceil, sqrt

import numpy as np

from netc.types import Array

_SMALLEST, _GAP, _PAPER = 64, 4, 1.0


def sheet(rows: Sequence[Sequence[Array]]) -> Array:
    """Pictures [channels, h, w] of numbers from 0 to 1 in rows; [1 or 3, height, width].

    All places are as large as the largest picture. Small pictures are drawn larger, each of their
    pixels as a square.
    """
    pictures = [picture for row in rows for picture in row]
    channels = max(len(picture) for picture in pictures)
    high, wide = (max(picture.shape[axis] for picture in pictures) for axis in (1, 2))
    factor = max(ceil(_SMALLEST / max(high, wide)), 1)
    step = np.array([high, wide]) * factor + _GAP
    size = step * [len(rows), max(map(len, rows))] + _GAP
    whole = np.full((channels, *size), _PAPER)
    for i, row in enumerate(rows):
        for j, picture in enumerate(row):
            enlarged = picture.repeat(factor, axis=1).repeat(factor, axis=2)
            top, left = step * [i, j] + _GAP
            whole[:, top : top + enlarged.shape[1], left : left + enlarged.shape[2]] = enlarged
    return whole


def in_rows(pictures: Sequence[Array]) -> list[list[Array]]:
    """Pictures in rows that are about as many as there are in each."""
    wide = max(ceil(sqrt(len(pictures))), 1)
    return [list(pictures[start : start + wide]) for start in range(0, len(pictures), wide)]


def stretched(numbers: Array) -> Array:
    """Numbers brought to 0 to 1: the least is black, the greatest white."""
    low, high = float(numbers.min()), float(numbers.max())
    return np.asarray((numbers - low) / (high - low if high > low else 1))


def signed(numbers: Array) -> Array:
    """Numbers brought to 0 to 1 with 0 in the middle, as grey."""
    most = float(np.abs(numbers).max())
    return np.asarray(0.5 + numbers / (2 * most if most > 0 else 1))
