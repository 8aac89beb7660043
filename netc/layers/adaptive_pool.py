"""Pooling to a size that is given, whatever the size of the image."""

from fractions import Fraction
from functools import cache, reduce
from typing import Any

import numpy as np

from netc.kernels.bins import Bins, add_to_bins, mean_of_bins
from netc.kernels.layout import batch_last
from netc.layers.axes import kind, per_axis, require_image, type_of
from netc.layers.base import Layer, Window, layer
from netc.layers.pool_windows import torch_pool
from netc.options import PerAxis, option
from netc.sizes import is_open, way_to_close
from netc.types import Array, Onnx, Reject, Tensor


@layer("adaptive_avg_pool", family="pooling")
class AdaptiveAvgPool(Layer):
    """Keep the mean of each of `size` bins that lie evenly over the image.

    Along a side of n places cut into k bins, bin i goes from floor(i * n / k) to before
    ceil((i + 1) * n / k): where k does not divide n, neighbours overlap by a place. So PyTorch
    does it, where AlexNet and VGG take images of any size by it.

    Example:
        adaptive_avg_pool([3, 7, 5], size: [3, 2]) -> [3, 3, 2]
    """

    size: PerAxis = option(doc="Sides of the output.", main=True, at_least=1)

    splits = True

    def infer(self, x: Tensor) -> Tensor:
        require_image(x, axes=3)
        return Tensor((x.shape[0], *per_axis(self.size, x, "size")), x.dtype)

    def window(self, x: Tensor) -> Window:
        size = per_axis(self.size, x, "size")
        pairs = list(zip(map(int, x.shape[1:]), size, strict=True))
        kernel = (max(part.stop - part.start for part in _along(*pair)) for pair in pairs)
        return Window(tuple(kernel), tuple(Fraction(side, out) for side, out in pairs))

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"part": self.infer(x)}

    def forward(self, x: Array, y: Array) -> None:
        bins, shares = _bins(self, type_of(x))
        mean_of_bins(batch_last(x), batch_last(y), shares.astype(y.dtype), bins)

    def backward(self, dy: Array, dx: Array, part: Array) -> None:
        bins, shares = _bins(self, type_of(dx))
        dx.fill(0)
        scratch = shares.astype(dy.dtype), batch_last(part)
        add_to_bins(batch_last(dy), batch_last(dx), *scratch, bins)

    def onnx(self, g: Onnx, x: str) -> str:
        type = g.type(x)
        sides, size = type.shape[1:], per_axis(self.size, type, "size")
        if set(size) == {1}:
            return g.op("GlobalAveragePool", x)
        if is_open(sides):
            reason = f"the bins hang on the size of the {kind(type)}, {type}, which is not known"
            raise Reject("size", reason, help=way_to_close(sides))
        if not any(side % out for side, out in zip(sides, size, strict=True)):
            kernel = tuple(side // out for side, out in zip(sides, size, strict=True))
            return g.op("AveragePool", x, kernel_shape=kernel, strides=kernel)
        # Bins of several sizes: a product with the shares of every place, one axis at a time.
        for axis, (side, out) in enumerate(zip(sides, size, strict=True), start=2):
            order = [*range(type.rank + 1)]
            order[axis], order[-1] = order[-1], order[axis]
            turned = g.op("Transpose", x, perm=order) if axis < type.rank else x
            product = g.op("MatMul", turned, g.constant(_table(side, out)))
            x = g.op("Transpose", product, perm=order) if axis < type.rank else product
        return x

    def torch(self, t: Any, x: Any) -> Any:
        return torch_pool(t, "adaptive_avg", x.ndim - 2)(x, self.infer(type_of(x)).shape[1:])


def _along(side: int, out: int) -> tuple[slice, ...]:
    """The places of each bin along one axis."""
    return tuple(slice(i * side // out, -(-(i + 1) * side // out)) for i in range(out))


@cache
def _bins(pool: AdaptiveAvgPool, x: Tensor) -> tuple[Bins, Array]:
    """The bins along each axis, and one over the places of each: [axes..., 1]."""
    size = per_axis(pool.size, x, "size")
    bins = tuple(_along(side, out) for side, out in zip(x.shape[1:], size, strict=True))
    shares = [np.array([1 / (part.stop - part.start) for part in along]) for along in bins]
    return bins, reduce(np.multiply.outer, shares)[..., None]


def _table(side: int, out: int) -> Array:
    """The share of each place in each bin, [side, out]."""
    table = np.zeros((side, out), np.float32)
    for number, part in enumerate(_along(side, out)):
        table[part, number] = 1 / (part.stop - part.start)
    return table
