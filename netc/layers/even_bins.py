"""Bins that lie evenly over an image, whatever its size, and how ONNX is told of them.

Along a side of n places cut into k bins, bin i goes from floor(i * n / k) to before
ceil((i + 1) * n / k): where k does not divide n, neighbours overlap by a place.
"""

from functools import cache, reduce
from itertools import product

import numpy as np

from netc.kernels.bins import Bins
from netc.layers.along import whole
from netc.sizes import is_open
from netc.types import Array, Onnx, Shape


def along(side: int, count: int) -> tuple[slice, ...]:
    """The places of each bin along one axis."""
    return tuple(slice(i * side // count, -(-(i + 1) * side // count)) for i in range(count))


@cache
def even_bins(sides: Shape, counts: Shape) -> tuple[Bins, Array]:
    """The bins along each axis, and one over the places of each: [axes..., 1]."""
    bins = tuple(along(*pair) for pair in zip(sides, counts, strict=True))
    shares = [np.array([1 / (part.stop - part.start) for part in parts]) for parts in bins]
    return bins, reduce(np.multiply.outer, shares)[..., None]


def onnx_means(g: Onnx, x: str, sides: Shape, counts: Shape) -> str:
    """Nodes that give the mean of each bin."""
    if is_open(sides):
        return _onnx_each(g, "GlobalAveragePool", x, sides, counts)
    if _are_equal(sides, counts):
        return _onnx_pool(g, "AveragePool", x, sides, counts)
    # A product with the shares of every place, one axis at a time.
    rank = len(sides) + 1
    for axis, (side, count) in enumerate(zip(sides, counts, strict=True), start=2):
        order = [*range(rank + 1)]
        order[axis], order[-1] = order[-1], order[axis]
        turned = g.op("Transpose", x, perm=order) if axis < rank else x
        mixed = g.op("MatMul", turned, g.constant(_table(side, count)))
        x = g.op("Transpose", mixed, perm=order) if axis < rank else mixed
    return x


def onnx_maxima(g: Onnx, x: str, sides: Shape, counts: Shape) -> str:
    """Nodes that give the greatest of each bin."""
    if not is_open(sides) and _are_equal(sides, counts):
        return _onnx_pool(g, "MaxPool", x, sides, counts)
    return _onnx_each(g, "GlobalMaxPool", x, sides, counts)


def _are_equal(sides: Shape, counts: Shape) -> bool:
    """Whether all bins are of one size."""
    return not any(side % count for side, count in zip(sides, counts, strict=True))


def _onnx_pool(g: Onnx, kind: str, x: str, sides: Shape, counts: Shape) -> str:
    kernel = tuple(side // count for side, count in zip(sides, counts, strict=True))
    return g.op(kind, x, kernel_shape=kernel, strides=kernel)


def _onnx_each(g: Onnx, kind: str, x: str, sides: Shape, counts: Shape) -> str:
    """Each bin cut out and pooled whole; where it lies is worked out of a shape that is open."""
    if set(counts) == {1}:
        return g.op(kind, x)
    axes = whole(g, *range(2, len(sides) + 2))
    shape = g.op("Gather", g.op("Shape", x), axes) if is_open(sides) else whole(g, *sides)
    divisor, almost = whole(g, *counts), whole(g, *(count - 1 for count in counts))
    bins = []
    for place in product(*map(range, counts)):
        after = (i + 1 for i in place)
        start = g.op("Div", g.op("Mul", shape, whole(g, *place)), divisor)
        reach = g.op("Add", g.op("Mul", shape, whole(g, *after)), almost)
        part = g.op("Slice", x, start, g.op("Div", reach, divisor), axes)
        bins.append(g.op(kind, part))
    return g.op("Reshape", g.op("Concat", *bins, axis=2), whole(g, 0, 0, *counts))


def _table(side: int, count: int) -> Array:
    """The share of each place in each bin, [side, count]."""
    table = np.zeros((side, count), np.float32)
    for number, part in enumerate(along(side, count)):
        table[part, number] = 1 / (part.stop - part.start)
    return table
