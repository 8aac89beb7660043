"""The windows of layers that pool: options, shapes, and how other runtimes are told of them."""

from functools import cache
from typing import Any

from netc.kernels.windows import Axes, Axis
from netc.layers.axes import kind, per_axis, require_fit, require_image, sized, times
from netc.layers.base import Layer, Window, with_options
from netc.options import PerAxis, option
from netc.sizes import asking, is_open, smaller
from netc.types import Reject, Shape, Tensor


@with_options
class Windowed(Layer):
    """The options of windows, which lie exactly as Caffe's."""

    kernel: PerAxis = option(doc="Sides of the window.", main=True, at_least=1)
    stride: PerAxis | None = option(
        None, "Step between windows; the kernel where not given.", at_least=1
    )
    pad: PerAxis = option(0, "Zeros added on each side.", at_least=0)
    round: str = option("up", "How uneven sizes are rounded.", choices=("up", "down"))

    splits = True

    def axes(self, x: Tensor) -> Axes:
        """The windows along each axis of an image."""
        return axes_of(self, x)


class Pool(Windowed):
    """What layers that make one number of each window share."""

    def infer(self, x: Tensor) -> Tensor:
        return pooled(self, x)

    def window(self, x: Tensor) -> Window:
        return Window(*sides(self, x))


def pooled(pool: Windowed, x: Tensor) -> Tensor:
    """The type that windows over `x` give; rejects windows that do not fit."""
    require_image(x, axes=3)
    kernel, stride, pad = sides(pool, x)
    for k, p in zip(kernel, pad, strict=True):
        if p >= k:
            raise Reject(
                "pad",
                f"`pad` {p} is too wide for a window of {k}: one may lie in padding alone",
                help=f"set `pad` to at most {k - 1}, or take a larger `kernel`",
            )
    require_fit(x, kernel, stride, pad, sized("window", kernel))
    axes = axes_of(pool, x)
    for axis, s in zip(axes, stride, strict=True):
        with asking("whether the last window lies wholly outside", culprit="stride"):
            is_outside = (axis.out - 1) * s + axis.first >= axis.size
        if is_outside:
            raise Reject(
                "stride",
                f"the last window would lie wholly outside {sized(kind(x), x.shape[1:])}",
                help=f"set `round` to down, or `stride` to at most the kernel, {times(kernel)}",
            )
    return Tensor((x.shape[0], *(axis.out for axis in axes)), x.dtype)


def sides(pool: Windowed, x: Tensor) -> tuple[Shape, Shape, Shape]:
    """Kernel, stride and pad, one number for each axis of the image."""
    kernel = per_axis(pool.kernel, x, "kernel")
    stride = kernel if pool.stride is None else per_axis(pool.stride, x, "stride")
    return kernel, stride, per_axis(pool.pad, x, "pad")


@cache
def axes_of(pool: Windowed, x: Tensor) -> Axes:
    """The windows along each axis of the image."""
    kernel, stride, pad = sides(pool, x)
    axes = []
    for size, k, s, p in zip(x.shape[1:], kernel, stride, pad, strict=True):
        steps = size + 2 * p - k
        out = (steps // s if pool.round == "down" else -(-steps // s)) + 1
        # Caffe asks for padding on any axis before it drops a last window that begins beyond
        # the image (pooling_layer.cpp, Reshape); without padding such a window is rejected.
        if any(pad):
            out = smaller(out, (size + p - 1) // s + 1)
        axes.append(Axis(size, out, k, -p, s))
    return tuple(axes)


def counted_places(axis: Axis, *, count_pad: bool) -> list[int]:
    """How many places of each window count; zeros beyond the padding never do (Caffe)."""
    low, high = (axis.first, axis.size - axis.first) if count_pad else (0, axis.size)
    reaches = [axis.reach(o, o + 1) for o in range(axis.out)]
    return [min(stop, high) - max(start, low) for start, stop in reaches]


def onnx_sides(pool: Windowed, x: Tensor) -> tuple[Shape, Shape, Shape, Shape]:
    """Kernel, stride, pads at the begin, and pads at the end that make rounding unnecessary.

    `ceil_mode` means different things in different runtimes; explicit pads do not.
    """
    kernel, stride, pad = sides(pool, x)
    ends = [
        _open_end(pool, k, s, p)
        if is_open(axis.size)
        else max(axis.reach(0, axis.out)[1] - axis.size, p)
        for axis, k, s, p in zip(axes_of(pool, x), kernel, stride, pad, strict=True)
    ]
    return kernel, stride, pad, tuple(ends)


def _open_end(pool: Windowed, kernel: int, stride: int, pad: int) -> int:
    """The pad at the end that gives the right count of windows for every size of the image.

    It is what rounding up asks for at most, and too little for a window beyond the image.
    """
    return pad if pool.round == "down" else min(pad + stride - 1, kernel - 1)


def torch_padded(pool: Windowed, t: Any, x: Any, value: float) -> tuple[Any, Shape, Shape]:
    """The input padded so that no rounding is left to do, kernel and stride."""
    kernel, stride, pad, end = onnx_sides(pool, Tensor(tuple(x.shape[1:])))
    around = [side for pair in zip(pad[::-1], end[::-1], strict=True) for side in pair]
    return t.nn.functional.pad(x, around, value=value), kernel, stride


def torch_pool(t: Any, kind: str, axes: int) -> Any:
    """PyTorch's function for pooling along so many axes, such as `max_pool2d`."""
    return getattr(t.nn.functional, f"{kind}_pool{axes}d")
