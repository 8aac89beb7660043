"""Arithmetic on every number by itself: its sign, powers, exponentials and logarithms."""

from math import log
from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.activation import Activation
from netc.layers.base import layer
from netc.options import option
from netc.types import Array, Onnx, Reject, Tensor


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
        np.negative(x, out=y)

    def backward(self, dy: Array, dx: Array) -> None:
        np.negative(dy, out=dx)

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Neg", x)

    def torch(self, t: Any, x: Any) -> Any:
        return -x


class Affine(Activation):
    """What the rest share: they begin with shift + scale * x."""

    scale: float
    shift: float

    def _inside(self, x: Array, out: Array) -> None:
        """Fill `out`, which may be x, with shift + scale * x."""
        np.multiply(x, self.scale, out=out)
        if self.shift:
            out += self.shift

    def _onnx_inside(self, g: Onnx, x: str, scale: float, shift: float) -> str:
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
        return {"slope": x}

    def forward(self, x: Array, y: Array) -> None:
        self._inside(x, y)
        _raise(y, self.power)

    def backward(self, dy: Array, x: Array, dx: Array, slope: Array) -> None:
        if self.power * self.scale == 0:
            dx.fill(0)
            return
        self._inside(x, slope)
        _raise(slope, self.power - 1)
        slope *= self.power * self.scale
        np.multiply(dy, slope, out=dx)

    def onnx(self, g: Onnx, x: str) -> str:
        inside = self._onnx_inside(g, x, self.scale, self.shift)
        return inside if self.power == 1 else g.op("Pow", inside, g.constant(np.array(self.power)))

    def torch(self, t: Any, x: Any) -> Any:
        return (self.shift + self.scale * x) ** self.power


@layer("exp", family="arithmetic")
class Exp(Affine):
    """Raise a base, e where none is given, to every number, scaled and shifted before.

    y = base ^ (shift + scale * x), as Caffe's Exp; the gradient is y * scale * log(base).

    Example:
        exp([3, 4]) -> [3, 4]
    """

    base: float | None = option(None, "What is raised; e where not given.", above=0)
    scale: float = option(1.0, "Factor on x.")
    shift: float = option(0.0, "Added to the scaled x.")

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"slope": x}

    def forward(self, x: Array, y: Array) -> None:
        self._inside(x, y)
        if self.base is not None:
            y *= log(self.base)
        with np.errstate(over="ignore"):  # infinity is what a sum of float32 can say of it
            np.exp(y, out=y)

    def backward(self, dy: Array, y: Array, dx: Array, slope: Array) -> None:
        np.multiply(y, self.scale * _log(self.base), out=slope)
        np.multiply(dy, slope, out=dx)

    def onnx(self, g: Onnx, x: str) -> str:
        factor = _log(self.base)
        return g.op("Exp", self._onnx_inside(g, x, self.scale * factor, self.shift * factor))

    def torch(self, t: Any, x: Any) -> Any:
        return t.exp((self.shift + self.scale * x) * _log(self.base))


@layer("log", family="arithmetic")
class Log(Affine):
    """Take the logarithm of every number, scaled and shifted before.

    y = log(shift + scale * x) to a base, e where none is given, as Caffe's Log. That of 0 is
    minus infinity, that of less is no number: keep what goes in above 0.

    Example:
        log([3, 4], scale: 0.1, shift: 1) -> [3, 4]
    """

    base: float | None = option(None, "The base of the logarithm; e where not given.", above=0)
    scale: float = option(1.0, "Factor on x.")
    shift: float = option(0.0, "Added to the scaled x.")

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        if self.base == 1:
            raise Reject(
                "base",
                "there is no logarithm to the base 1",
                help="set `base` to 2 or 10, or leave it out for e",
            )
        return x

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"slope": x}

    def forward(self, x: Array, y: Array) -> None:
        self._inside(x, y)
        with np.errstate(divide="ignore", invalid="ignore"):
            np.log(y, out=y)
        if self.base is not None:
            y *= 1 / log(self.base)

    def backward(self, dy: Array, x: Array, dx: Array, slope: Array) -> None:
        self._inside(x, slope)
        with np.errstate(divide="ignore", over="ignore"):
            np.divide(self.scale / _log(self.base), slope, out=slope)
        np.multiply(dy, slope, out=dx)

    def onnx(self, g: Onnx, x: str) -> str:
        found = g.op("Log", self._onnx_inside(g, x, self.scale, self.shift))
        return self._onnx_inside(g, found, 1 / _log(self.base), 0.0)

    def torch(self, t: Any, x: Any) -> Any:
        return t.log(self.shift + self.scale * x) / _log(self.base)


def _log(base: float | None) -> float:
    """The natural logarithm of a base, which is e where none is given."""
    return 1.0 if base is None else log(base)


def _raise(a: Array, power: float) -> None:
    """a ^ power in the place of a. NumPy's own power takes twenty times as long as these."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if power in _FAST:
            _FAST[power](a, out=a)
        elif power != 1:
            np.power(a, power, out=a)


_FAST = {2.0: np.square, 0.5: np.sqrt, -1.0: np.reciprocal}
