"""Transposed convolution: a convolution backwards, which makes images larger."""

from fractions import Fraction
from functools import cache
from math import prod
from typing import Any

import numpy as np

from netc.kernels.convolution import Windows
from netc.kernels.layout import batch_last
from netc.kernels.turned import Turned, spread_share, turn, turned
from netc.kernels.windows import Axis
from netc.layers import require
from netc.layers.axes import kind, per_axis, require_image, sized, times, type_of
from netc.layers.base import Layer, Weight, Window, layer
from netc.layers.conv import check_groups
from netc.layers.initializers import Xavier
from netc.options import PerAxis, option
from netc.sizes import reaches, where, witnesses
from netc.types import Array, Onnx, Reject, Tensor, Threads


@layer("deconv", family="convolution")
class Deconv(Layer):
    """Add a small kernel, times each number of the input, to a larger image: `conv` backwards.

    y[f, i, j] = bias[f] + sum over c, a, b with i = u*stride + a*dilation - pad and
    j = v*stride + b*dilation - pad of weight[c, f, a, b] * x[c, u, v].
    Sides become (side-1)*stride - 2*pad + dilation*(kernel-1) + output_pad + 1: what `conv` with
    the same options takes back to `side`. A stride above 1 takes several sides to the same one;
    `output_pad` tells which is meant. The weight is [channels, filters / groups, *kernel].
    To enlarge an image by linear interpolation, start with `init: bilinear`.
    Zeiler, Krishnan, Taylor and Fergus, Deconvolutional Networks, 2010; as a layer in Long,
    Shelhamer and Darrell, Fully Convolutional Networks, 2015, section 3.3.

    Example:
        deconv([4, 3, 2], filters: 2, kernel: 4, stride: 2, pad: 1) -> [2, 6, 4]
    """

    filters: int = option(doc="Number of output channels.", main=True, at_least=1)
    kernel: PerAxis = option(doc="Sides of the kernel.", at_least=1)
    stride: PerAxis = option(1, "Step in the output between inputs.", at_least=1)
    pad: PerAxis = option(0, "Places cut off on each side of the output.", at_least=0)
    output_pad: PerAxis = option(
        0, "Places added at the end of each side, fewer than `stride`.", at_least=0
    )
    dilation: PerAxis = option(1, "Step between the points of a kernel.", at_least=1)
    groups: int = option(1, "Groups of channels that do not see each other.", at_least=1)
    bias: bool = option(True, "Whether each filter adds a number of its own.")

    def infer(self, x: Tensor) -> Tensor:
        require_image(x, axes=3)
        require.known_channels(x)
        check_groups(x.shape[0], self.filters, self.groups)
        kernel, stride, pad, _, more = self.sides(x)
        for m, s in zip(more, stride, strict=True):
            if m >= s:
                help = "it chooses among the sides that `conv` would take to the same; "
                help += f"set it to at most {s - 1}" if s > 1 else "leave it out"
                reason = f"`output_pad` {m} is not below `stride` {s}"
                raise Reject("output_pad", reason, help=help)
        sides = tuple(axis.size for axis in _windows(self, x).axes)
        if not all(reaches(side, 1) for side in sides):
            raise Reject(
                "pad",
                f"`pad` {times(pad)} cuts off all that {sized('kernel', kernel)} makes of "
                f"{sized(kind(x), x.shape[1:])}{where(witnesses(x.shape))}",
                help="set a smaller `pad`, or take a larger `kernel` or `stride`",
            )
        return Tensor((self.filters, *sides), x.dtype)

    def weights(self, x: Tensor) -> dict[str, Weight]:
        kernel, stride, *_ = self.sides(x)
        shape = (x.shape[0], self.filters // self.groups, *kernel)
        # Of the inputs in the reach of a kernel, an output sees one for each step of the stride.
        seen = prod(-(-k // s) for k, s in zip(kernel, stride, strict=True))
        fans = x.shape[0] // self.groups * seen, shape[1] * prod(kernel)
        weight = Weight(shape, Xavier("in"), *fans, unit_axis=1, groups=self.groups)
        bias = Weight((self.filters,), fan_in=fans[0], fan_out=fans[1], decay=0)
        return {"weight": weight, "bias": bias} if self.bias else {"weight": weight}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        windows = _windows(self, x)
        rooms = [t.windows.room(batch, threads) for t in _turned(self, x) if t.windows]
        sizes = {
            "room": (threads, max(rooms, default=0)),
            "turned_weight": (windows.weight_size,),
            "back_room": (threads, windows.room(batch, threads)),
            "parts": (threads, windows.own_size),
        }
        return {name: Tensor(size, x.dtype, batched=False) for name, size in sizes.items()}

    def forward(
        self,
        x: Array,
        weight: Array,
        y: Array,
        room: Array,
        turned_weight: Array,
        threads: Threads,
        bias: Array | None = None,
    ) -> None:
        by_group = weight.reshape(self.groups, -1, *weight.shape[1:])
        backs = turn(_turned(self, type_of(x)), by_group, turned_weight)
        source, out = batch_last(x), batch_last(y)
        threads.each(lambda t: spread_share(t, threads.count, backs, source, out, bias, room[t]))

    def backward(
        self,
        dy: Array,
        x: Array,
        weight: Array,
        back_room: Array,
        parts: Array,
        threads: Threads,
        dx: Array | None = None,
        dweight: Array | None = None,
        dbias: Array | None = None,
    ) -> None:
        windows, source = _windows(self, type_of(x)), batch_last(dy)
        owned = windows.owned(parts)
        lines = weight.reshape(self.groups, windows.filters // self.groups, -1)

        def run(t: int) -> None:
            share, room = (t, threads.count, source), back_room[t]
            if dweight is not None:
                windows.weigh_share(*share, batch_last(x), *owned[t], room)
            if dx is not None:
                windows.multiply_share(*share, lines, batch_last(dx), None, room)

        threads.each(run)
        if dweight is not None:
            windows.sum_weights(parts, dweight)
        if dbias is not None:
            np.add.reduce(dy, axis=(0, *range(2, dy.ndim)), out=dbias)

    def onnx(self, g: Onnx, x: str, weight: str, bias: str = "") -> str:
        kernel, stride, pad, dilation, more = self.sides(g.type(x))
        return g.op(
            "ConvTranspose",
            *((x, weight, bias) if bias else (x, weight)),
            kernel_shape=kernel,
            strides=stride,
            pads=pad + pad,
            output_padding=more,
            dilations=dilation,
            group=self.groups,
        )

    def torch(self, t: Any, x: Any, weight: Any, bias: Any = None) -> Any:
        _, stride, pad, dilation, more = self.sides(Tensor(tuple(x.shape[1:])))
        run = getattr(t.nn.functional, f"conv_transpose{x.ndim - 2}d")
        return run(x, weight, bias, stride, pad, more, self.groups, dilation)

    def macs(self, x: Tensor) -> int:
        windows = _windows(self, x)
        return windows.weight_size * prod(windows.out)

    def window(self, x: Tensor) -> Window:
        kernel, stride, _, dilation, _ = self.sides(x)
        seen = (d * (k - 1) // s + 1 for k, s, d in zip(kernel, stride, dilation, strict=True))
        return Window(tuple(seen), tuple(Fraction(1, s) for s in stride))

    def sides(self, x: Tensor) -> tuple[tuple[int, ...], ...]:
        """Kernel, stride, pad, dilation and output_pad, one number for each axis of the image."""
        names = ("kernel", "stride", "pad", "dilation", "output_pad")
        return tuple(per_axis(getattr(self, name), x, name) for name in names)


@cache
def _windows(deconv: Deconv, x: Tensor) -> Windows:
    """The convolution from `y` to `x` that this layer is the transpose of."""
    axes = tuple(
        Axis((side - 1) * s - 2 * p + d * (k - 1) + more + 1, side, k, -p, s, d)
        for side, k, s, p, d, more in zip(x.shape[1:], *deconv.sides(x), strict=True)
    )
    return Windows(deconv.filters, x.shape[0], deconv.groups, axes)


@cache
def _turned(deconv: Deconv, x: Tensor) -> tuple[Turned, ...]:
    return turned(_windows(deconv, x))
