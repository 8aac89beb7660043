"""Scores made class labels."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.along import require_axis
from netc.layers.base import Layer, layer
from netc.options import option
from netc.sizes import is_open, way_to_close
from netc.types import Array, Onnx, Reject, Tensor


@layer("argmax", family="measure")
class Argmax(Layer):
    """Give the class whose score is the highest, the first of those that are equal.

    y is a class label, and where x is a map of scores [classes, ...] a map of labels; no gradient
    flows through it. As Caffe's ArgMax.

    Example:
        argmax([10]) -> class(10)
    """

    axis: int = option(
        1, "Axis the classes are along; 1 is the channels, 0 the batch.", main=True, at_least=1
    )

    backward = None

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        require_axis(x, self.axis)
        classes = x.shape[self.axis - 1]
        if is_open(classes):
            raise Reject(
                "axis",
                f"the number of classes, {classes}, is not known",
                help=way_to_close((classes,)),
            )
        rest = (*x.shape[: self.axis - 1], *x.shape[self.axis :])
        return Tensor(rest, "i64", classes=classes)

    def forward(self, x: Array, y: Array) -> None:
        np.argmax(x, axis=self.axis, out=y)

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("ArgMax", x, axis=self.axis, keepdims=0)

    def torch(self, t: Any, x: Any) -> Any:
        return x.argmax(self.axis)
