"""Axes taken together to one number."""

from math import prod
from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.along import require_axis, whole
from netc.layers.base import Layer, layer
from netc.options import PerAxis, option
from netc.types import Array, Onnx, Reject, Shape, Tensor, show_shape

_ONNX = {
    "sum": "ReduceSum",
    "mean": "ReduceMean",
    "max": "ReduceMax",
    "min": "ReduceMin",
    "sum_abs": "ReduceL1",
    "sum_squares": "ReduceSumSquare",
}


@layer("reduce", family="shape")
class Reduce(Layer):
    """Make one number of all those along one axis, along several or of a whole example.

    `how` says what the number is; sum_abs and sum_squares are ASUM and SUMSQ of Caffe. The axes
    are gone from y, unless `keep_axes` leaves them with a side of 1. Where several numbers are
    greatest, or least, they share the gradient evenly.

    Example:
        reduce([3, 4, 5], how: mean, axis: [2, 3]) -> [3]
    """

    how: str = option(doc="What is made of the numbers.", choices=(*_ONNX,))
    axis: PerAxis | None = option(
        None,
        "Axis, or list of axes, to take together; 1 is the channels. All where not given.",
        at_least=1,
    )
    keep_axes: bool = option(False, "Whether the axes stay, with a side of 1.")

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        axes = self._axes(x.rank)
        for axis in axes:
            require_axis(x, axis)
        if len(set(axes)) < len(axes):
            raise Reject(
                "axis", f"{show_shape(axes)} has an axis twice", help="write every axis once"
            )
        if not axes:
            raise Reject("x", "a single number has no axes to take together")
        sides = enumerate(x.shape, start=1)
        if self.keep_axes:
            return Tensor(tuple(1 if axis in axes else side for axis, side in sides), x.dtype)
        return Tensor(tuple(side for axis, side in sides if axis not in axes), x.dtype)

    def _axes(self, rank: int) -> Shape:
        if self.axis is None:
            return (*range(1, rank + 1),)
        return (self.axis,) if isinstance(self.axis, int) else self.axis

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {} if self.how in ("sum", "mean") else {"slope": x}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"count": self.infer(x)} if self.how in ("max", "min") else {}

    def forward(
        self, x: Array, y: Array, slope: Array | None = None, count: Array | None = None
    ) -> None:
        axes = self._axes(x.ndim - 1)
        wide = y if self.keep_axes else np.expand_dims(y, axes)
        if slope is None:
            np.add.reduce(x, axis=axes, keepdims=True, out=wide)
            if self.how == "mean":
                y /= _count(x, axes)
        elif count is None:
            # The terms of the sum are made in the room of the slope, which then takes their place.
            _TERMS[self.how](x, slope)
            np.add.reduce(slope, axis=axes, keepdims=True, out=wide)
            _SLOPES[self.how](x, slope)
        else:
            shared = count if self.keep_axes else np.expand_dims(count, axes)
            _EXTREMES[self.how](x, axis=axes, keepdims=True, out=wide)
            np.equal(x, wide, out=slope)
            np.add.reduce(slope, axis=axes, keepdims=True, out=shared)
            np.maximum(shared, 1, out=shared)  # what is not a number is equal to none
            slope /= shared

    def backward(self, dy: Array, dx: Array, slope: Array | None = None) -> None:
        axes = self._axes(dx.ndim - 1)
        wide = dy if self.keep_axes else np.expand_dims(dy, axes)
        if slope is not None:
            np.multiply(wide, slope, out=dx)
        elif self.how == "mean":
            np.divide(wide, _count(dx, axes), out=dx)
        else:
            np.copyto(dx, wide)

    def onnx(self, g: Onnx, x: str) -> str:
        axes, kind = self._axes(g.type(x).rank), _ONNX[self.how]
        if g.opset >= 18 or self.how == "sum":
            return g.op(kind, x, whole(g, *axes), keepdims=int(self.keep_axes))
        return g.op(kind, x, axes=axes, keepdims=int(self.keep_axes))

    def torch(self, t: Any, x: Any) -> Any:
        axes = self._axes(x.ndim - 1)
        terms = {"sum_abs": abs, "sum_squares": t.square}.get(self.how, lambda x: x)(x)
        run = {"mean": t.mean, "max": t.amax, "min": t.amin}.get(self.how, t.sum)
        return run(terms, axes, keepdim=self.keep_axes)


def _absolute(x: Array, terms: Array) -> None:
    np.abs(x, out=terms)


def _squares(x: Array, terms: Array) -> None:
    np.multiply(x, x, out=terms)


def _signs(x: Array, slope: Array) -> None:
    np.sign(x, out=slope)


def _twice(x: Array, slope: Array) -> None:
    np.add(x, x, out=slope)


_TERMS = {"sum_abs": _absolute, "sum_squares": _squares}
_SLOPES = {"sum_abs": _signs, "sum_squares": _twice}
_EXTREMES = {"max": np.maximum.reduce, "min": np.minimum.reduce}


def _count(x: Array, axes: Shape) -> int:
    return prod(x.shape[axis] for axis in axes)
