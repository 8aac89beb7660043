"""Images made larger or smaller, by a factor or to a size."""

from fractions import Fraction
from typing import Any

import numpy as np

from netc.kernels.layout import batch_last, chunks
from netc.kernels.resampling import Mix, apply, linear, nearest, transposed
from netc.layers.along import whole
from netc.layers.axes import per_axis, require_image
from netc.layers.base import Layer, Window, layer
from netc.options import PerAxis, option
from netc.sizes import is_open
from netc.types import Array, Onnx, Reject, Shape, Tensor


class Resampling(Layer):
    """What both share: how a number between places is found."""

    how: str
    corners: bool

    splits = True

    def check(self, x: Tensor) -> None:
        """Reject what is no image, and corners of what has no lines between."""
        require_image(x, axes=3)
        if self.corners and self.how == "nearest":
            raise Reject(
                "corners",
                "`corners` says where lines between places begin, and `how` is nearest",
                help="set `how` to bilinear, or leave out `corners`",
            )

    def window(self, x: Tensor) -> Window:
        reach = 1 if self.how == "nearest" else 2
        pairs = zip(x.shape[1:], self.infer(x).shape[1:], strict=True)
        steps = (Fraction(int(side), int(out)) for side, out in pairs)
        return Window((reach,) * (x.rank - 1), tuple(steps))

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        stages = _stages(x.shape, self.infer(x).shape)
        # A slice of any stage, across the axis that it changes; forwards or backwards.
        room = max(_places(stages[i + j]) // stages[i + j][-1 - i]
                   for i in range(len(stages) - 1) for j in (0, 1))  # fmt: skip
        rooms = {"room": Tensor((x.shape[0], room), x.dtype)}
        names = ("between", "between_2")
        return rooms | {n: Tensor(s, x.dtype) for n, s in zip(names, stages[1:-1], strict=False)}

    def forward(
        self,
        x: Array,
        y: Array,
        room: Array,
        between: Array | None = None,
        between_2: Array | None = None,
    ) -> None:
        arrays = [batch_last(a) for a in (x, between, between_2, y) if a is not None]
        mixes, spare = self._mixes(x.shape[2:], y.shape[2:]), batch_last(room)
        for c in chunks(arrays[-1]):
            for i, mix in enumerate(mixes):
                apply(mix, -2 - i, arrays[i][c], arrays[i + 1][c], spare[c])

    def backward(
        self,
        dy: Array,
        dx: Array,
        room: Array,
        between: Array | None = None,
        between_2: Array | None = None,
    ) -> None:
        arrays = [batch_last(a) for a in (dx, between, between_2, dy) if a is not None]
        mixes, spare = self._mixes(dx.shape[2:], dy.shape[2:]), batch_last(room)
        for c in chunks(arrays[-1]):
            for i in reversed(range(len(mixes))):
                back = transposed(mixes[i], arrays[i].shape[-2 - i])
                apply(back, -2 - i, arrays[i + 1][c], arrays[i][c], spare[c])

    def torch(self, t: Any, x: Any) -> Any:
        axes = x.ndim - 2
        lines = ("linear", "bilinear", "trilinear")[axes - 1]
        size = self.infer(Tensor(tuple(x.shape[1:]))).shape[1:]
        if self.how == "nearest":
            return t.nn.functional.interpolate(x, size)
        return t.nn.functional.interpolate(x, size, mode=lines, align_corners=self.corners)

    def _mixes(self, before: Shape, after: Shape) -> list[Mix]:
        """How each axis changes, the last one first: it is the one that moves the least."""
        pairs = zip(reversed(before), reversed(after), strict=True)
        if self.how == "nearest":
            return [nearest(side, out) for side, out in pairs]
        return [linear(side, out, corners=self.corners) for side, out in pairs]

    def _onnx(self, g: Onnx, x: str, scales: str, sizes: str) -> str:
        at = "asymmetric" if self.how == "nearest" else "half_pixel"
        return g.op(
            "Resize",
            *(x, "", scales, sizes),
            mode="nearest" if self.how == "nearest" else "linear",
            coordinate_transformation_mode="align_corners" if self.corners else at,
            nearest_mode="floor",
        )


