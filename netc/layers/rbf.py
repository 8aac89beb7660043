"""The radial basis units of LeNet-5: how far an input is from what each class should give."""

from typing import Any

import numpy as np

from netc.kernels.layout import batch_last
from netc.layers import require
from netc.layers.base import Layer, Weight, layer
from netc.layers.digits import HEIGHT, WIDTH, digits
from netc.layers.initializers import Uniform
from netc.options import option
from netc.types import Array, Dtype, Onnx, Reject, Tensor


@layer("rbf", family="dense")
class Rbf(Layer):
    """The squared distance of the input from a center of each unit: the less, the better it fits.

    y_i = sum_j (x_j - center_ij)^2, x laid out as one row of numbers. With `centers:
    digits_7x12` the centers are pictures of the digits 0, 1, 2 ... of 7 x 12 pixels, 1 on the
    digit and -1 around it; they are fixed and no weights, and the input must have 84 numbers.
    LeCun et al., Gradient-Based Learning Applied to Document Recognition, 1998, section II.B,
    eq. 7. `rbf_loss` is made for it; metrics and outputs that say which class it is want
    `negate` between, as there the highest score wins.

    Example:
        rbf([5], units: 3) -> [3]
    """

    units: int = option(doc="Number of centers, and of outputs.", main=True, at_least=1)
    centers: str = option(
        "learned",
        "Weights that are learned, or drawings of digits.",
        choices=("learned", "digits_7x12"),
    )

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        require.known_size(x)
        if self.centers == "digits_7x12":
            self._require_digits(x)
        return Tensor((self.units,), x.dtype)

    def _require_digits(self, x: Tensor) -> None:
        size = WIDTH * HEIGHT
        if x.size != size:
            reason = f"drawings of {WIDTH} x {HEIGHT} have {size} pixels, the input has {x.size}"
            way = f"give the layer before {size} outputs, or set `centers` to learned"
            raise Reject("x", reason, help=way)
        if self.units > 10:
            reason = f"there are drawings of 10 digits, not of {self.units}"
            raise Reject("units", reason, help="set `units` to 10, or `centers` to learned")

    def weights(self, x: Tensor) -> dict[str, Weight]:
        if self.centers != "learned":
            return {}
        init = Uniform(low=-1.0, high=1.0)
        return {"center": Weight((self.units, x.size), init, x.size, self.units)}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"gap": Tensor((x.size,), x.dtype)}

    def forward(self, x: Array, y: Array, gap: Array, center: Array | None = None) -> None:
        # |x|^2 - 2 x w + |w|^2 would be faster, and loses all digits of a small distance.
        rows, room = _rows(x), gap.T
        for unit, row in enumerate(self._centers(x, center)):
            np.subtract(rows, row[:, None], out=room)
            np.einsum("kn,kn->n", room, room, out=y[:, unit])

    def backward(
        self,
        dy: Array,
        x: Array,
        gap: Array,
        center: Array | None = None,
        dx: Array | None = None,
        dcenter: Array | None = None,
    ) -> None:
        rows, centers = _rows(x), self._centers(x, center)
        if dx is not None:
            room = gap.T
            np.matmul(centers.T, dy.T, out=room)
            np.subtract(rows * np.sum(dy, axis=1), room, out=room)
            np.multiply(room.reshape(batch_last(dx).shape), 2, out=batch_last(dx))
        if dcenter is not None:
            np.matmul(dy.T, rows.T, out=dcenter)
            np.subtract(np.sum(dy, axis=0)[:, None] * centers, dcenter, out=dcenter)
            dcenter *= 2

    def _centers(self, x: Array, center: Array | None) -> Array:
        if center is not None:
            return center
        return digits("f64" if x.dtype == np.float64 else "f32")[: self.units]

    def onnx(self, g: Onnx, x: str, center: str = "") -> str:
        of = g.type(x)
        dtype: Dtype = "f64" if of.dtype == "f64" else "f32"
        row = g.op("Reshape", x, g.constant(np.array([-1, 1, of.size], np.int64)))
        gap = g.op("Sub", row, center or g.constant(digits(dtype)[: self.units]))
        axes = g.constant(np.array([2], np.int64))
        return g.op("ReduceSum", g.op("Mul", gap, gap), axes, keepdims=0)

    def torch(self, t: Any, x: Any, center: Any = None) -> Any:
        if center is None:
            center = t.tensor(digits("f64")[: self.units].copy()).to(x.dtype)
        return ((x.reshape(len(x), 1, -1) - center) ** 2).sum(2)

    def macs(self, x: Tensor) -> int:
        return self.units * x.size


def _rows(x: Array) -> Array:
    """[n, ...] as [size, n]: a view when the batch is innermost in memory."""
    return batch_last(x).reshape(-1, len(x))
