"""Pooling by the length of each window, as a vector of its numbers."""

from typing import Any

import numpy as np

from netc.kernels.layout import batch_last, chunks
from netc.kernels.pooling import add_squares, spread
from netc.layers.axes import type_of
from netc.layers.base import layer
from netc.layers.pool_windows import Pool, axes_of, onnx_sides, pooled, torch_padded, torch_pool
from netc.types import Array, Onnx, Tensor


@layer("l2_pool", family="pooling")
class L2Pool(Pool):
    """Keep the square root of the sum of the squares of each window.

    Sizes as in max_pool; padding counts as zeros. A place gets x / y of the gradient of each of
    its windows, and 0 where a window is all zeros.
    Sermanet, Chintala and LeCun, Convolutional Neural Networks Applied to House Numbers Digit
    Classification, 2012, section 2.2, with P = 2 and without the weights of a Gaussian.

    Example:
        l2_pool([2, 5, 4], kernel: 2) -> [2, 3, 2]
    """

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"part": pooled(self, x)}

    def forward(self, x: Array, y: Array, part: Array) -> None:
        axes = axes_of(self, type_of(x))
        places, lengths, parts = batch_last(x), batch_last(y), batch_last(part)
        for c in chunks(lengths):
            add_squares(places[c], lengths[c], parts[c], axes)
            np.sqrt(lengths[c], out=lengths[c])

    def backward(self, dy: Array, x: Array, y: Array, dx: Array, part: Array) -> None:
        axes = axes_of(self, type_of(dx))
        gradients, lengths, parts = batch_last(dy), batch_last(y), batch_last(part)
        places, targets = batch_last(x), batch_last(dx)
        for c in chunks(lengths):
            parts[c].fill(0)
            np.divide(gradients[c], lengths[c], out=parts[c], where=lengths[c] != 0)
            spread(parts[c], targets[c], axes)
            np.multiply(targets[c], places[c], out=targets[c])

    def onnx(self, g: Onnx, x: str) -> str:
        kernel, stride, pad, end = onnx_sides(self, g.type(x))
        return g.op("LpPool", x, p=2, kernel_shape=kernel, strides=stride, pads=pad + end)

    def torch(self, t: Any, x: Any) -> Any:
        padded, kernel, stride = torch_padded(self, t, x, 0.0)
        means = torch_pool(t, "avg", x.ndim - 2)(padded * padded, kernel, stride)
        return (means * np.prod(kernel)).sqrt()
