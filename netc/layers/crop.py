"""The sides of one image cut to those of another."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.along import whole
from netc.layers.axes import kind, per_axis, require_image, sized
from netc.layers.base import Layer, layer
from netc.options import PerAxis, option
from netc.sizes import is_open, reaches, where, witnesses
from netc.types import Array, Onnx, Reject, Shape, Tensor


@layer("crop", family="shape")
class Crop(Layer):
    """Cut an image to the sides of another, whose numbers do not matter: its channels stay.

    y has the height and width of `like` and begins `offset` places into x, as Caffe's Crop with
    axis 2. No gradient goes to `like`.
    Long, Shelhamer and Darrell, Fully Convolutional Networks for Semantic Segmentation, 2015,
    section 4.2.

    Example:
        crop([2, 6, 5], [7, 4, 3], offset: [1, 0]) -> [2, 4, 3]
    """

    offset: PerAxis = option(
        0, "Places left out before the part that stays.", main=True, at_least=0
    )

    def infer(self, x: Tensor, like: Tensor) -> Tensor:
        require_image(x, axes=3)
        require.numbers("like", like)
        if like.rank != x.rank:
            raise Reject(
                "like",
                f"like is {like}, and x, {x}, cannot have its sides",
                help=f"give it {'an' if kind(x) == 'image' else 'a'} {kind(x)}",
            )
        offset = per_axis(self.offset, x, "offset")
        for side, wanted, before in zip(x.shape[1:], like.shape[1:], offset, strict=True):
            if not reaches(side - wanted, before):
                raise self._too_large(x, like, offset, int(side - wanted))
        return Tensor((x.shape[0], *like.shape[1:]), x.dtype)

    def _too_large(self, x: Tensor, like: Tensor, offset: Sequence[int], spare: int) -> Reject:
        inner, outer = sized(kind(x), like.shape[1:]), sized(kind(x), x.shape[1:])
        at = where(witnesses((*x.shape, *like.shape)))
        if spare < 0:
            return Reject(
                "like",
                f"{inner} cannot be cut out of {outer}{at}",
                help="the larger one comes first",
            )
        shifted = f" {'x'.join(map(str, offset))} places into it"
        return Reject(
            "offset",
            f"{inner}{shifted} reaches beyond {outer}{at}",
            help=f"set `offset` to at most {spare} on this axis",
        )

    def forward(self, x: Array, like: Array, y: Array) -> None:
        np.copyto(y, x[self._places(y)])

    def backward(self, dy: Array, dx: Array) -> None:
        dx.fill(0)
        np.copyto(dx[self._places(dy)], dy)

    def begin(self, x: Shape) -> Shape:
        """How many places of each axis are left out before those that stay."""
        return (0, *per_axis(self.offset, Tensor(x), "offset"))

    def _places(self, y: Array) -> tuple[slice, ...]:
        offset = per_axis(self.offset, Tensor(y.shape[1:]), "offset")
        spans = (slice(o, o + side) for o, side in zip(offset, y.shape[2:], strict=True))
        return (slice(None), slice(None), *spans)

    def onnx(self, g: Onnx, x: str, like: str) -> str:
        wanted, rank = g.type(like).shape[1:], g.type(x).rank
        offset = per_axis(self.offset, g.type(x), "offset")
        axes = whole(g, *range(2, rank + 1))
        if is_open(wanted):
            sides = g.op("Slice", g.op("Shape", like), whole(g, 2), whole(g, rank + 1))
            ends = g.op("Add", sides, whole(g, *offset))
        else:
            ends = whole(g, *(o + side for o, side in zip(offset, wanted, strict=True)))
        return g.op("Slice", x, whole(g, *offset), ends, axes)

    def torch(self, t: Any, x: Any, like: Any) -> Any:
        return x[self._places(like)] + 0 * like.sum()
