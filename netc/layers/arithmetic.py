"""Arithmetic on every number by itself: its sign and its powers."""

from functools import reduce
from typing import Any

import numpy as np

from netc.layers.activation import Activation
from netc.layers.base import layer
from netc.options import option
from netc.types import Array, Number, Onnx, Pointwise, Tensor


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

    def formula(self, p: Pointwise, x: Number) -> Number:
        return p.absolute(x)

    def gradient(self, p: Pointwise, dy: Number, x: Number) -> dict[str, Number]:
        zero = p.number(0)
        below = p.select(p.greater(zero, x), p.mul(dy, p.number(-1)), zero)
        return {"dx": p.select(p.greater(x, zero), dy, below)}

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

    def formula(self, p: Pointwise, x: Number) -> Number:
        return p.mul(x, p.number(-1))

    def gradient(self, p: Pointwise, dy: Number) -> dict[str, Number]:
        return {"dx": p.mul(dy, p.number(-1))}

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

    def formula_inside(self, p: Pointwise, x: Number) -> Number:
        """The same as arithmetic."""
        scaled = x if self.scale == 1 else p.mul(x, p.number(self.scale))
        return p.add(scaled, p.number(self.shift)) if self.shift else scaled

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

    def formula(self, p: Pointwise, x: Number) -> Number:
        return raised(p, self.formula_inside(p, x), self.power)

    def gradient(self, p: Pointwise, dy: Number, x: Number) -> dict[str, Number]:
        factor = self.power * self.scale
        if factor == 0:
            return {"dx": p.number(0)}
        slope = raised(p, self.formula_inside(p, x), self.power - 1)
        return {"dx": p.mul(dy, p.mul(slope, p.number(factor)))}

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


def raised(p: Pointwise, x: Number, power: float) -> Number:
    """x ^ power as arithmetic: of products and roots where the power is made of quarters."""
    quarters = abs(power) * 4
    if quarters > 4 * _LARGEST_PRODUCT or quarters % 1:
        return p.exp(p.mul(p.log(x), p.number(power)))
    root = p.sqrt(x)
    found = [root] if quarters % 4 >= 2 else []
    found += [p.sqrt(root)] if quarters % 2 else []
    bits, square = int(quarters) // 4, x
    while bits:
        found += [square] if bits % 2 else []
        bits //= 2
        square = p.mul(square, square)
    product = reduce(p.mul, found) if found else p.number(1)
    return product if power >= 0 else p.div(p.number(1), product)


_LARGEST_PRODUCT = 64
"""Powers above are made of the logarithm: products of so many would lose digits."""

_FAST = {2.0: np.square, 0.5: np.sqrt, -1.0: np.reciprocal}
_PRODUCTS = range(1, 9)
