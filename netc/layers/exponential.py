"""Exponentials and logarithms of every number by itself."""

from math import log
from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.arithmetic import Affine
from netc.layers.base import layer
from netc.options import option
from netc.types import Array, Number, Onnx, Pointwise, Reject, Tensor


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
        self.inside(x, y)
        if self.base is not None:
            y *= log(self.base)
        with np.errstate(over="ignore"):  # infinity is what a sum of float32 can say of it
            np.exp(y, out=y)

    def backward(self, dy: Array, y: Array, dx: Array, slope: Array) -> None:
        np.multiply(y, self.scale * _log(self.base), out=slope)
        np.multiply(dy, slope, out=dx)

    def formula(self, p: Pointwise, x: Number) -> Number:
        inside = self.formula_inside(p, x)
        return p.exp(inside if self.base is None else p.mul(inside, p.number(_log(self.base))))

    def gradient(self, p: Pointwise, dy: Number, y: Number) -> dict[str, Number]:
        return {"dx": p.mul(dy, p.mul(y, p.number(self.scale * _log(self.base))))}

    def onnx(self, g: Onnx, x: str) -> str:
        factor = _log(self.base)
        return g.op("Exp", self.onnx_inside(g, x, self.scale * factor, self.shift * factor))

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
        self.inside(x, y)
        with np.errstate(divide="ignore", invalid="ignore"):
            np.log(y, out=y)
        if self.base is not None:
            y *= 1 / log(self.base)

    def backward(self, dy: Array, x: Array, dx: Array, slope: Array) -> None:
        self.inside(x, slope)
        with np.errstate(divide="ignore", over="ignore"):
            np.divide(self.scale / _log(self.base), slope, out=slope)
        np.multiply(dy, slope, out=dx)

    def formula(self, p: Pointwise, x: Number) -> Number:
        found = p.log(self.formula_inside(p, x))
        return found if self.base is None else p.mul(found, p.number(1 / log(self.base)))

    def gradient(self, p: Pointwise, dy: Number, x: Number) -> dict[str, Number]:
        slope = p.div(p.number(self.scale / _log(self.base)), self.formula_inside(p, x))
        return {"dx": p.mul(dy, slope)}

    def onnx(self, g: Onnx, x: str) -> str:
        found = g.op("Log", self.onnx_inside(g, x, self.scale, self.shift))
        return self.onnx_inside(g, found, 1 / _log(self.base), 0.0)

    def torch(self, t: Any, x: Any) -> Any:
        return t.log(self.shift + self.scale * x) / _log(self.base)


def _log(base: float | None) -> float:
    """The natural logarithm of a base, which is e where none is given."""
    return 1.0 if base is None else log(base)
