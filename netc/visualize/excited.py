"""The parts of pictures that excite a channel, each beside what in it did so."""

from collections.abc import Mapping, Sequence

import numpy as np

from netc.types import Array, Shape
from netc.visualize.choose import Peak, wanted_at
from netc.visualize.look import Look
from netc.visualize.methods import Method
from netc.visualize.sheet import sheet, signed, stretched


def excited_sheet(
    look: Look,
    value: str,
    source: str,
    inputs: Mapping[str, Array],
    activations: Array,
    rows: Sequence[Sequence[Peak]],
    method: Method,
    field: Shape | None = None,
) -> Array:
    """A row for each channel: the parts of the pictures that excite it most, and beside each what
    is left of it when the activation is taken back.

    `activations` are those of `value` on `inputs`, and `field` the side lengths of the part of a
    picture that one of them sees; None for all of it.
    """
    flat = [peak for row in rows for peak in row]
    examples = [peak.example for peak in flat]
    chosen = {name: array[examples] for name, array in inputs.items()}
    projected = look.project(value, chosen, wanted_at(activations, flat), source, method)
    pairs = iter(zip(chosen[source], projected, strict=True))
    drawn = []
    for row in rows:
        tiles: list[Array] = []
        for picture, projection in (next(pairs) for _ in row):
            where = part_of(projection, field)
            tiles += [stretched(as_color(picture))[where], signed(as_color(projection))[where]]
        drawn.append(tiles)
    return sheet(drawn)


def part_of(projection: Array, field: Shape | None) -> tuple[slice, ...]:
    """The part of a picture that an activation sees, by where its projection is not zero.

    At the edge of the picture it is moved inside, so that all parts are of one size.
    """
    whole = projection.shape[1:]
    sides = whole if field is None else tuple(map(min, field, whole))
    found = np.argwhere(projection.any(axis=0))
    if not len(found):
        return (slice(None), *(slice(0, side) for side in sides))
    low, high = found.min(axis=0), found.max(axis=0) + 1
    parts = []
    for a, b, side, size in zip(low, high, sides, whole, strict=True):
        start = min(max(int(a + b - side) // 2, 0), size - side)
        parts.append(slice(start, start + side))
    return (slice(None), *parts)


def as_color(picture: Array) -> Array:
    """A picture of one channel or three; of others the mean of all channels."""
    return picture if len(picture) in (1, 3) else picture.mean(axis=0, keepdims=True)
