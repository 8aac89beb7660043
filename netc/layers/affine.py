"""A factor and a number to add for each channel, both learned."""

from typing import Any

import numpy as np

from netc.kernels.statistics import dots, lines, total
from netc.layers.base import Weight, layer
from netc.layers.initializers import Constant
from netc.layers.per_channel import PerChannel, fill, onnx_spread, spread
from netc.options import option
from netc.types import Array, Number, Onnx, Pointwise, Tensor


@layer("scale", family="normalization")
class Scale(PerChannel):
    """Multiply every channel by a factor that is learned, and with `bias` add a number to it.

    y = scale * x + bias. Factors start at 1, and neither is decayed. As Caffe's Scale, which
    stands behind its BatchNorm; `batch_norm` has both in it.

    Example:
        scale([3, 4, 5]) -> [3, 4, 5]
    """

    bias: bool = option(False, "Whether each channel has a number to add, to learn.")
    shared: bool = option(False, "Whether all channels have one factor, and one number.")

    def weights(self, x: Tensor) -> dict[str, Weight]:
        shape = self.learned(x)
        scale = {"scale": Weight(shape, Constant(1.0), decay=0)}
        return scale | ({"bias": Weight(shape, decay=0)} if self.bias else {})

    def forward(self, x: Array, scale: Array, y: Array, bias: Array | None = None) -> None:
        np.multiply(x, spread(scale, x), out=y)
        if bias is not None:
            y += spread(bias, x)

    def backward(
        self,
        dy: Array,
        x: Array,
        scale: Array,
        dx: Array | None = None,
        dscale: Array | None = None,
        dbias: Array | None = None,
    ) -> None:
        if dscale is not None:
            fill(dscale, dots(*lines(x, dy)))
        if dbias is not None:
            fill(dbias, total(*lines(dy)))
        if dx is not None:
            np.multiply(dy, spread(scale, dy), out=dx)

    def formula(self, p: Pointwise, x: Number, scale: Number, bias: Number | None = None) -> Number:
        scaled = p.mul(x, scale)
        return scaled if bias is None else p.add(scaled, bias)

    def gradient(self, p: Pointwise, dy: Number, x: Number, scale: Number) -> dict[str, Number]:
        return {"dx": p.mul(dy, scale), "dscale": p.mul(dy, x), "dbias": dy}

    def onnx(self, g: Onnx, x: str, scale: str, bias: str = "") -> str:
        scaled = g.op("Mul", x, onnx_spread(g, x, scale))
        return g.op("Add", scaled, onnx_spread(g, x, bias)) if bias else scaled

    def torch(self, t: Any, x: Any, scale: Any, bias: Any = None) -> Any:
        scaled = x * spread(scale, x)
        return scaled if bias is None else scaled + spread(bias, x)


@layer("bias", family="normalization")
class Bias(PerChannel):
    """Add to every channel a number that is learned.

    y = x + bias. Numbers start at 0 and are not decayed. As Caffe's Bias.

    Example:
        bias([3, 4, 5]) -> [3, 4, 5]
    """

    shared: bool = option(False, "Whether all channels have one number.")

    def weights(self, x: Tensor) -> dict[str, Weight]:
        return {"bias": Weight(self.learned(x), decay=0)}

    def forward(self, x: Array, bias: Array, y: Array) -> None:
        np.add(x, spread(bias, x), out=y)

    def backward(self, dy: Array, dx: Array | None = None, dbias: Array | None = None) -> None:
        if dbias is not None:
            fill(dbias, total(*lines(dy)))
        if dx is not None:
            np.copyto(dx, dy)

    def formula(self, p: Pointwise, x: Number, bias: Number) -> Number:
        return p.add(x, bias)

    def gradient(self, p: Pointwise, dy: Number) -> dict[str, Number]:
        return {"dx": dy, "dbias": dy}

    def onnx(self, g: Onnx, x: str, bias: str) -> str:
        return g.op("Add", x, onnx_spread(g, x, bias))

    def torch(self, t: Any, x: Any, bias: Any) -> Any:
        return x + spread(bias, x)
