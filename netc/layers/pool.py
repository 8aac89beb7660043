"""Pooling by windows: the greatest or the mean of each."""

from functools import cache, reduce
from math import prod
from typing import Any

import numpy as np

from netc.kernels.layout import batch_last, chunks
from netc.kernels.pooling import (
    START,
    add_windows,
    max_pool,
    max_pool_by_columns,
    spread,
    to_winners,
)
from netc.layers.axes import per_axis, type_of
from netc.layers.base import layer
from netc.layers.pool_windows import (
    Pool,
    Windowed,
    axes_of,
    counted_places,
    onnx_sides,
    pooled,
    torch_padded,
    torch_pool,
)
from netc.options import COMPAT, PerAxis, option
from netc.types import Array, Onnx, Tensor


@layer("max_pool", family="pooling")
class MaxPool(Pool):
    """Keep the greatest number of each window.

    Windows of sides `kernel` lie `stride` apart, each channel alone. Sides become
    (side + 2*pad - kernel) / stride + 1, rounded up so that every place is seen, as in Caffe;
    with padding, a window that would begin beyond the image is left out. Padding never wins.
    Where several are greatest the first, row by row, takes the gradient. In ConvNetJS
    (convnet_layers_pool.js) the first does column by column, and only numbers above -99999 can be
    greatest: a window without one gives that and passes no gradient. `compat: convnetjs` repeats
    both.
    Riesenhuber and Poggio, Hierarchical Models of Object Recognition in Cortex, 1999.

    Example:
        max_pool([2, 5, 4], kernel: 2) -> [2, 3, 2]
    """

    pad: PerAxis = option(0, "Places added on each side.", at_least=0)
    compat: str = option(
        "none",
        "Whose ways are repeated: in ConvNetJS equals win by columns, and nothing below -99999.",
        choices=COMPAT,
    )

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"index": index_type(self, x, taken=self._nobody)}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"won": index_type(self, x, taken=self._nobody), "part": pooled(self, x)}

    def forward(self, x: Array, y: Array, index: Array, won: Array) -> None:
        axes = axes_of(self, type_of(x))
        pool = max_pool if self.compat == "none" else max_pool_by_columns
        pool(batch_last(x), batch_last(y), batch_last(index), batch_last(won), axes)

    def backward(self, dy: Array, index: Array, dx: Array, won: Array, part: Array) -> None:
        axes, scratch = axes_of(self, type_of(dx)), (batch_last(part), batch_last(won))
        to_winners(batch_last(dy), batch_last(index), batch_last(dx), *scratch, axes)

    def onnx(self, g: Onnx, x: str) -> str:
        kernel, stride, pad, end = onnx_sides(self, g.type(x))
        y = g.op("MaxPool", x, kernel_shape=kernel, strides=stride, pads=pad + end)
        return (
            y if self.compat == "none" else g.op("Max", y, g.constant(np.array(START, np.float32)))
        )

    def torch(self, t: Any, x: Any) -> Any:
        y = torch_pool(t, "max", x.ndim - 2)(*torch_padded(self, t, x, -np.inf))
        return y if self.compat == "none" else y.clamp(min=START)

    @property
    def _nobody(self) -> int:
        """How many numbers of taps stand for none."""
        return int(self.compat != "none")


@layer("avg_pool", family="pooling")
class AvgPool(Pool):
    """Keep the mean of each window.

    Sizes as in max_pool. A window is divided by the number of its places; padding counts as
    zeros, as in Caffe, unless `count_pad` is false; places beyond the padding, which rounding
    up may reach, never count.
    LeCun et al., Backpropagation Applied to Handwritten Zip Code Recognition, 1989, averaged so.

    Example:
        avg_pool([2, 5, 4], kernel: 3, stride: 2, pad: 1) -> [2, 3, 3]
    """

    count_pad: bool = option(True, "Whether the zeros of the padding count in the mean.")

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"part": pooled(self, x)}

    def forward(self, x: Array, y: Array) -> None:
        axes, shares = axes_of(self, type_of(x)), self._shares(x)
        places, means = batch_last(x), batch_last(y)
        for c in chunks(means):
            add_windows(places[c], means[c], axes)
            np.multiply(means[c], shares, out=means[c])

    def backward(self, dy: Array, dx: Array, part: Array) -> None:
        axes, shares = axes_of(self, type_of(dx)), self._shares(dx)
        gradients, parts, places = batch_last(dy), batch_last(part), batch_last(dx)
        for c in chunks(gradients):
            np.multiply(gradients[c], shares, out=parts[c])
            spread(parts[c], places[c], axes)

    def onnx(self, g: Onnx, x: str) -> str:
        kernel, stride, pad, end = onnx_sides(self, g.type(x))
        counted = int(self.count_pad and pad == end)
        if self.count_pad and pad != end and any(pad):
            zeros = np.array([0, 0, *pad, 0, 0, *pad], np.int64)
            x = g.op("Pad", x, g.constant(zeros))
            pad, end = (0,) * len(pad), tuple(e - p for e, p in zip(end, pad, strict=True))
        return g.op(
            "AveragePool",
            x,
            kernel_shape=kernel,
            strides=stride,
            pads=pad + end,
            count_include_pad=counted,
        )

    def torch(self, t: Any, x: Any) -> Any:
        padded, kernel, stride = torch_padded(self, t, x, 0.0)
        shares = _shares_of(self, Tensor(tuple(x.shape[1:]), "f64"), self.count_pad)
        means = torch_pool(t, "avg", x.ndim - 2)(padded, kernel, stride)
        return means * prod(kernel) * t.tensor(shares[..., 0], dtype=x.dtype)

    def _shares(self, x: Array) -> Array:
        return _shares_of(self, type_of(x), self.count_pad).astype(x.dtype)


def index_type(pool: Windowed, x: Tensor, *, taken: int = 0) -> Tensor:
    """The type of the taps that won: bytes where there are few enough, with what is `taken`."""
    numbers = prod(per_axis(pool.kernel, x, "kernel")) + taken
    return Tensor(pooled(pool, x).shape, "u8" if numbers <= 256 else "i64")


@cache
def _shares_of(pool: Pool, x: Tensor, count_pad: bool) -> Array:
    """One over the divisor of each window, [axes..., 1]; a single number if all agree."""
    along = [1 / np.array(counted_places(axis, count_pad=count_pad)) for axis in axes_of(pool, x)]
    table: Array = reduce(np.multiply.outer, along)[..., None]
    return table if table.min() != table.max() else table.reshape(-1)[:1]
