"""The fully connected layer."""

from typing import Any

import numpy as np

from netc.kernels.product import affine, affine_dw, affine_dx
from netc.layers import require
from netc.layers.base import Layer, Weight, layer
from netc.layers.initializers import Xavier
from netc.options import option
from netc.types import Array, Onnx, Tensor, Threads


@layer("dense", family="dense")
class Dense(Layer):
    """Connect every input number with each of `units` outputs.

    y = weight x + bias, x laid out as one row of numbers (channels, then rows, then columns).
    The weight is [units, inputs], a row for each unit; with `transposed` it is [inputs, units],
    so that a decoder can be tied to the weight of the encoder before it:
    Vincent et al., Stacked Denoising Autoencoders, 2010, section 2.2.
    Rosenblatt, The Perceptron, 1958; called inner product in Caffe and fully connected in
    ConvNetJS.

    Example:
        dense([2, 3, 3], units: 4) -> [4]
    """

    units: int = option(doc="Number of outputs.", main=True, at_least=1)
    bias: bool = option(True, "Whether each output adds a number of its own.")
    transposed: bool = option(
        False, "Whether the weight is [inputs, units], to tie it to that of another layer."
    )

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        require.known_size(x)
        return Tensor((self.units,), x.dtype)

    def weights(self, x: Tensor) -> dict[str, Weight]:
        shape = (x.size, self.units) if self.transposed else (self.units, x.size)
        axis = int(self.transposed)
        weight = Weight(shape, Xavier("in"), x.size, self.units, unit_axis=axis)
        bias = Weight((self.units,), fan_in=x.size, fan_out=self.units, decay=0)
        return {"weight": weight, "bias": bias} if self.bias else {"weight": weight}

    def forward(
        self, x: Array, weight: Array, y: Array, threads: Threads, bias: Array | None = None
    ) -> None:
        affine(x, self._rows(weight), bias, y, threads)

    def backward(
        self,
        dy: Array,
        x: Array,
        weight: Array,
        threads: Threads,
        dx: Array | None = None,
        dweight: Array | None = None,
        dbias: Array | None = None,
    ) -> None:
        if dweight is not None:
            affine_dw(dy, x, self._rows(dweight), threads)
        if dbias is not None:
            np.add.reduce(dy, axis=0, out=dbias)
        if dx is not None:
            affine_dx(dy, self._rows(weight), dx, threads)

    def onnx(self, g: Onnx, x: str, weight: str, bias: str = "") -> str:
        flat = x if g.type(x).rank == 1 else g.op("Flatten", x, axis=1)
        return g.op("Gemm", flat, weight, *([bias] if bias else []), transB=1 - self.transposed)

    def torch(self, t: Any, x: Any, weight: Any, bias: Any = None) -> Any:
        return t.nn.functional.linear(x.reshape(len(x), -1), self._rows(weight), bias)

    def macs(self, x: Tensor) -> int:
        return self.units * x.size

    def _rows(self, weight: Any) -> Any:
        """The weight as [units, inputs]."""
        return weight.T if self.transposed else weight
