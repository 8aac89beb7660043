"""All products of two channels, beside the channels themselves."""

from typing import Any

import numpy as np

from netc.kernels.layout import batch_last
from netc.layers import require
from netc.layers.along import whole
from netc.layers.base import Layer, layer
from netc.types import Array, Onnx, Tensor


@layer("quadratic", family="arithmetic")
class Quadratic(Layer):
    """Give the channels of each place and the products of any two of them.

    Of n channels x_0, x_1... they make n + n^2: the channels as they are, then x_i * x_j with i
    counting slowly and j fast, so that a dense layer after it computes polynomials of the second
    degree. It is the quadtransform of ConvNetJS 0.3, which `tensor: true` puts before a layer.
    Giles and Maxwell, Learning, Invariance, and Generalization in High-Order Neural Networks,
    1987, have such units.

    Example:
        quadratic([3, 4]) -> [12, 4]
    """

    def infer(self, x: Tensor) -> Tensor:
        require.channels(x, "to multiply")
        require.known_channels(x)
        channels = x.shape[0]
        return Tensor((channels + channels * channels, *x.shape[1:]), x.dtype)

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"part": x}

    def forward(self, x: Array, y: Array) -> None:
        values, made = batch_last(x), batch_last(y)
        count = len(values)
        np.copyto(made[:count], values)
        for i, value in enumerate(values):
            np.multiply(value, values, out=_products(made, i, count))

    def backward(self, dy: Array, x: Array, dx: Array, part: Array) -> None:
        values, given, found = batch_last(x), batch_last(dy), batch_last(dx)
        parts, count = batch_last(part), len(values)
        np.copyto(found, given[:count])
        for i, value in enumerate(values):
            slopes = _products(given, i, count)
            np.multiply(slopes, value, out=parts)
            found += parts
            np.multiply(slopes, values, out=parts)
            for each in parts:
                found[i] += each

    def onnx(self, g: Onnx, x: str) -> str:
        count = g.type(x).shape[0]
        first, second = np.divmod(np.arange(count * count), count)
        factors = (g.op("Gather", x, whole(g, *places), axis=1) for places in (first, second))
        return g.op("Concat", x, g.op("Mul", *factors), axis=1)

    def torch(self, t: Any, x: Any) -> Any:
        products = x[:, :, None] * x[:, None]
        return t.cat([x, products.flatten(1, 2)], 1)


def _products(made: Array, i: int, count: int) -> Array:
    """The products that have channel `i` as their first."""
    return made[count * (i + 1) : count * (i + 2)]
