"""Spatial pyramid pooling: as many numbers of an image of any size."""

from functools import cache, reduce
from math import prod
from typing import Any

import numpy as np

from netc.kernels.bins import Bins, add_to_bins, add_to_winners, max_of_bins, mean_of_bins
from netc.kernels.layout import batch_last
from netc.kernels.windows import Axes
from netc.layers.axes import kind, require_image, sized, times, type_of
from netc.layers.base import Layer, Window, layer
from netc.layers.even_bins import even_bins, onnx_maxima, onnx_means
from netc.layers.pool import AvgPool, MaxPool
from netc.layers.pool_windows import axes_of, counted_places, torch_pool
from netc.options import PerAxis, option
from netc.sizes import is_open, reaches, way_to_close
from netc.types import Array, Onnx, Reject, Shape, Tensor

_MOST_LEVELS = 16


@layer("pyramid_pool", family="pooling")
class PyramidPool(Layer):
    """Pool an image several times, into more and more bins, and give all of it as one row.

    With `levels` of L, there are 1, 2, 4, ... 2^(L-1) bins along each side; a list says how many
    there are at each level. The row holds level after level, each [channels, bins, bins] with the
    last axis running fastest: it is as long for images of any size.
    With `bins: even` they lie as in adaptive_avg_pool. With padded, as in Caffe's SPP, a level of
    b bins has windows of ceil(side / b) places beside one another, after
    (b * window - side + 1) // 2 places of padding, which means count as avg_pool does.
    He, Zhang, Ren and Sun, Spatial Pyramid Pooling in Deep Convolutional Networks for Visual
    Recognition, 2014, section 2.2 and appendix A.

    Example:
        pyramid_pool([3, 6, 7], levels: 2) -> [15]
    """

    levels: PerAxis = option(
        doc="Number of levels, or a list of the bins along each side, such as [6, 3, 2, 1].",
        main=True,
        at_least=1,
    )
    how: str = option("max", "What is kept of a bin.", choices=("max", "avg"))
    bins: str = option(
        "even", "Where bins lie that do not divide a side.", choices=("even", "padded")
    )

    def infer(self, x: Tensor) -> Tensor:
        require_image(x, axes=3)
        self._check(x)
        return Tensor((sum(prod(shape) for shape in _shapes(self, x)),), x.dtype)

    def window(self, x: Tensor) -> Window:
        fewest = min(self._counts())
        return Window(tuple(-(-int(side) // fewest) for side in x.shape[1:]), (1,) * (x.rank - 1))

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"index": Tensor(self.infer(x).shape, "i64")} if self.how == "max" else {}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"part": self.infer(x)} if self.how == "avg" else {}

    def forward(self, x: Array, y: Array, index: Array | None = None) -> None:
        type, places = type_of(x), batch_last(x)
        levels, out = _levels(self, type), self._cut(y, type)
        if index is not None:
            switches = self._cut(index, type)
            for (bins, _), values, winners in zip(levels, out, switches, strict=True):
                max_of_bins(places, values, winners, bins)
            return
        for (bins, shares), values in zip(levels, out, strict=True):
            mean_of_bins(places, values, shares.astype(y.dtype), bins)

    def backward(
        self, dy: Array, dx: Array, index: Array | None = None, part: Array | None = None
    ) -> None:
        type, places = type_of(dx), batch_last(dx)
        levels, gradients = _levels(self, type), self._cut(dy, type)
        dx.fill(0)
        if index is not None:
            switches = self._cut(index, type)
            for (bins, _), values, winners in zip(levels, gradients, switches, strict=True):
                add_to_winners(values, winners, places, bins)
        if part is not None:
            scratch = self._cut(part, type)
            for (bins, shares), values, room in zip(levels, gradients, scratch, strict=True):
                add_to_bins(values, places, shares.astype(dy.dtype), room, bins)

    def onnx(self, g: Onnx, x: str) -> str:
        rows = [g.op("Flatten", self._onnx(g, x, count), axis=1) for count in self._counts()]
        return g.op("Concat", *rows, axis=1) if len(rows) > 1 else rows[0]

    def _onnx(self, g: Onnx, x: str, count: int) -> str:
        type = g.type(x)
        if self.bins == "padded" and is_open(type.shape[1:]):
            reason = f"the windows hang on the size of the {kind(type)}, {type}, which is not known"
            way = f"set `bins` to even, or {way_to_close(type.shape[1:])}"
            raise Reject("bins", reason, help=way)
        if self.bins == "padded":
            return self._pool(count, type).onnx(g, x)
        write = onnx_maxima if self.how == "max" else onnx_means
        return write(g, x, type.shape[1:], (count,) * (type.rank - 1))

    def torch(self, t: Any, x: Any) -> Any:
        even = torch_pool(t, f"adaptive_{self.how}", x.ndim - 2)
        levels = (
            even(x, (count,) * (x.ndim - 2))
            if self.bins == "even"
            else self._pool(count, type_of(x)).torch(t, x)
            for count in self._counts()
        )
        return t.cat([level.flatten(1) for level in levels], 1)

    def _counts(self) -> tuple[int, ...]:
        """How many bins there are along each side, level by level."""
        if isinstance(self.levels, int):
            return tuple(2**level for level in range(self.levels))
        return self.levels

    def _pool(self, count: int, x: Tensor) -> MaxPool | AvgPool:
        """A level of padded bins as a layer of its own."""
        kernel = tuple(-(-side // count) for side in x.shape[1:])
        short = (k * count - side for k, side in zip(kernel, x.shape[1:], strict=True))
        pad = tuple((lack + 1) // 2 for lack in short)
        if self.how == "max":
            return MaxPool(kernel, kernel, pad, "up", compat="none")
        return AvgPool(kernel, kernel, pad, "up", count_pad=True)

    def _check(self, x: Tensor) -> None:
        """Reject levels that cannot be, and bins that may lie in padding alone, as Caffe does."""
        if self.levels == ():
            raise Reject("levels", "there is no level", help="such as [4, 2, 1]")
        if isinstance(self.levels, int) and self.levels > _MOST_LEVELS:
            reason = f"{self.levels} levels have more bins than an image has places"
            raise Reject("levels", reason, help="a pyramid of 3 or 4 levels is usual")
        for count in self._counts() if self.bins == "padded" else ():
            if all(_fits(side, count) for side in x.shape[1:]):
                continue
            grid = times((count,) * (x.rank - 1))
            raise Reject(
                "levels",
                f"a level of {grid} bins does not go into {sized(kind(x), x.shape[1:])}: "
                "one would lie in padding alone",
                help="take fewer bins, or set `bins` to even",
            )

    def _cut(self, row: Array, x: Tensor) -> list[Array]:
        """The levels of a row of each example, as views [channels, bins..., n]."""
        views, start, last = [], 0, batch_last(row)
        for shape in _shapes(self, x):
            stop = start + prod(shape)
            views.append(last[start:stop].reshape(*shape, -1))
            start = stop
        return views


def _fits(side: int, count: int) -> bool:
    """Whether no bin lies in padding alone; of open sides those as large as their witnesses."""
    kernel = -(-int(side) // count)
    return reaches(side, count) and (kernel * count - int(side) + 1) // 2 < kernel


def _shapes(pool: PyramidPool, x: Tensor) -> list[Shape]:
    """The shape of each level."""
    return [(x.shape[0], *(count,) * (x.rank - 1)) for count in pool._counts()]


@cache
def _levels(pool: PyramidPool, x: Tensor) -> list[tuple[Bins, Array]]:
    """The bins of each level, and one over the divisor of each: [axes..., 1]."""
    if pool.bins == "even":
        return [even_bins(x.shape[1:], shape[1:]) for shape in _shapes(pool, x)]
    return [_padded(axes_of(pool._pool(count, x), x)) for count in pool._counts()]


def _padded(axes: Axes) -> tuple[Bins, Array]:
    bins = tuple(
        tuple(
            slice(max(0, start), min(stop, axis.size))
            for start, stop in (axis.reach(o, o + 1) for o in range(axis.out))
        )
        for axis in axes
    )
    shares = [1 / np.array(counted_places(axis, count_pad=True)) for axis in axes]
    return bins, reduce(np.multiply.outer, shares)[..., None]
