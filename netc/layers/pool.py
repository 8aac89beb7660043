"""Pooling: one number for each window of an image, or for the whole of it."""

from functools import cache
from math import prod
from typing import Any

import numpy as np

from netc.kernels.layout import as_image, batch_last
from netc.kernels.pooling import avg_pool, avg_pool_dx, divisors, max_pool, max_pool_dx
from netc.kernels.windows import Axis
from netc.layers.axes import (
    kind,
    per_axis,
    require_fit,
    require_image,
    rows_and_columns,
    sized,
    times,
    type_of,
)
from netc.layers.base import Layer, Window, layer
from netc.options import PerAxis, option
from netc.sizes import asking, is_open, smaller
from netc.types import Array, Onnx, Reject, Shape, Tensor


class Pool(Layer):
    """What pooling by windows shares: the options and the shape rule, exactly Caffe's."""

    splits = True

    kernel: PerAxis
    stride: PerAxis | None
    pad: PerAxis
    round: str

    def infer(self, x: Tensor) -> Tensor:
        require_image(x)
        kernel, stride, pad = _sides(self, x)
        for k, p in zip(kernel, pad, strict=True):
            if p >= k:
                raise Reject(
                    "pad",
                    f"`pad` {p} is too wide for a window of {k}: one may lie in padding alone",
                    help=f"set `pad` to at most {k - 1}, or take a larger `kernel`",
                )
        require_fit(x, kernel, stride, pad, sized("window", kernel))
        axes = _axes(self, x)
        for axis, s in zip(axes, stride, strict=False):
            with asking("whether the last window lies wholly outside", culprit="stride"):
                is_outside = (axis.out - 1) * s + axis.first >= axis.size
            if is_outside:
                raise Reject(
                    "stride",
                    f"the last window would lie wholly outside {sized(kind(x), x.shape[1:])}",
                    help=f"set `round` to down, or `stride` to at most the kernel, {times(kernel)}",
                )
        return Tensor((x.shape[0], axes[0].out, axes[1].out)[: x.rank], x.dtype)

    def window(self, x: Tensor) -> Window:
        return Window(*_sides(self, x))


@layer("max_pool", family="pooling")
class MaxPool(Pool):
    """Keep the greatest number of each window.

    Windows of sides `kernel` lie `stride` apart, each channel alone. Sides become
    (side + 2*pad - kernel) / stride + 1, rounded up so that every place is seen, as in Caffe;
    with padding, a window that would begin beyond the image is left out. Padding never wins.
    Where several are greatest the first, row by row, takes the gradient.
    Riesenhuber and Poggio, Hierarchical Models of Object Recognition in Cortex, 1999.

    Example:
        max_pool([2, 5, 4], kernel: 2) -> [2, 3, 2]
    """

    kernel: PerAxis = option(doc="Sides of the window.", main=True, at_least=1)
    stride: PerAxis | None = option(
        None, "Step between windows; the kernel where not given.", at_least=1
    )
    pad: PerAxis = option(0, "Places added on each side.", at_least=0)
    round: str = option("up", "How uneven sizes are rounded.", choices=("up", "down"))

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"index": self._index(x)}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"won": self._index(x), "part": self.infer(x)}

    def forward(self, x: Array, y: Array, index: Array, won: Array) -> None:
        axes = _axes(self, type_of(x))
        max_pool(as_image(x), as_image(y), as_image(index), as_image(won), *axes)

    def backward(self, dy: Array, index: Array, dx: Array, won: Array, part: Array) -> None:
        axes = _axes(self, type_of(dx))
        gradients = as_image(dy), as_image(index), as_image(dx)
        max_pool_dx(*gradients, as_image(part), as_image(won), *axes)

    def onnx(self, g: Onnx, x: str) -> str:
        kernel, stride, pad, end = _onnx_sides(self, g.type(x))
        return g.op("MaxPool", x, kernel_shape=kernel, strides=stride, pads=pad + end)

    def torch(self, t: Any, x: Any) -> Any:
        padded, kernel, stride = _torch_padded(self, t, x, -np.inf)
        run = t.nn.functional.max_pool2d if x.ndim == 4 else t.nn.functional.max_pool1d
        return run(padded, kernel, stride)

    def _index(self, x: Tensor) -> Tensor:
        kernel = per_axis(self.kernel, x, "kernel")
        return Tensor(self.infer(x).shape, "u8" if prod(kernel) <= 256 else "i64")


