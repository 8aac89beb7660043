"""Images made larger or smaller: each output along an axis is a mix of a few places.

Arrays are [channels, axes of the image..., n].
"""

from functools import cache

import numpy as np

from netc.types import Array

Mix = tuple[tuple[tuple[int, float], ...], ...]
"""For each output along an axis, the places it is made of and their shares."""


@cache
def nearest(side: int, out: int) -> Mix:
    """Each output is one place: floor(o * side / out)."""
    return tuple(((o * side // out, 1.0),) for o in range(out))


@cache
def linear(side: int, out: int, *, corners: bool) -> Mix:
    """Each output lies between two places: the shares are how near it is to them.

    With `corners` the first and last outputs are the first and last places; without, places and
    outputs are squares of one length, and their middles are compared.
    """
    return tuple(_between(_source(o, side, out, corners), side) for o in range(out))


@cache
def transposed(mix: Mix, side: int) -> Mix:
    """For each of `side` places, the outputs that it is a part of."""
    found: list[list[tuple[int, float]]] = [[] for _ in range(side)]
    for o, parts in enumerate(mix):
        for place, share in parts:
            found[place].append((o, share))
    return tuple(map(tuple, found))


def apply(mix: Mix, axis: int, x: Array, y: Array, room: Array) -> None:
    """Mix the places along one axis; `room` is scratch [channels, as much as a slice, n]."""
    source, target = np.moveaxis(x, axis, 0), np.moveaxis(y, axis, 0)
    shape = target.shape[1:]
    spare = room[:, : target[0].size // (shape[0] * shape[-1])].reshape(shape)
    for out, parts in zip(target, mix, strict=True):
        if not parts:
            out.fill(0)
        for number, (place, share) in enumerate(parts):
            values = source[place]
            if share != 1:
                values = np.multiply(values, share, out=spare if number else out)
            if number:
                np.add(out, values, out=out)
            elif share == 1:
                np.copyto(out, values)


def _source(o: int, side: int, out: int, corners: bool) -> float:
    """Where an output lies among the places."""
    if corners:
        return o * (side - 1) / max(out - 1, 1)
    return max((o + 0.5) * side / out - 0.5, 0)


def _between(at: float, side: int) -> tuple[tuple[int, float], ...]:
    low = min(int(at), side - 1)
    part = at - low
    if part == 0 or low == side - 1:
        return ((low, 1.0),)
    return (low, 1 - part), (low + 1, part)
