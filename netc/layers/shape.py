"""Layers that keep every number and change only how they are arranged."""

from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import Layer, layer
from netc.layers.divisors import shown_divisors
from netc.options import option
from netc.sizes import asking, is_open, way_to_close
from netc.types import Array, Onnx, Reject, Shape, Tensor, show_shape


class View(Layer):
    """What they share: the plan gives `y` the memory of `x`; the rules copy where it cannot."""

    view = True
    overlay = {"y": "x", "dx": "dy"}

    def forward(self, x: Array, y: Array) -> None:
        np.copyto(y, x.reshape(y.shape))

    def backward(self, dy: Array, dx: Array) -> None:
        np.copyto(dx, dy.reshape(dx.shape))


@layer("flatten", family="shape")
class Flatten(View):
    """Make one row of numbers of each example, the last axis running fastest.

    Example:
        flatten([3, 2, 4]) -> [24]
    """

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        return replace(x, shape=(x.size,))

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Flatten", x, axis=1)

    def torch(self, t: Any, x: Any) -> Any:
        return x.reshape(x.shape[0], -1)


@layer("reshape", family="shape")
class Reshape(View):
    """Arrange the numbers of each example in another shape, the last axis running fastest.

    `shape` is that of one example. One of its sides may be -1: it is worked out from the rest.

    Example:
        reshape([3, 4], shape: [2, -1]) -> [2, 6]
    """

    shape: tuple[int, ...] = option(
        doc="The new shape of one example; one side may be -1.", main=True, at_least=-1
    )

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        return replace(x, shape=self._resolved(x))

    def _resolved(self, x: Tensor) -> Shape:
        wanted = show_shape(self.shape)
        if 0 in self.shape:
            raise Reject("shape", f"{wanted} has a side of 0", help="every side is at least 1")
        if any(side < -1 for side in self.shape) or self.shape.count(-1) > 1:
            raise Reject(
                "shape",
                f"{wanted} has more than one unknown side",
                help="only one side can be worked out: write numbers for the rest",
            )
        known = prod(side for side in self.shape if side != -1)
        if -1 in self.shape:
            with asking(f"whether the {x.size} numbers of {x} go into {wanted}", culprit="shape"):
                is_uneven = bool(x.size % known)
            if is_uneven:
                raise Reject(
                    "shape",
                    f"the {x.size} numbers of {x} do not go into {wanted}: "
                    f"{x.size} is no multiple of {known}",
                    help=f"the sides written must divide {x.size}, as {shown_divisors(x.size)} do",
                )
            return tuple(x.size // known if side == -1 else side for side in self.shape)
        if known != x.size:
            raise Reject(
                "shape",
                f"{wanted} holds {known} numbers, but {x} has {x.size}",
                help="write -1 for the side that may be worked out",
            )
        return self.shape

    def onnx(self, g: Onnx, x: str) -> str:
        before, after = g.type(x).shape, self._resolved(g.type(x))
        # Sides that are open are read off the input where they are one of its own.
        source = [before.index(side) + 1 if side in before else -1 for side in after]
        new = [side for side, at in zip(after, source, strict=True) if is_open(side) and at < 0]
        if len(new) > 1:
            reason = f"{show_shape(after)} has more than one side that is open and new"
            raise Reject("shape", reason, help=way_to_close(after))
        sides = [0, *(-1 if side in new else int(side) for side in after)]
        read = [0, *(at if is_open(side) else -1 for side, at in zip(after, source, strict=True))]
        if sum(at > 0 for at in read) == 0:
            # A 0 copies the side of the input: the batch stays free.
            return g.op("Reshape", x, g.constant(np.array(sides, np.int64)))
        shape = g.op("Shape", x)
        parts = [
            g.constant(np.array([side], np.int64))
            if at < 0
            else g.op("Gather", shape, g.constant(np.array([at], np.int64)))
            for side, at in zip(sides, read, strict=True)
        ]
        return g.op("Reshape", x, g.op("Concat", *parts, axis=0))

    def torch(self, t: Any, x: Any) -> Any:
        return x.reshape(x.shape[0], *self.shape)


@layer("identity", family="shape")
class Identity(View):
    """Pass everything through: the empty branch of a join, or another name for a value.

    Example:
        identity([3, 4]) -> [3, 4]
    """

    splits = True

    def infer(self, x: Tensor) -> Tensor:
        return x

    def onnx(self, g: Onnx, x: str) -> str:
        return x

    def torch(self, t: Any, x: Any) -> Any:
        return x
