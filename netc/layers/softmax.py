"""Scores turned into probabilities."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import Layer, layer
from netc.types import Array, Onnx, Tensor


@layer("softmax", family="softmax")
class Softmax(Layer):
    """Turn scores into probabilities that sum to 1 over the channels (axis 1).

    y_k = exp(x_k) / sum_j exp(x_j), each place of an image alone. The greatest score is taken
    off first, so that no exponential overflows.
    Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs, 1990.

    Example:
        softmax([3]) -> [3]
    """

    overlay = {"y": "x"}

    def infer(self, x: Tensor) -> Tensor:
        require.channels(x, "to take a softmax over")
        return x

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"row": Tensor((1, *x.shape[1:]), x.dtype)}

    def forward(self, x: Array, y: Array, row: Array) -> None:
        np.max(x, axis=1, keepdims=True, out=row)
        np.subtract(x, row, out=y)
        np.exp(y, out=y)
        np.sum(y, axis=1, keepdims=True, out=row)
        y /= row

    def backward(self, dy: Array, y: Array, dx: Array, row: Array) -> None:
        np.multiply(dy, y, out=dx)
        np.sum(dx, axis=1, keepdims=True, out=row)
        np.subtract(dy, row, out=dx)
        dx *= y

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Softmax", x, axis=1)

    def torch(self, t: Any, x: Any) -> Any:
        return t.softmax(x, dim=1)