@layer("upsample", family="pooling")
class Upsample(Resampling):
    """Make an image `factor` times as large.

    With `how: nearest` each number is repeated, `factor` times along each side. With bilinear, new
    numbers lie on straight lines between their neighbours, along each axis; without `corners` the
    lines go through the middles of places, and what lies beyond the outermost ones is equal to
    them. So PyTorch's Upsample, with `align_corners` for `corners`.
    Odena, Dumoulin and Olah, Deconvolution and Checkerboard Artifacts, 2016, put a convolution
    behind it in place of a transposed one.

    Example:
        upsample([3, 2, 4], factor: 2) -> [3, 4, 8]
    """

    factor: PerAxis = option(doc="How many times as large sides become.", main=True, at_least=1)
    how: str = option(
        "nearest", "The nearest place, or lines between places.", choices=("nearest", "bilinear")
    )
    corners: bool = option(
        False, "Whether the corners of both images are the same places; only for bilinear."
    )

    def infer(self, x: Tensor) -> Tensor:
        self.check(x)
        factor = per_axis(self.factor, x, "factor")
        sides = (side * f for side, f in zip(x.shape[1:], factor, strict=True))
        return Tensor((x.shape[0], *sides), x.dtype)

    def onnx(self, g: Onnx, x: str) -> str:
        factor = per_axis(self.factor, g.type(x), "factor")
        return self._onnx(g, x, g.constant(np.array([1, 1, *factor], np.float32)), "")


@layer("resize", family="pooling")
class Resize(Resampling):
    """Make an image as large as `size`, larger or smaller.

    With `how: nearest` place i of n is place floor(i * side / n) of the image. With bilinear,
    numbers lie on straight lines between two neighbours along each axis, also where the image gets
    smaller; without `corners` the lines go through the middles of places, and what lies beyond the
    outermost ones is equal to them. So PyTorch's interpolate, with `align_corners` for `corners`;
    its nearest rounds the ratio of the sides first, which at few sizes takes a neighbour.

    Example:
        resize([3, 4, 5], size: [6, 3]) -> [3, 6, 3]
    """

    size: PerAxis = option(doc="Sides of the output.", main=True, at_least=1)
    how: str = option(
        "nearest", "The nearest place, or lines between places.", choices=("nearest", "bilinear")
    )
    corners: bool = option(
        False, "Whether the corners of both images are the same places; only for bilinear."
    )

    def infer(self, x: Tensor) -> Tensor:
        self.check(x)
        return Tensor((x.shape[0], *per_axis(self.size, x, "size")), x.dtype)

    def onnx(self, g: Onnx, x: str) -> str:
        type = g.type(x)
        size = per_axis(self.size, type, "size")
        if self.how == "nearest":
            for axis, (side, out) in enumerate(zip(type.shape[1:], size, strict=True), start=2):
                x = g.op("Gather", x, _nearest(g, x, axis, side, out), axis=axis)
            return x
        kept = g.op("Slice", g.op("Shape", x), *(whole(g, i) for i in (0, 2)))
        return self._onnx(g, x, "", g.op("Concat", kept, whole(g, *size), axis=0))


def _nearest(g: Onnx, x: str, axis: int, side: int, out: int) -> str:
    """The places that are taken, in whole numbers: Resize divides rounded ones."""
    if not is_open(side):
        return whole(g, *(o * side // out for o in range(out)))
    length = g.op("Gather", g.op("Shape", x), whole(g, axis))
    return g.op("Div", g.op("Mul", length, whole(g, *range(out))), whole(g, out))


def _stages(before: Shape, after: Shape) -> list[Shape]:
    """The shapes that an image goes through: one axis more changes each time, the last first."""
    return [(*before[: len(before) - i], *after[len(after) - i :]) for i in range(len(before))]


def _places(shape: Shape) -> int:
    return int(np.prod(shape[1:]))
