"""Activations that multiply every value by a gate between 0 and 1 that the value itself opens."""

from math import pi, sqrt
from typing import Any

import numpy as np

from netc.kernels.normal import normal_cdf, normal_density
from netc.layers.activation import Activation
from netc.layers.base import layer
from netc.options import option
from netc.types import Array, Onnx, Tensor


class Gate(Activation):
    """What they share: y = x * gate(x), so that its slope is gate(x) + x * gate'(x)."""

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"gate": x}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"room": x, "spare": x}

    def forward(self, x: Array, y: Array, gate: Array, room: Array, spare: Array) -> None:
        self._open(x, gate, room, spare)
        np.multiply(x, gate, out=y)

    def backward(
        self, dy: Array, x: Array, gate: Array, dx: Array, room: Array, spare: Array
    ) -> None:
        self._slope(x, gate, room, spare)
        room *= x
        room += gate
        np.multiply(dy, room, out=dx)

    def _open(self, x: Array, gate: Array, room: Array, spare: Array) -> None:
        """Fill `gate`; the other two are room."""
        raise NotImplementedError

    def _slope(self, x: Array, gate: Array, slope: Array, spare: Array) -> None:
        """Fill `slope` with the slope of the gate, where x is huge with 0."""
        raise NotImplementedError


@layer("gelu", family="activation")
class Gelu(Gate):
    """Multiply every value by how likely a normally distributed number is below it.

    y = x * P(X < x) = x * (1 + erf(x / sqrt(2))) / 2; with `approximate: tanh`
    y = x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2, as GPT-2 has it.
    Hendrycks and Gimpel, Gaussian Error Linear Units, 2016, section 2.

    Example:
        gelu([3, 4]) -> [3, 4]
    """

    approximate: str = option(
        "none", "Whether a tanh stands for the normal distribution.", choices=("none", "tanh")
    )

    def _open(self, x: Array, gate: Array, room: Array, spare: Array) -> None:
        if self.approximate == "none":
            normal_cdf(x, gate, room, spare)
            return
        np.clip(x, -_FAR, _FAR, out=room)
        np.multiply(room, room, out=gate)
        gate *= _CUBE
        gate += 1
        gate *= room
        gate *= 2 * _STEEP
        _sigmoid(gate)

    def _slope(self, x: Array, gate: Array, slope: Array, spare: Array) -> None:
        if self.approximate == "none":
            normal_density(x, slope)
            return
        np.clip(x, -_FAR, _FAR, out=slope)
        slope *= slope
        slope *= 6 * _STEEP * _CUBE
        slope += 2 * _STEEP
        _times_bell(slope, gate, spare)

    def onnx(self, g: Onnx, x: str) -> str:
        if g.opset >= 20:
            return g.op("Gelu", x, approximate=self.approximate)
        half, one = g.constant(np.array(0.5)), g.constant(np.array(1.0))
        if self.approximate == "none":
            squeezed = g.op("Erf", g.op("Mul", x, g.constant(np.array(sqrt(0.5)))))
        else:
            cube = g.op("Mul", g.op("Mul", x, x), g.op("Mul", x, g.constant(np.array(_CUBE))))
            steep = g.op("Mul", g.op("Add", x, cube), g.constant(np.array(_STEEP)))
            squeezed = g.op("Tanh", steep)
        return g.op("Mul", g.op("Mul", x, half), g.op("Add", squeezed, one))

    def torch(self, t: Any, x: Any) -> Any:
        return t.nn.functional.gelu(x, approximate=self.approximate)


