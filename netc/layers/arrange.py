"""Axes put in another order, and values repeated along them."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.along import require_axis, whole, with_side
from netc.layers.base import Layer, layer
from netc.options import option
from netc.types import Array, Onnx, Reject, Tensor, show_shape


@layer("permute", family="shape")
class Permute(Layer):
    """Put the axes of every example in another order.

    Axis i of y is axis `order[i - 1]` of x. Axes are counted with the batch as 0, which stays and
    is not written: the axes of an image are 1 (channels), 2 (height) and 3 (width), and
    `order: [2, 3, 1]` puts its channels last.

    Example:
        permute([3, 4, 5], order: [2, 3, 1]) -> [4, 5, 3]
    """

    order: tuple[int, ...] = option(
        doc="The axes of x in the order of y; 1 is the channels.", main=True, at_least=0
    )

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        if sorted(self.order) != [*range(1, x.rank + 1)]:
            raise self._refusal(x)
        return Tensor(tuple(x.shape[axis - 1] for axis in self.order), x.dtype)

    def _refusal(self, x: Tensor) -> Reject:
        order, axes = show_shape(self.order), show_shape((*range(1, x.rank + 1),))
        if x.rank == 0:
            reason = "a single number has no axes to put in order"
            return Reject("x", reason, help="leave the layer out")
        if 0 in self.order:
            reason = f"{order} has axis 0, the batch, which stays where it is"
            rest = tuple(axis for axis in self.order if axis)
            usual = sorted(rest) == [*range(1, x.rank + 1)] and self.order[0] == 0
            way = f"leave the 0 out: {show_shape(rest)}" if usual else f"write each of {axes} once"
            return Reject("order", reason, help=way)
        return Reject(
            "order",
            f"{order} is no order of the axes of {x}",
            help=f"write each of {axes} once; axis 0 is the batch and is not written",
        )

    def forward(self, x: Array, y: Array) -> None:
        np.copyto(y, x.transpose(0, *self.order))

    def backward(self, dy: Array, dx: Array) -> None:
        np.copyto(dx.transpose(0, *self.order), dy)

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Transpose", x, perm=[0, *self.order])

    def torch(self, t: Any, x: Any) -> Any:
        return x.permute(0, *self.order)


@layer("tile", family="shape")
class Tile(Layer):
    """Repeat a value several times along one axis, one copy behind the other.

    Its gradient is the sum of those of all copies. As Caffe's Tile.

    Example:
        tile([3, 4], times: 2, axis: 2) -> [3, 8]
    """

    times: int = option(doc="How often it is there.", main=True, at_least=1)
    axis: int = option(
        1, "Axis to repeat along; 1 is the channels, 0 the batch, which stays.", at_least=1
    )

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        require_axis(x, self.axis)
        return with_side(x, self.axis, x.shape[self.axis - 1] * self.times)

    def forward(self, x: Array, y: Array) -> None:
        np.copyto(self._copies(y), np.expand_dims(x, self.axis))

    def backward(self, dy: Array, dx: Array) -> None:
        np.add.reduce(self._copies(dy), axis=self.axis, out=dx)

    def _copies(self, y: Array) -> Array:
        """y with an axis of its own for the copies: a view."""
        side = y.shape[self.axis] // self.times
        return y.reshape(*y.shape[: self.axis], self.times, side, *y.shape[self.axis + 1 :])

    def onnx(self, g: Onnx, x: str) -> str:
        times = [1] * (g.type(x).rank + 1)
        times[self.axis] = self.times
        return g.op("Tile", x, whole(g, *times))

    def torch(self, t: Any, x: Any) -> Any:
        return t.cat([x] * self.times, self.axis)
