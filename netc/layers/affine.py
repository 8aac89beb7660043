"""A factor and a number to add for each channel, both learned."""

from typing import Any

import numpy as np

from netc.kernels.statistics import dots, lines, total
from netc.layers import require
from netc.layers.along import whole
from netc.layers.base import Layer, Weight, layer
from netc.layers.initializers import Constant
from netc.options import option
from netc.types import Array, Onnx, Reject, Shape, Tensor


class PerChannel(Layer):
    """What they share: a weight for each channel, or with `shared` one for all."""

    overlay = {"y": "x", "dx": "dy"}
    splits = True

    shared: bool

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        if x.rank == 0 and not self.shared:
            raise Reject("x", "a single number has no channels", help="set `shared`")
        if not self.shared:
            require.known_channels(x)
        return x

    def _shape(self, x: Tensor) -> Shape:
        return (1,) if self.shared else x.shape[:1]


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
        shape = self._shape(x)
        scale = {"scale": Weight(shape, Constant(1.0), decay=0)}
        return scale | ({"bias": Weight(shape, decay=0)} if self.bias else {})

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {}

    def forward(self, x: Array, scale: Array, y: Array, bias: Array | None = None) -> None:
        np.multiply(x, _spread(scale, x), out=y)
        if bias is not None:
            y += _spread(bias, x)

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
            _fill(dscale, dots(lines(x), lines(dy)))
        if dbias is not None:
            _fill(dbias, total(lines(dy)))
        if dx is not None:
            np.multiply(dy, _spread(scale, dy), out=dx)

    def onnx(self, g: Onnx, x: str, scale: str, bias: str = "") -> str:
        scaled = g.op("Mul", x, _onnx_spread(g, x, scale))
        return g.op("Add", scaled, _onnx_spread(g, x, bias)) if bias else scaled

    def torch(self, t: Any, x: Any, scale: Any, bias: Any = None) -> Any:
        scaled = x * _spread(scale, x)
        return scaled if bias is None else scaled + _spread(bias, x)


@layer("bias", family="normalization")
class Bias(PerChannel):
    """Add to every channel a number that is learned.

    y = x + bias. Numbers start at 0 and are not decayed. As Caffe's Bias.

    Example:
        bias([3, 4, 5]) -> [3, 4, 5]
    """

    shared: bool = option(False, "Whether all channels have one number.")

    def weights(self, x: Tensor) -> dict[str, Weight]:
        return {"bias": Weight(self._shape(x), decay=0)}

    def forward(self, x: Array, bias: Array, y: Array) -> None:
        np.add(x, _spread(bias, x), out=y)

    def backward(self, dy: Array, dx: Array | None = None, dbias: Array | None = None) -> None:
        if dbias is not None:
            _fill(dbias, total(lines(dy)))
        if dx is not None:
            np.copyto(dx, dy)

    def onnx(self, g: Onnx, x: str, bias: str) -> str:
        return g.op("Add", x, _onnx_spread(g, x, bias))

    def torch(self, t: Any, x: Any, bias: Any) -> Any:
        return x + _spread(bias, x)


def _spread(weight: Any, x: Any) -> Any:
    """One number for all, or one for each channel, shaped to meet x."""
    return weight.reshape(-1, *(1,) * (x.ndim - 2))


def _fill(gradient: Array, sums: Array) -> None:
    """What each channel gives, or all together where they have one weight."""
    gradient[...] = sums.sum() if len(gradient) == 1 else sums


def _onnx_spread(g: Onnx, x: str, weight: str) -> str:
    rank = g.type(x).rank
    return weight if rank < 2 else g.op("Reshape", weight, whole(g, -1, *(1,) * (rank - 1)))