@layer("avg_pool", family="pooling")
class AvgPool(Pool):
    """Keep the mean of each window.

    Sizes as in max_pool. A window is divided by the number of its places; padding counts as
    zeros, as in Caffe, unless `count_pad` is false; places beyond the padding, which rounding
    up may reach, never count.
    LeCun et al., Backpropagation Applied to Handwritten Zip Code Recognition, 1989, averaged so.

    Example:
        avg_pool([2, 5, 4], kernel: 3, stride: 2, pad: 1) -> [2, 3, 3]
    """

    kernel: PerAxis = option(doc="Sides of the window.", main=True, at_least=1)
    stride: PerAxis | None = option(
        None, "Step between windows; the kernel where not given.", at_least=1
    )
    pad: PerAxis = option(0, "Zeros added on each side.", at_least=0)
    round: str = option("up", "How uneven sizes are rounded.", choices=("up", "down"))
    count_pad: bool = option(True, "Whether the zeros of the padding count in the mean.")

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"part": self.infer(x)}

    def forward(self, x: Array, y: Array) -> None:
        avg_pool(as_image(x), as_image(y), *_axes(self, type_of(x)), count_pad=self.count_pad)

    def backward(self, dy: Array, dx: Array, part: Array) -> None:
        axes = _axes(self, type_of(dx))
        avg_pool_dx(as_image(dy), as_image(dx), as_image(part), *axes, count_pad=self.count_pad)

    def onnx(self, g: Onnx, x: str) -> str:
        # `ceil_mode` means different things in different runtimes; explicit pads do not.
        kernel, stride, pad, end = _onnx_sides(self, g.type(x))
        counted = int(self.count_pad and pad == end)
        if self.count_pad and pad != end and any(pad):
            zeros = np.array([0, 0, *pad, 0, 0, *pad], np.int64)
            x = g.op("Pad", x, g.constant(zeros))
            pad, end = (0,) * len(pad), tuple(e - p for e, p in zip(end, pad, strict=True))
        return g.op(
            "AveragePool",
            x,
            kernel_shape=kernel,
            strides=stride,
            pads=pad + end,
            count_include_pad=counted,
        )

    def torch(self, t: Any, x: Any) -> Any:
        padded, kernel, stride = _torch_padded(self, t, x, 0.0)
        run = t.nn.functional.avg_pool2d if x.ndim == 4 else t.nn.functional.avg_pool1d
        counts = [
            t.tensor(divisors(axis, count_pad=self.count_pad), dtype=x.dtype)
            for axis in _axes(self, Tensor(tuple(x.shape[1:])))
        ]
        area = counts[0][:, None] * counts[1] if x.ndim == 4 else counts[0]
        return run(padded, kernel, stride) * prod(kernel) / area


class GlobalPool(Layer):
    """What pooling over the whole image shares."""

    splits = True

    def infer(self, x: Tensor) -> Tensor:
        require_image(x)
        return Tensor((x.shape[0], *(1,) * (x.rank - 1)), x.dtype)

    def window(self, x: Tensor) -> Window:
        return Window(x.shape[1:], (1,) * (x.rank - 1))


@layer("global_avg_pool", family="pooling")
class GlobalAvgPool(GlobalPool):
    """Keep the mean of each channel: the whole image is the window.

    Lin, Chen and Yan, Network In Network, 2014, section 3.2.

    Example:
        global_avg_pool([3, 4, 5]) -> [3, 1, 1]
    """

    def forward(self, x: Array, y: Array) -> None:
        places, means = as_image(x), as_image(y)
        np.add.reduce(places, axis=(1, 2), keepdims=True, out=means)
        np.divide(means, _area(x), out=means)

    def backward(self, dy: Array, dx: Array) -> None:
        np.divide(as_image(dy), _area(dx), out=as_image(dx))

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("GlobalAveragePool", x)

    def torch(self, t: Any, x: Any) -> Any:
        return x.mean(tuple(range(2, x.ndim)), keepdim=True)


