"""Pooling over the whole of an image: one number for each channel."""

from math import prod
from typing import Any

import numpy as np

from netc.kernels.layout import batch_last
from netc.layers.axes import require_image
from netc.layers.base import Layer, Window, layer
from netc.layers.pool_windows import torch_pool
from netc.types import Array, Onnx, Tensor


class GlobalPool(Layer):
    """What pooling over the whole image shares."""

    splits = True

    def infer(self, x: Tensor) -> Tensor:
        require_image(x, axes=3)
        return Tensor((x.shape[0], *(1,) * (x.rank - 1)), x.dtype)

    def window(self, x: Tensor) -> Window:
        return Window(x.shape[1:], (1,) * (x.rank - 1))


@layer("global_avg_pool", family="pooling")
class GlobalAvgPool(GlobalPool):
    """Keep the mean of each channel: the whole image is the window.

    Lin, Chen and Yan, Network In Network, 2014, section 3.2.

    Example:
        global_avg_pool([3, 4, 5]) -> [3, 1, 1]
    """

    def forward(self, x: Array, y: Array) -> None:
        places, means = batch_last(x), batch_last(y)
        np.add.reduce(places, axis=tuple(range(1, x.ndim - 1)), keepdims=True, out=means)
        np.divide(means, _area(x), out=means)

    def backward(self, dy: Array, dx: Array) -> None:
        np.divide(batch_last(dy), _area(dx), out=batch_last(dx))

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("GlobalAveragePool", x)

    def torch(self, t: Any, x: Any) -> Any:
        return x.mean(tuple(range(2, x.ndim)), keepdim=True)


@layer("global_max_pool", family="pooling")
class GlobalMaxPool(GlobalPool):
    """Keep the greatest number of each channel: the whole image is the window.

    Where several are greatest the first, row by row, takes the gradient.
    Oquab, Bottou, Laptev and Sivic, Is Object Localization for Free?, 2015, section 3.

    Example:
        global_max_pool([3, 4, 5]) -> [3, 1, 1]
    """

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"index": Tensor(self.infer(x).shape, "i64")}

    def forward(self, x: Array, y: Array, index: Array) -> None:
        places = batch_last(x).reshape(x.shape[1], -1, len(x))
        np.argmax(places, axis=1, out=batch_last(index).reshape(x.shape[1], len(x)))
        np.max(places, axis=1, out=batch_last(y).reshape(x.shape[1], len(x)))

    def backward(self, dy: Array, index: Array, dx: Array) -> None:
        dx.fill(0)
        for c in range(dx.shape[1]):
            across: tuple[Array, ...] = np.unravel_index(index[:, c].reshape(-1), dx.shape[2:])
            dx[:, c][(np.arange(len(dx)), *across)] = dy[:, c].reshape(-1)

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("GlobalMaxPool", x)

    def torch(self, t: Any, x: Any) -> Any:
        return torch_pool(t, "max", x.ndim - 2)(x, tuple(x.shape[2:]))


def _area(x: Array) -> int:
    return prod(x.shape[2:])
