"""Activations: the same curve for every number. Their gradients read `y`, so they run in place."""

import sys
from math import log, nan
from typing import Any, ClassVar

import numpy as np

from netc.kernels.sigmoid import sigmoid
from netc.layers import require
from netc.layers.base import Layer, layer
from netc.options import COMPAT, option
from netc.types import Array, Number, Onnx, Pointwise, Tensor


class Activation(Layer):
    """What all activations share: the shape stays, and `x` is not needed once `y` is there."""

    overlay = {"y": "x", "dx": "dy"}
    splits = True

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        return x


@layer("relu", family="activation")
class Relu(Activation):
    """Pass positive values through and set negative ones to zero.

    y = max(x, 0). The gradient at 0 is 0, as in Caffe.
    Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, 2010.

    Example:
        relu([3, 4]) -> [3, 4]
    """

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"positive": Tensor(x.shape, "u8")}

    def forward(self, x: Array, y: Array) -> None:
        np.maximum(x, 0, out=y)

    def backward(self, dy: Array, y: Array, dx: Array, positive: Array) -> None:
        # Multiplying by a mask of booleans takes 0.2 ns a number; np.where and masked copies
        # branch on each number and take 4 ns where the signs are random.
        mask = positive.view(np.bool_)
        np.greater(y, 0, out=mask)
        np.multiply(dy, mask, out=dx)

    def formula(self, p: Pointwise, x: Number) -> Number:
        return p.maximum(p.number(0), x)  # in this order what is no number stays so

    def gradient(self, p: Pointwise, dy: Number, y: Number) -> dict[str, Number]:
        return {"dx": p.select(p.greater(y, p.number(0)), dy, p.number(0))}

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Relu", x)

    def torch(self, t: Any, x: Any) -> Any:
        return t.relu(x)


@layer("leaky_relu", family="activation")
class LeakyRelu(Activation):
    """Pass positive values through and multiply negative ones by `slope`.

    y = x where x > 0, else slope * x. The gradient at 0 is `slope`, as in Caffe.
    Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013.

    Example:
        leaky_relu([3, 4], slope: 0.1) -> [3, 4]
    """

    slope: float = option(
        0.01, "What negative values are multiplied by.", main=True, at_least=0, at_most=1
    )

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"factor": x}

    def forward(self, x: Array, y: Array, factor: Array) -> None:
        np.multiply(x, self.slope, out=factor)
        np.maximum(x, factor, out=y)

    def backward(self, dy: Array, y: Array, dx: Array, factor: Array) -> None:
        np.greater(y, 0, out=factor)
        np.maximum(factor, self.slope, out=factor)
        np.multiply(dy, factor, out=dx)

    def formula(self, p: Pointwise, x: Number) -> Number:
        return p.maximum(p.mul(x, p.number(self.slope)), x)

    def gradient(self, p: Pointwise, dy: Number, y: Number) -> dict[str, Number]:
        less = p.mul(dy, p.number(self.slope))
        return {"dx": p.select(p.greater(y, p.number(0)), dy, less)}

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("LeakyRelu", x, alpha=self.slope)

    def torch(self, t: Any, x: Any) -> Any:
        return t.nn.functional.leaky_relu(x, self.slope)


@layer("elu", family="activation")
class Elu(Activation):
    """Pass positive values through and bend negative ones towards `-alpha`.

    y = x where x > 0, else alpha * (exp(x) - 1).
    Clevert, Unterthiner and Hochreiter, Fast and Accurate Deep Network Learning by Exponential
    Linear Units, 2016, eq. 1.

    Example:
        elu([3, 4], alpha: 1) -> [3, 4]
    """

    alpha: float = option(
        1.0, "Minus the value that y tends to far below zero.", main=True, above=0
    )

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"bent": x, "positive": Tensor(x.shape, "u8")}

    def forward(self, x: Array, y: Array, bent: Array) -> None:
        np.minimum(x, 0, out=bent)
        np.expm1(bent, out=bent)
        bent *= self.alpha
        np.maximum(x, 0, out=y)
        y += bent

    def backward(self, dy: Array, y: Array, dx: Array, bent: Array, positive: Array) -> None:
        # Where x > 0 the slope is 1, elsewhere alpha * exp(x), which is y + alpha.
        np.minimum(y, 0, out=bent)
        bent += self.alpha
        if self.alpha != 1:
            mask = positive.view(np.bool_)
            np.greater(y, 0, out=mask)
            np.copyto(bent, 1, where=mask)
        np.multiply(dy, bent, out=dx)

    def formula(self, p: Pointwise, x: Number) -> Number:
        zero = p.number(0)
        bent = p.mul(p.expm1(p.minimum(zero, x)), p.number(self.alpha))
        return p.add(p.maximum(zero, x), bent)

    def gradient(self, p: Pointwise, dy: Number, y: Number) -> dict[str, Number]:
        bent = p.mul(dy, p.add(y, p.number(self.alpha)))
        return {"dx": p.select(p.greater(y, p.number(0)), dy, bent)}

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Elu", x, alpha=self.alpha)

    def torch(self, t: Any, x: Any) -> Any:
        return t.nn.functional.elu(x, self.alpha)