@layer("global_max_pool", family="pooling")
class GlobalMaxPool(GlobalPool):
    """Keep the greatest number of each channel: the whole image is the window.

    Where several are greatest the first, row by row, takes the gradient.
    Oquab, Bottou, Laptev and Sivic, Is Object Localization for Free?, 2015, section 3.

    Example:
        global_max_pool([3, 4, 5]) -> [3, 1, 1]
    """

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"index": Tensor(self.infer(x).shape, "i64")}

    def forward(self, x: Array, y: Array, index: Array) -> None:
        places = batch_last(x).reshape(x.shape[1], -1, len(x))
        np.argmax(places, axis=1, out=batch_last(index).reshape(x.shape[1], len(x)))
        np.max(places, axis=1, out=batch_last(y).reshape(x.shape[1], len(x)))

    def backward(self, dy: Array, index: Array, dx: Array) -> None:
        dx.fill(0)
        width = dx.shape[-1]
        for c in range(dx.shape[1]):
            place = index[:, c].reshape(-1)
            across = (place // width, place % width) if dx.ndim == 4 else (place,)
            dx[(np.arange(len(dx)), c, *across)] = dy[:, c].reshape(-1)

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("GlobalMaxPool", x)

    def torch(self, t: Any, x: Any) -> Any:
        pool = t.nn.functional.max_pool2d if x.ndim == 4 else t.nn.functional.max_pool1d
        return pool(x, tuple(x.shape[2:]))


def _area(x: Array) -> int:
    return prod(x.shape[2:])


def _sides(pool: Pool, x: Tensor) -> tuple[Shape, Shape, Shape]:
    """Kernel, stride and pad, one number for each axis of the image."""
    kernel = per_axis(pool.kernel, x, "kernel")
    stride = kernel if pool.stride is None else per_axis(pool.stride, x, "stride")
    return kernel, stride, per_axis(pool.pad, x, "pad")


@cache
def _axes(pool: Pool, x: Tensor) -> tuple[Axis, Axis]:
    """The windows along rows and columns."""
    kernel, stride, pad = _sides(pool, x)
    axes = []
    for size, k, s, p in zip(x.shape[1:], kernel, stride, pad, strict=True):
        steps = size + 2 * p - k
        out = (steps // s if pool.round == "down" else -(-steps // s)) + 1
        # Caffe asks for padding on any axis before it drops a last window that begins beyond
        # the image (pooling_layer.cpp, Reshape); without padding such a window is rejected.
        if any(pad):
            out = smaller(out, (size + p - 1) // s + 1)
        axes.append(Axis(size, out, k, -p, s))
    return rows_and_columns(axes)


def _onnx_sides(pool: Pool, x: Tensor) -> tuple[Shape, Shape, Shape, Shape]:
    """Kernel, stride, pads at the begin, and pads at the end that make rounding unnecessary."""
    kernel, stride, pad = _sides(pool, x)
    ends = [
        _open_end(pool, k, s, p)
        if is_open(axis.size)
        else max(axis.reach(0, axis.out)[1] - axis.size, p)
        for axis, k, s, p in zip(_axes(pool, x), kernel, stride, pad, strict=False)
    ]
    return kernel, stride, pad, tuple(ends)


def _open_end(pool: Pool, kernel: int, stride: int, pad: int) -> int:
    """The pad at the end that gives the right count of windows for every size of the image.

    It is what rounding up asks for at most, and too little for a window beyond the image.
    """
    return pad if pool.round == "down" else min(pad + stride - 1, kernel - 1)


def _torch_padded(pool: Pool, t: Any, x: Any, value: float) -> tuple[Any, Shape, Shape]:
    """The input padded so that no rounding is left to do."""
    kernel, stride, pad, end = _onnx_sides(pool, Tensor(tuple(x.shape[1:])))
    sides = [side for pair in zip(pad[::-1], end[::-1], strict=True) for side in pair]
    return t.nn.functional.pad(x, sides, value=value), kernel, stride
