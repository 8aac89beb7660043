"""Max pooling backwards: each number goes to the place where its window had the greatest."""

import sys
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from netc.kernels.layout import batch_last
from netc.kernels.pooling import from_winners, max_pool, to_winners
from netc.layers import require
from netc.layers.along import whole
from netc.layers.axes import require_image, type_of
from netc.layers.base import Window, layer
from netc.layers.pool import index_type
from netc.layers.pool_windows import (
    Windowed,
    axes_of,
    onnx_sides,
    pooled,
    sides,
    torch_padded,
    torch_pool,
)
from netc.options import PerAxis, option
from netc.sizes import is_open, reaches
from netc.types import Array, Onnx, Reject, Tensor


@layer("unpool", family="pooling")
class Unpool(Windowed):
    """Put each number where max_pool of `image` found the greatest of its window; zeros elsewhere.

    `image` is what went into the max_pool with the same options, and x has the size of what came
    out: the places that won are the switches of a DeconvNet. Where windows overlap and share a
    winner, their numbers are added, so that this is the transpose of max_pool at `image`. No
    gradient goes to `image`: a small change of it moves no winner.
    Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, 2014, section 2.1;
    in a network that learns: Noh, Hong and Han, Learning Deconvolution Network, 2015, section 3.2.

    Example:
        unpool([2, 3, 2], [2, 5, 4], kernel: 2) -> [2, 5, 4]
    """

    pad: PerAxis = option(0, "Places added on each side of `image`.", at_least=0)

    def infer(self, x: Tensor, image: Tensor) -> Tensor:
        require_image(x, axes=3)
        require.numbers("image", image)
        if image.rank != x.rank:
            raise Reject(
                "image",
                f"image is {image}, and {x} cannot be pooled of it",
                help="give what went into the `max_pool` before x as image",
            )
        wanted = pooled(self, image)
        if x.shape != wanted.shape:
            usual = "give the `kernel`, `stride`, `pad` and `round` of the `max_pool` before x, "
            usual += "and what went into it as image"
            if all(map(reaches, x.shape, image.shape)) and x.shape[1:] != image.shape[1:]:
                usual = "the two are swapped: x is what was pooled, image what it was pooled of"
            raise Reject(
                "x",
                f"x is {x}, but pooling image, {image}, with these options gives {wanted}",
                help=require.way_to_equal(x, wanted, usual),
            )
        return image

    def window(self, x: Tensor, image: Tensor) -> Window:
        kernel, stride, _ = sides(self, image)
        seen = tuple((k - 1) // s + 1 for k, s in zip(kernel, stride, strict=True))
        return Window(seen, tuple(Fraction(1, s) for s in stride))

    def keep(self, x: Tensor, image: Tensor) -> dict[str, Tensor]:
        return {"index": index_type(self, image)}

    def work(self, batch: int, threads: int, x: Tensor, image: Tensor) -> dict[str, Tensor]:
        return {"part": x, "won": index_type(self, image)}

    def forward(
        self, x: Array, image: Array, y: Array, index: Array, part: Array, won: Array
    ) -> None:
        axes, switches = axes_of(self, type_of(image)), batch_last(index)
        scratch = batch_last(part), batch_last(won)
        max_pool(batch_last(image), scratch[0], switches, scratch[1], axes)
        to_winners(batch_last(x), switches, batch_last(y), *scratch, axes)

    def backward(self, dy: Array, index: Array, dx: Array, part: Array, won: Array) -> None:
        axes, scratch = axes_of(self, type_of(dy)), (batch_last(part), batch_last(won))
        from_winners(batch_last(dy), batch_last(index), batch_last(dx), *scratch, axes)

    def onnx(self, g: Onnx, x: str, image: str) -> str:
        kernel, stride, pad, end = onnx_sides(self, g.type(image))
        switches = g.op(
            "MaxPool", image, kernel_shape=kernel, strides=stride, pads=pad + end, output=1
        )
        row = whole(g, -1)
        zeros = g.op("ConstantOfShape", g.op("Shape", g.op("Reshape", image, row)))
        # MaxUnpool keeps the last of the numbers that share a place. So windows that overlap are
        # put down in turns, none of which overlap, and the turns are added.
        turns = [-(-k // s) for k, s in zip(kernel, stride, strict=True)]
        starts = product(
            *(
                range(turn if is_open(side) else min(turn, side))
                for turn, side in zip(turns, g.type(x).shape[1:], strict=True)
            )
        )
        parts = []
        for start in starts:
            values, places = (_every(g, value, start, turns) for value in (x, switches))
            flat = g.op("Reshape", places, row), g.op("Reshape", values, row)
            parts.append(g.op("ScatterElements", zeros, *flat, axis=0))
        total = g.op("Sum", *parts) if len(parts) > 1 else parts[0]
        return g.op("Reshape", total, g.op("Shape", image))

    def torch(self, t: Any, x: Any, image: Any) -> Any:
        padded, kernel, stride = torch_padded(self, t, image, -np.inf)
        run = torch_pool(t, "max", x.ndim - 2)
        _, places = run(padded, kernel, stride, return_indices=True)
        zeros = t.zeros_like(padded).flatten(2)
        whole = zeros.scatter_add(2, places.flatten(2), x.flatten(2)).reshape(padded.shape)
        _, _, pad = sides(self, Tensor(tuple(image.shape[1:])))
        spans = (slice(p, p + side) for p, side in zip(pad, image.shape[2:], strict=True))
        return whole[(..., *spans)] + 0 * image


def _every(g: Onnx, value: str, start: tuple[int, ...], step: list[int]) -> str:
    """Every `step`-th of the windows from `start` on, along each axis of the image."""
    if set(step) == {1}:
        return value
    ends, axes = (sys.maxsize,) * len(step), range(2, 2 + len(step))
    return g.op("Slice", value, *(whole(g, *numbers) for numbers in (start, ends, axes, step)))