@layer("sigmoid", family="activation")
class Sigmoid(Activation):
    """Squeeze every value between 0 and 1.

    y = 1 / (1 + exp(-x)); the gradient is y * (1 - y).

    Example:
        sigmoid([3, 4]) -> [3, 4]
    """

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"slope": x}

    def forward(self, x: Array, y: Array) -> None:
        sigmoid(x, y)

    def backward(self, dy: Array, y: Array, dx: Array, slope: Array) -> None:
        np.subtract(1, y, out=slope)
        slope *= y
        np.multiply(dy, slope, out=dx)

    def formula(self, p: Pointwise, x: Number) -> Number:
        return p.sigmoid(x)

    def gradient(self, p: Pointwise, dy: Number, y: Number) -> dict[str, Number]:
        return {"dx": p.mul(dy, p.mul(p.sub(p.number(1), y), y))}

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Sigmoid", x)

    def torch(self, t: Any, x: Any) -> Any:
        return t.sigmoid(x)


@layer("tanh", family="activation")
class Tanh(Activation):
    """Squeeze every value between -1 and 1.

    y = tanh(x); the gradient is 1 - y^2. ConvNetJS (convnet_layers_nonlinearities.js) divides
    exp(2x) - 1 by exp(2x) + 1, two infinities where x > 354.89; `compat: convnetjs` says there,
    as it does, that y is no number.

    Example:
        tanh([3, 4]) -> [3, 4]
    """

    compat: str = option(
        "none",
        "Whose mistake is repeated: in ConvNetJS large numbers have no tanh.",
        choices=COMPAT,
    )

    greatest: ClassVar[float] = log(sys.float_info.max) / 2
    """Of the numbers whose exp(2x) is finite in float64, which ConvNetJS computes in."""

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        beyond = {"beyond": Tensor(x.shape, "u8")} if self._overflows else {}
        return {"slope": x, **beyond}

    def forward(self, x: Array, y: Array, beyond: Array | None = None) -> None:
        if beyond is None:
            np.tanh(x, out=y)
            return
        is_beyond = beyond.view(np.bool_)
        np.greater(x, self.greatest, out=is_beyond)
        np.tanh(x, out=y)
        np.copyto(y, np.nan, where=is_beyond)

    def backward(self, dy: Array, y: Array, dx: Array, slope: Array) -> None:
        np.multiply(y, y, out=slope)
        np.subtract(1, slope, out=slope)
        np.multiply(dy, slope, out=dx)

    def formula(self, p: Pointwise, x: Number) -> Number:
        if not self._overflows:
            return p.tanh(x)
        return p.select(p.greater(x, p.number(self.greatest)), p.number(nan), p.tanh(x))

    def gradient(self, p: Pointwise, dy: Number, y: Number) -> dict[str, Number]:
        return {"dx": p.mul(dy, p.sub(p.number(1), p.mul(y, y)))}

    def onnx(self, g: Onnx, x: str) -> str:
        y = g.op("Tanh", x)
        if not self._overflows:
            return y
        greatest, none = (g.constant(np.array(v, np.float32)) for v in (self.greatest, nan))
        return g.op("Where", g.op("Greater", x, greatest), none, y)

    def torch(self, t: Any, x: Any) -> Any:
        y = t.tanh(x)
        return t.where(x > self.greatest, nan, y) if self._overflows else y

    @property
    def _overflows(self) -> bool:
        return self.compat == "convnetjs"
