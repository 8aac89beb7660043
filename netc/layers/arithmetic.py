"""Arithmetic on every number by itself: its sign and its powers."""

from typing import Any

import numpy as np

from netc.layers.activation import Activation
from netc.layers.base import layer
from netc.options import option
from netc.types import Array, Onnx, Tensor


@layer("abs", family="arithmetic")
class Abs(Activation):
    """Take the sign off every number.

    y = |x|; the gradient at 0 is 0, as in Caffe.
    Jarrett et al., What is the Best Multi-Stage Architecture for Object Recognition?, 2009,
    section 2.1.

    Example:
        abs([3, 4]) -> [3, 4]
    """

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"sign": x}

    def forward(self, x: Array, y: Array) -> None:
        np.abs(x, out=y)

    def backward(self, dy: Array, x: Array, dx: Array, sign: Array) -> None:
        np.sign(x, out=sign)
        np.multiply(dy, sign, out=dx)

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Abs", x)

    def torch(self, t: Any, x: Any) -> Any:
        return t.abs(x)


@layer("negate", family="arithmetic")
class Negate(Activation):
    """Turn the sign of every number: y = -x.

    It makes scores of distances, of which the least is the best.

    Example:
        negate([3, 4]) -> [3, 4]
    """

    def forward(self, x: Array, y: Array) -> None:
        np.multiply(x, -1, out=y)

    def backward(self, dy: Array, dx: Array) -> None:
        np.multiply(dy, -1, out=dx)

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Neg", x)

    def torch(self, t: Any, x: Any) -> Any:
        return -x


class Affine(Activation):
    """What the rest share: they begin with shift + scale * x."""

    scale: float
    shift: float

    def inside(self, x: Array, out: Array) -> None:
        """Fill `out`, which may be x, with shift + scale * x."""
        np.multiply(x, self.scale, out=out)
        if self.shift:
            out += self.shift

    def onnx_inside(self, g: Onnx, x: str, scale: float, shift: float) -> str:
        if scale != 1:
            x = g.op("Mul", x, g.constant(np.array(scale)))
        return g.op("Add", x, g.constant(np.array(shift))) if shift else x


@layer("power", family="arithmetic")
class Power(Affine):
    """Raise every number to a power, scaled and shifted before.

    y = (shift + scale * x) ^ power. A power that is no whole number is none of numbers below 0.
    As Caffe's Power: with `power: 1` it scales and shifts alone.

    Example:
        power([3, 4], power: 2, scale: 0.5, shift: 1) -> [3, 4]
    """

    power: float = option(doc="The exponent.", main=True)
    scale: float = option(1.0, "Factor on x.")
    shift: float = option(0.0, "Added to the scaled x.")

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"slope": x, "room": x}

    def forward(self, x: Array, y: Array, room: Array) -> None:
        self.inside(x, y)
        _raise(y, self.power, room)

    def backward(self, dy: Array, x: Array, dx: Array, slope: Array, room: Array) -> None:
        if self.power * self.scale == 0:
            dx.fill(0)
            return
        self.inside(x, slope)
        _raise(slope, self.power - 1, room)
        slope *= self.power * self.scale
        np.multiply(dy, slope, out=dx)

    def onnx(self, g: Onnx, x: str) -> str:
        inside = self.onnx_inside(g, x, self.scale, self.shift)
        return inside if self.power == 1 else g.op("Pow", inside, g.constant(np.array(self.power)))

    def torch(self, t: Any, x: Any) -> Any:
        return (self.shift + self.scale * x) ** self.power


def _raise(a: Array, power: float, room: Array) -> None:
    """a ^ power in the place of a. NumPy's own power takes up to a thousand times as long."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if power in _FAST:
            _FAST[power](a, out=a)
        elif power in _PRODUCTS:
            np.copyto(room, a)
            for _ in range(int(power) - 1):
                a *= room
        else:
            np.power(a, power, out=a)


_FAST = {2.0: np.square, 0.5: np.sqrt, -1.0: np.reciprocal}
_PRODUCTS = range(1, 9)