@layer("silu", family="activation")
class Silu(Gate):
    """Multiply every value by its own sigmoid.

    y = x / (1 + exp(-beta * x)). Called swish in Caffe.
    Elfwing, Uchibe and Doya, Sigmoid-Weighted Linear Units, 2017, eq. 3; `beta` is that of
    Ramachandran, Zoph and Le, Searching for Activation Functions, 2017, section 4.

    Example:
        silu([3, 4]) -> [3, 4]
    """

    beta: float = option(1.0, "Factor on x in the sigmoid.", main=True)

    def _open(self, x: Array, gate: Array, room: Array, spare: Array) -> None:
        np.multiply(x, self.beta, out=gate)
        _sigmoid(gate)

    def _slope(self, x: Array, gate: Array, slope: Array, spare: Array) -> None:
        slope.fill(self.beta)
        _times_bell(slope, gate, spare)

    def onnx(self, g: Onnx, x: str) -> str:
        inside = x if self.beta == 1 else g.op("Mul", x, g.constant(np.array(self.beta)))
        return g.op("Mul", x, g.op("Sigmoid", inside))

    def torch(self, t: Any, x: Any) -> Any:
        return x * t.sigmoid(self.beta * x)


@layer("mish", family="activation")
class Mish(Gate):
    """Multiply every value by the tanh of its softplus.

    y = x * tanh(log(1 + exp(x))).
    Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2019, eq. 1.

    Example:
        mish([3, 4]) -> [3, 4]
    """

    def _open(self, x: Array, gate: Array, room: Array, spare: Array) -> None:
        # With e = exp(x), tanh(log(1 + e)) is n / (n + 2), where n = e^2 + 2e.
        np.minimum(x, _CLOSED, out=room)
        np.exp(room, out=room)
        np.add(room, 2, out=gate)
        gate *= room
        np.add(gate, 2, out=room)
        gate /= room

    def _slope(self, x: Array, gate: Array, slope: Array, spare: Array) -> None:
        # 4 e (1 + e) / (n + 2)^2
        np.minimum(x, _CLOSED, out=slope)
        np.exp(slope, out=slope)
        np.add(slope, 1, out=spare)
        slope *= spare
        spare *= spare
        spare += 1
        slope /= spare
        slope /= spare
        slope *= 4
        np.less(x, _CLOSED, out=spare)
        slope *= spare

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Mul", x, g.op("Tanh", g.op("Softplus", x)))

    def torch(self, t: Any, x: Any) -> Any:
        return t.nn.functional.mish(x)


@layer("hard_swish", family="activation")
class HardSwish(Gate):
    """Multiply every value by its `hard_sigmoid`: `silu` made of straight lines and a parabola.

    y = x * min(max(x / 6 + 1 / 2, 0), 1). The gradient at -3 and 3 is that of the straight line.
    Howard et al., Searching for MobileNetV3, 2019, section 5.2.

    Example:
        hard_swish([3, 4]) -> [3, 4]
    """

    def _open(self, x: Array, gate: Array, room: Array, spare: Array) -> None:
        np.multiply(x, 1 / 6, out=gate)
        gate += 0.5
        np.clip(gate, 0, 1, out=gate)

    def _slope(self, x: Array, gate: Array, slope: Array, spare: Array) -> None:
        np.abs(x, out=spare)
        np.less(spare, 3, out=slope)
        slope *= 1 / 6

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Mul", x, g.op("HardSigmoid", x, alpha=1 / 6, beta=0.5))

    def torch(self, t: Any, x: Any) -> Any:
        return t.nn.functional.hardswish(x)


_STEEP, _CUBE = sqrt(2 / pi), 0.044715
"""The numbers of the tanh form."""

_FAR = 30.0
"""From here on the gate of the tanh form is 0 or 1, and cubes stay far from overflow."""

_CLOSED = 20.0
"""From here on the gate of mish is 1."""


def _sigmoid(a: Array) -> None:
    """1 / (1 + exp(-a)) in the place of a."""
    np.negative(a, out=a)
    with np.errstate(over="ignore"):  # exp gives infinity, and 1 / infinity is the right 0
        np.exp(a, out=a)
    a += 1
    np.divide(1, a, out=a)


def _times_bell(slope: Array, gate: Array, room: Array) -> None:
    """Multiply what is inside a sigmoid by the sigmoid's own slope."""
    slope *= gate
    np.subtract(1, gate, out=room)
    slope *= room
