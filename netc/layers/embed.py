"""Class labels made numbers, which a network can go on from."""

from typing import Any

import numpy as np

from netc.kernels.layout import batch_last
from netc.layers.base import Layer, Weight, layer
from netc.layers.initializers import Gaussian
from netc.options import option
from netc.types import Array, Onnx, Reject, Tensor


@layer("embed", family="dense")
class Embed(Layer):
    """Give every class `units` numbers that are learned, and a label those of its class.

    The weight is [classes, units], as in Caffe and PyTorch, and starts normally distributed; the
    lists of a text or a map of labels become channels: y is [units, ...]. It does what `dense`
    would with a 1 at the class and zeros elsewhere.
    Bengio et al., A Neural Probabilistic Language Model, 2003, section 2.

    Example:
        embed(class(96) [50], units: 8) -> [8, 50]
    """

    units: int = option(doc="How many numbers stand for a class.", main=True, at_least=1)
    bias: bool = option(False, "Whether each of the units adds a number of its own.")

    def infer(self, label: Tensor) -> Tensor:
        if label.classes is None or not label.batched:
            raise Reject(
                "label",
                f"expected class labels, found numbers of shape {label}",
                help="declare the input as class labels; `dense` takes numbers",
            )
        return Tensor((self.units, *label.shape))

    def weights(self, label: Tensor) -> dict[str, Weight]:
        classes = label.classes or 0
        weight = Weight((classes, self.units), Gaussian(1.0, 0.0), 1, self.units)
        return {"weight": weight} | ({"bias": Weight((self.units,), decay=0)} if self.bias else {})

    def forward(self, label: Array, weight: Array, y: Array, bias: Array | None = None) -> None:
        out = batch_last(y)
        np.take(weight.T, batch_last(label), axis=1, out=out)
        if bias is not None:
            out += bias.reshape(-1, *(1,) * label.ndim)

    def backward(
        self, dy: Array, label: Array, dweight: Array | None = None, dbias: Array | None = None
    ) -> None:
        rows = batch_last(dy).reshape(dy.shape[1], -1)
        if dbias is not None:
            np.add.reduce(rows, axis=1, out=dbias)
        if dweight is not None:
            places = batch_last(label).reshape(-1)
            # Counting is the fastest sum by class that NumPy has, and the same each time.
            for unit, row in enumerate(rows):
                dweight[:, unit] = np.bincount(places, row, len(dweight))

    def onnx(self, g: Onnx, label: str, weight: str, bias: str = "") -> str:
        y = g.op("Gather", weight, label)
        y = g.op("Add", y, bias) if bias else y
        rank = g.type(label).rank
        return g.op("Transpose", y, perm=[0, rank + 1, *range(1, rank + 1)]) if rank else y

    def torch(self, t: Any, label: Any, weight: Any, bias: Any = None) -> Any:
        y = t.nn.functional.embedding(label, weight)
        return (y if bias is None else y + bias).movedim(-1, 1)
