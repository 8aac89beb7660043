"""Activations made of straight pieces."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.activation import Activation
from netc.layers.base import layer
from netc.options import option
from netc.types import Array, Number, Onnx, Pointwise, Reject, Tensor


@layer("hard_sigmoid", family="activation")
class HardSigmoid(Activation):
    """Squeeze every value between 0 and 1 by a straight line that is cut off.

    y = min(max(slope * x + shift, 0), 1). The gradient is `slope` where 0 < y < 1, else 0.
    Courbariaux, Bengio and David, BinaryConnect, 2015, eq. 3; with `slope` 1/6 that of
    MobileNetV3, with 0.2 that of Theano and ONNX.

    Example:
        hard_sigmoid([3, 4]) -> [3, 4]
    """

    slope: float = option(1 / 6, "How steep the line is.", main=True, above=0)
    shift: float = option(0.5, "Where the line is at x = 0.")

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"inside": Tensor(x.shape, "u8"), "below": Tensor(x.shape, "u8")}

    def forward(self, x: Array, y: Array) -> None:
        np.multiply(x, self.slope, out=y)
        y += self.shift
        np.clip(y, 0, 1, out=y)

    def backward(self, dy: Array, y: Array, dx: Array, inside: Array, below: Array) -> None:
        mask, other = inside.view(np.bool_), below.view(np.bool_)
        np.greater(y, 0, out=mask)
        np.less(y, 1, out=other)
        mask &= other
        np.multiply(dy, mask, out=dx)
        dx *= self.slope

    def formula(self, p: Pointwise, x: Number) -> Number:
        line = p.add(p.mul(x, p.number(self.slope)), p.number(self.shift))
        return p.minimum(p.number(1), p.maximum(p.number(0), line))

    def gradient(self, p: Pointwise, dy: Number, y: Number) -> dict[str, Number]:
        zero = p.number(0)
        below_one = p.select(p.greater(p.number(1), y), p.mul(dy, p.number(self.slope)), zero)
        return {"dx": p.select(p.greater(y, zero), below_one, zero)}

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("HardSigmoid", x, alpha=self.slope, beta=self.shift)

    def torch(self, t: Any, x: Any) -> Any:
        return t.clamp(self.slope * x + self.shift, 0, 1)


@layer("clip", family="activation")
class Clip(Activation):
    """Raise values below `min` to it and lower values above `max` to it.

    y = min(max(x, min), max). The gradient passes where min <= x <= max, both ends included, as
    in Caffe. `clip(min: 0, max: 6)` is the ReLU6 of MobileNets.

    Example:
        clip([3, 4], min: 0, max: 6) -> [3, 4]
    """

    min: float | None = option(None, "The least value of y; none where not given.")
    max: float | None = option(None, "The greatest value of y; none where not given.")

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        if self.min is None and self.max is None:
            raise Reject(
                "x",
                "there is nothing to clip at: neither `min` nor `max` is given",
                help="give `min`, `max` or both",
            )
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise Reject(
                "max",
                f"`max` {self.max:g} is not above `min` {self.min:g}, so y would be one number",
                help="set `max` to more than `min`",
            )
        return x

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"inside": Tensor(x.shape, "u8")}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"below": Tensor(x.shape, "u8")}

    def forward(self, x: Array, y: Array, inside: Array, below: Array) -> None:
        mask, other = inside.view(np.bool_), below.view(np.bool_)
        low, high = self._ends
        np.greater_equal(x, low, out=mask)
        np.less_equal(x, high, out=other)
        mask &= other
        np.clip(x, low, high, out=y)

    def backward(self, dy: Array, inside: Array, dx: Array) -> None:
        np.multiply(dy, inside.view(np.bool_), out=dx)

    @property
    def _ends(self) -> tuple[float, float]:
        low, high = self.min, self.max
        return -np.inf if low is None else low, np.inf if high is None else high

    def formula(self, p: Pointwise, x: Number) -> Number:
        above = x if self.min is None else p.maximum(p.number(self.min), x)
        return above if self.max is None else p.minimum(p.number(self.max), above)

    def gradient(self, p: Pointwise, dy: Number, x: Number) -> dict[str, Number]:
        inside, zero = dy, p.number(0)
        if self.min is not None:
            inside = p.select(p.greater(p.number(self.min), x), zero, inside)
        if self.max is not None:
            inside = p.select(p.greater(x, p.number(self.max)), zero, inside)
        return {"dx": inside}

    def onnx(self, g: Onnx, x: str) -> str:
        ends = (self.min, self.max)
        return g.op("Clip", x, *("" if e is None else g.constant(np.array(e)) for e in ends))

    def torch(self, t: Any, x: Any) -> Any:
        return t.clamp(x, self.min, self.max)


@layer("threshold", family="activation")
class Threshold(Activation):
    """Give 1 for values above `at` and 0 for all others.

    y = 1 where x > at, else 0. It is flat, so no gradient flows through it: that of x is 0.
    McCulloch and Pitts, A Logical Calculus of the Ideas Immanent in Nervous Activity, 1943.

    Example:
        threshold([3, 4], at: 0.5) -> [3, 4]
    """

    at: float = option(0.0, "The value that must be passed.", main=True)

    def forward(self, x: Array, y: Array) -> None:
        np.greater(x, self.at, out=y)

    def backward(self, dy: Array, dx: Array) -> None:
        dx.fill(0)

    def formula(self, p: Pointwise, x: Number) -> Number:
        return p.select(p.greater(x, p.number(self.at)), p.number(1), p.number(0))

    def gradient(self, p: Pointwise) -> dict[str, Number]:
        return {"dx": p.number(0)}

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Cast", g.op("Greater", x, g.constant(np.array(self.at))), to=_FLOAT)

    def torch(self, t: Any, x: Any) -> Any:
        return (x > self.at).to(x.dtype) + 0 * x


_FLOAT = 1
"""What ONNX calls float32 (TensorProto.FLOAT)."""
