"""Smooth activations whose slope can be told from `y` alone, so that they run in place."""

from typing import Any

import numpy as np

from netc.layers.activation import Activation
from netc.layers.base import layer
from netc.options import option
from netc.types import Array, Number, Onnx, Pointwise, Tensor


@layer("selu", family="activation")
class Selu(Activation):
    """Bend and scale values so that layer after layer their mean tends to 0, their variance to 1.

    y = gamma * x where x > 0, else gamma * alpha * (exp(x) - 1), with alpha = 1.67326... and
    gamma = 1.05070..., which make mean 0 and variance 1 a fixed point.
    Klambauer et al., Self-Normalizing Neural Networks, 2017, eq. 2 and 14.

    Example:
        selu([3, 4]) -> [3, 4]
    """

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"bent": x, "positive": x}

    def forward(self, x: Array, y: Array, bent: Array) -> None:
        np.minimum(x, 0, out=bent)
        np.expm1(bent, out=bent)
        bent *= _ALPHA * _GAMMA
        np.maximum(x, 0, out=y)
        y *= _GAMMA
        y += bent

    def backward(self, dy: Array, y: Array, dx: Array, bent: Array, positive: Array) -> None:
        # Where x > 0 the slope is gamma, elsewhere gamma * alpha * exp(x), y + gamma * alpha.
        np.minimum(y, 0, out=bent)
        bent += _ALPHA * _GAMMA
        np.greater(y, 0, out=positive)
        positive *= (_ALPHA - 1) * _GAMMA
        bent -= positive
        np.multiply(dy, bent, out=dx)

    def formula(self, p: Pointwise, x: Number) -> Number:
        zero = p.number(0)
        bent = p.mul(p.expm1(p.minimum(zero, x)), p.number(_ALPHA * _GAMMA))
        return p.add(p.mul(p.maximum(zero, x), p.number(_GAMMA)), bent)

    def gradient(self, p: Pointwise, dy: Number, y: Number) -> dict[str, Number]:
        bent = p.add(y, p.number(_ALPHA * _GAMMA))
        slope = p.select(p.greater(y, p.number(0)), p.number(_GAMMA), bent)
        return {"dx": p.mul(dy, slope)}

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Selu", x, alpha=_ALPHA, gamma=_GAMMA)

    def torch(self, t: Any, x: Any) -> Any:
        return t.selu(x)


_ALPHA, _GAMMA = 1.6732632423543772, 1.0507009873554805
"""Both are given by erfc in closed form, Klambauer et al. 2017, eq. 14."""


@layer("softplus", family="activation")
class Softplus(Activation):
    """Pass large values, set small ones to zero, and bend smoothly between: a soft `relu`.

    y = log(1 + exp(x)), which neither overflows nor loses digits; the gradient is
    1 - exp(-y), the sigmoid of x. Called BNLL in Caffe.
    Dugas et al., Incorporating Second-Order Functional Knowledge for Better Option Pricing, 2001.

    Example:
        softplus([3, 4]) -> [3, 4]
    """

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"rest": x}

    def forward(self, x: Array, y: Array, rest: Array) -> None:
        np.abs(x, out=rest)
        np.multiply(rest, -1, out=rest)
        np.exp(rest, out=rest)
        np.log1p(rest, out=rest)
        np.maximum(x, 0, out=y)
        y += rest

    def backward(self, dy: Array, y: Array, dx: Array, rest: Array) -> None:
        np.multiply(y, -1, out=rest)
        np.expm1(rest, out=rest)
        np.multiply(rest, -1, out=rest)
        np.multiply(dy, rest, out=dx)

    def formula(self, p: Pointwise, x: Number) -> Number:
        rest = p.log1p(p.exp(p.mul(p.absolute(x), p.number(-1))))
        return p.add(p.maximum(p.number(0), x), rest)

    def gradient(self, p: Pointwise, dy: Number, y: Number) -> dict[str, Number]:
        minus = p.number(-1)
        return {"dx": p.mul(dy, p.mul(p.expm1(p.mul(y, minus)), minus))}

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Softplus", x)

    def torch(self, t: Any, x: Any) -> Any:
        # torch's own is a straight line from 20 on
        return t.logaddexp(x, t.zeros_like(x))


@layer("scaled_tanh", family="activation")
class ScaledTanh(Activation):
    """Squeeze every value between `-amplitude` and `amplitude`.

    y = amplitude * tanh(slope * x). With the usual numbers y is 1 at 1 and -1 at -1, where the
    curve bends most. The activation of LeNet-5.
    LeCun et al., Gradient-Based Learning Applied to Document Recognition, 1998, eq. 6 and
    appendix A.

    Example:
        scaled_tanh([3, 4]) -> [3, 4]
    """

    amplitude: float = option(1.7159, "What y tends to far above zero.", above=0)
    slope: float = option(2 / 3, "Factor on x before the tanh.", above=0)

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"steepness": x}

    def forward(self, x: Array, y: Array) -> None:
        np.multiply(x, self.slope, out=y)
        np.tanh(y, out=y)
        y *= self.amplitude

    def backward(self, dy: Array, y: Array, dx: Array, steepness: Array) -> None:
        # (y / amplitude)^2, from which amplitude * slope * (1 - tanh^2)
        np.multiply(y, 1 / self.amplitude, out=steepness)
        steepness *= steepness
        np.subtract(1, steepness, out=steepness)
        steepness *= self.amplitude * self.slope
        np.multiply(dy, steepness, out=dx)

    def formula(self, p: Pointwise, x: Number) -> Number:
        return p.mul(p.tanh(p.mul(x, p.number(self.slope))), p.number(self.amplitude))

    def gradient(self, p: Pointwise, dy: Number, y: Number) -> dict[str, Number]:
        tanh = p.mul(y, p.number(1 / self.amplitude))
        steepness = p.sub(p.number(1), p.mul(tanh, tanh))
        return {"dx": p.mul(dy, p.mul(steepness, p.number(self.amplitude * self.slope)))}

    def onnx(self, g: Onnx, x: str) -> str:
        amplitude, slope = (g.constant(np.array(v)) for v in (self.amplitude, self.slope))
        return g.op("Mul", g.op("Tanh", g.op("Mul", x, slope)), amplitude)

    def torch(self, t: Any, x: Any) -> Any:
        return self.amplitude * t.tanh(self.slope * x)
