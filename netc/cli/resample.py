"""Pictures in other sizes."""

import numpy as np

from netc.types import Array


def resample(image: Array, rows: int, columns: int) -> Array:
    """The image (..., height, width) in another size: each new pixel is the mean of its area."""
    return _along(_along(image, rows, -2), columns, -1)


def _along(image: Array, count: int, axis: int) -> Array:
    """Sums up to every border are read off a running sum, between two pixels by straight lines."""
    size = image.shape[axis]
    if size == count:
        return image
    moved = np.moveaxis(image, axis, -1)
    sums = np.zeros((*moved.shape[:-1], size + 1))
    np.cumsum(moved, axis=-1, out=sums[..., 1:])
    borders = np.linspace(0, size, count + 1)
    low = np.minimum(borders.astype(int), size - 1)
    at_borders = sums[..., low] + (sums[..., low + 1] - sums[..., low]) * (borders - low)
    return np.moveaxis(np.diff(at_borders, axis=-1) * (count / size), -1, axis)
