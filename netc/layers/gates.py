"""Activations that multiply every value by a gate between 0 and 1 that the value itself opens."""

from typing import Any

import numpy as np

from netc.kernels.sigmoid import sigmoid, times_bell
from netc.layers.activation import Activation
from netc.layers.base import layer
from netc.options import option
from netc.types import Array, Number, Onnx, Pointwise, Tensor


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

    def formula(self, p: Pointwise, x: Number) -> Number:
        return p.mul(x, self._gate(p, x))

    def gradient(self, p: Pointwise, dy: Number, x: Number) -> dict[str, Number]:
        gate = self._gate(p, x)
        return {"dx": p.mul(dy, p.add(gate, p.mul(x, self._gate_slope(p, x, gate))))}

    def _open(self, x: Array, gate: Array, room: Array, spare: Array) -> None:
        """Fill `gate`; the other two are room."""
        raise NotImplementedError

    def _slope(self, x: Array, gate: Array, slope: Array, spare: Array) -> None:
        """Fill `slope` with the slope of the gate, where x is huge with 0."""
        raise NotImplementedError

    def _gate(self, p: Pointwise, x: Number) -> Number:
        """The gate as arithmetic."""
        raise NotImplementedError

    def _gate_slope(self, p: Pointwise, x: Number, gate: Number) -> Number:
        """The slope of the gate as arithmetic."""
        raise NotImplementedError


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
        sigmoid(gate, gate)

    def _slope(self, x: Array, gate: Array, slope: Array, spare: Array) -> None:
        slope.fill(self.beta)
        times_bell(slope, gate, spare)

    def _gate(self, p: Pointwise, x: Number) -> Number:
        return p.sigmoid(p.mul(x, p.number(self.beta)))

    def _gate_slope(self, p: Pointwise, x: Number, gate: Number) -> Number:
        return p.mul(p.number(self.beta), p.mul(gate, p.sub(p.number(1), gate)))

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

    def _gate(self, p: Pointwise, x: Number) -> Number:
        e, two = p.exp(p.minimum(p.number(_CLOSED), x)), p.number(2)
        n = p.mul(e, p.add(e, two))
        return p.div(n, p.add(n, two))

    def _gate_slope(self, p: Pointwise, x: Number, gate: Number) -> Number:
        e, one = p.exp(p.minimum(p.number(_CLOSED), x)), p.number(1)
        over = p.add(e, one)
        below = p.add(p.mul(over, over), one)
        slope = p.div(p.mul(p.number(4), p.mul(e, over)), p.mul(below, below))
        return p.select(p.greater(p.number(_CLOSED), x), slope, p.number(0))

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

    def _gate(self, p: Pointwise, x: Number) -> Number:
        line = p.add(p.mul(x, p.number(1 / 6)), p.number(0.5))
        return p.minimum(p.number(1), p.maximum(p.number(0), line))

    def _gate_slope(self, p: Pointwise, x: Number, gate: Number) -> Number:
        return p.select(p.greater(p.number(3), p.absolute(x)), p.number(1 / 6), p.number(0))

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Mul", x, g.op("HardSigmoid", x, alpha=1 / 6, beta=0.5))

    def torch(self, t: Any, x: Any) -> Any:
        return t.nn.functional.hardswish(x)


_CLOSED = 20.0
"""From here on the gate of mish is 1."""
