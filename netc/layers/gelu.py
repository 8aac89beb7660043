"""The gate of the normal distribution, which transformers made the usual one."""

from math import pi, sqrt
from typing import Any

import numpy as np

from netc.kernels.normal import normal_cdf, normal_density
from netc.kernels.sigmoid import sigmoid, times_bell
from netc.layers.base import layer
from netc.layers.gates import Gate
from netc.options import option
from netc.types import Array, Number, Onnx, Pointwise

_STEEP, _CUBE = sqrt(2 / pi), 0.044715
"""The numbers of the tanh form."""

_FAR = 30.0
"""From here on the gate of the tanh form is 0 or 1, and cubes stay far from overflow."""


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
        sigmoid(gate, gate)

    def _slope(self, x: Array, gate: Array, slope: Array, spare: Array) -> None:
        if self.approximate == "none":
            normal_density(x, slope)
            return
        np.clip(x, -_FAR, _FAR, out=slope)
        slope *= slope
        slope *= 6 * _STEEP * _CUBE
        slope += 2 * _STEEP
        times_bell(slope, gate, spare)

    def _gate(self, p: Pointwise, x: Number) -> Number:
        if self.approximate == "none":
            return p.normal_cdf(x)
        near = self._near(p, x)
        bend = p.add(p.mul(p.mul(near, near), p.number(_CUBE)), p.number(1))
        return p.sigmoid(p.mul(p.mul(bend, near), p.number(2 * _STEEP)))

    def _gate_slope(self, p: Pointwise, x: Number, gate: Number) -> Number:
        near = self._near(p, x)
        square = p.mul(near, near)
        if self.approximate == "none":
            bell = p.exp(p.mul(square, p.number(-0.5)))
            return p.mul(bell, p.number(1 / sqrt(2 * pi)))
        steep = p.add(p.mul(square, p.number(6 * _STEEP * _CUBE)), p.number(2 * _STEEP))
        return p.mul(steep, p.mul(gate, p.sub(p.number(1), gate)))

    def _near(self, p: Pointwise, x: Number) -> Number:
        return p.minimum(p.number(_FAR), p.maximum(p.number(-_FAR), x))

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
