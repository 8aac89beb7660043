"""Convolution over images and sequences."""

from functools import cache
from math import gcd, prod
from typing import Any

from netc.kernels.convolution import Windows
from netc.kernels.layout import batch_last
from netc.kernels.turned import Turned, spread_share, turn, turned
from netc.kernels.windows import Axis
from netc.layers import connect, require
from netc.layers.axes import (
    kind,
    per_axis,
    require_fit,
    require_image,
    sized,
    times,
    type_of,
)
from netc.layers.base import Layer, Weight, Window, layer
from netc.layers.divisors import shown_divisors
from netc.layers.initializers import Xavier
from netc.options import PerAxis, Table, option
from netc.types import Array, Onnx, Reject, Tensor, Threads


@layer("conv", family="convolution")
class Conv(Layer):
    """Slide `filters` small kernels over an image or a sequence and give one channel for each.

    y[f, i, j] = bias[f] + sum over c, a, b of
    weight[f, c, a, b] * x[c, i*stride + a*dilation - pad, j*stride + b*dilation - pad],
    with zeros outside the image. Sides become
    (side + 2*pad - dilation*(kernel-1) - 1) // stride + 1, rounded down.
    With `groups` above 1, channels and filters are cut into that many groups and each group of
    filters sees only its group of channels; `groups` equal to the channels is a depthwise layer.
    `connect` names for each filter the channels it sees, counted from 0; what is not connected
    has no weights, and the weight is then [connections, 1, *kernel], filter by filter.
    LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition,
    1998, section II; `connect` is its table I.

    Example:
        conv([3, 6, 5], filters: 4, kernel: 3, pad: 1) -> [4, 6, 5]
    """

    filters: int = option(doc="Number of output channels.", main=True, at_least=1)
    kernel: PerAxis = option(doc="Sides of the kernel.", at_least=1)
    stride: PerAxis = option(1, "Step between windows.", at_least=1)
    pad: PerAxis | str = option(
        0, "Zeros added on each side; `same` keeps the size.", choices=("same",), at_least=0
    )
    dilation: PerAxis = option(1, "Step between the points of a kernel.", at_least=1)
    groups: int = option(1, "Groups of channels that do not see each other.", at_least=1)
    bias: bool = option(True, "Whether each filter adds a number of its own.")
    connect: Table | None = option(
        None, "For each filter the list of input channels it sees; all where not given.", at_least=0
    )

    def infer(self, x: Tensor) -> Tensor:
        require_image(x, axes=3)
        require.known_channels(x)
        check_groups(x.shape[0], self.filters, self.groups)
        if self.connect is not None:
            connect.check(self.connect, self.filters, self.groups, x)
        kernel, stride, pad, dilation = self.sides(x)
        reach = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
        what, smaller = sized("kernel", kernel), "`kernel`"
        if reach != kernel:
            what, smaller = (
                f"{what} spread to {times(reach)} by `dilation`",
                "`kernel` or `dilation`",
            )
        require_fit(x, reach, stride, pad, what, smaller=smaller)
        return Tensor((self.filters, *_windows(self, x).out), x.dtype)

    def weights(self, x: Tensor) -> dict[str, Weight]:
        kernel = per_axis(self.kernel, x, "kernel")
        shape = (self.filters, x.shape[0] // self.groups, *kernel)
        fan_in, fan_out = prod(shape[1:]), self.filters // self.groups * prod(kernel)
        if self.connect is not None:
            shape = (connect.count(self.connect), 1, *kernel)
            fan_in, fan_out = (round(prod(shape) / n) for n in (self.filters, x.shape[0]))
        axis = 0 if self.connect is None else None
        weight = Weight(shape, Xavier("in"), fan_in, fan_out, unit_axis=axis)
        bias = Weight((self.filters,), fan_in=fan_in, fan_out=fan_out, decay=0)
        return {"weight": weight, "bias": bias} if self.bias else {"weight": weight}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        windows = _windows(self, x)
        back = [t.windows.room(batch, threads) for t in _turned(self, x) if t.windows]
        sizes = {
            "room": (threads, windows.room(batch, threads)),
            "back_room": (threads, max(back, default=0)),
            "parts": (threads, windows.own_size),
            "turned_weight": (windows.weight_size,),
        }
        if self.connect is not None:
            sizes["whole"] = (windows.weight_size,)
        return {name: Tensor(size, x.dtype, batched=False) for name, size in sizes.items()}

    def forward(
        self,
        x: Array,
        weight: Array,
        y: Array,
        room: Array,
        threads: Threads,
        bias: Array | None = None,
        whole: Array | None = None,
    ) -> None:
        windows = _windows(self, type_of(x))
        lines = self._dense(weight, x, whole).reshape(self.groups, self.filters // self.groups, -1)
        windows.multiply(batch_last(x), lines, batch_last(y), bias, room, threads)

    def backward(
        self,
        dy: Array,
        x: Array,
        weight: Array,
        room: Array,
        back_room: Array,
        parts: Array,
        turned_weight: Array,
        threads: Threads,
        dx: Array | None = None,
        dweight: Array | None = None,
        dbias: Array | None = None,
        whole: Array | None = None,
    ) -> None:
        windows, out = _windows(self, type_of(x)), batch_last(dy)
        source = batch_last(x)
        backs = []
        if dx is not None:
            dense = self._dense(weight, x, whole)
            by_group = dense.reshape(self.groups, -1, *dense.shape[1:])
            backs = turn(_turned(self, type_of(x)), by_group, turned_weight)
        owned = windows.owned(parts)

        def run(t: int) -> None:
            share = t, threads.count
            if dweight is not None or dbias is not None:
                windows.weigh_share(*share, source, out, *owned[t], room[t])
            if dx is not None:
                spread_share(*share, backs, out, batch_last(dx), None, back_room[t])

        threads.each(run)
        if dweight is not None:
            ddense = dweight if whole is None else self._room(x, weight, whole)
            windows.sum_weights(parts, ddense)
            if self.connect is not None:
                connect.collect(self.connect, ddense, dweight)
        if dbias is not None:
            windows.sum_biases(parts, dbias)

    def onnx(self, g: Onnx, x: str, weight: str, bias: str = "") -> str:
        kernel, stride, pad, dilation = self.sides(g.type(x))
        if self.connect is not None:
            weight = connect.onnx_dense(g, self.connect, weight, g.type(x).shape[0], kernel)
        inputs = (x, weight, bias) if bias else (x, weight)
        return g.op(
            "Conv",
            *inputs,
            kernel_shape=kernel,
            strides=stride,
            pads=pad + pad,
            dilations=dilation,
            group=self.groups,
        )

    def torch(self, t: Any, x: Any, weight: Any, bias: Any = None) -> Any:
        _, stride, pad, dilation = self.sides(Tensor(tuple(x.shape[1:])))
        if self.connect is not None:
            place = t.from_numpy(connect.places(self.connect, x.shape[1]))
            kernels = weight.new_zeros(self.filters * x.shape[1], *weight.shape[2:])
            kernels = kernels.index_copy(0, place, weight[:, 0])
            weight = kernels.reshape(self.filters, -1, *weight.shape[2:])
        run = getattr(t.nn.functional, f"conv{x.ndim - 2}d")
        return run(x, weight, bias, stride, pad, dilation, self.groups)

    def macs(self, x: Tensor) -> int:
        windows = _windows(self, x)
        kernels = windows.weight_size
        if self.connect is not None:
            kernels = connect.count(self.connect) * windows.area
        return kernels * prod(windows.out)

    def window(self, x: Tensor) -> Window:
        kernel, stride, pad, dilation = self.sides(x)
        reach = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
        return Window(reach, stride, pad)

    def _dense(self, weight: Array, x: Array, room: Array | None) -> Array:
        """The weight with zeros where there is no connection, in the room for it."""
        if self.connect is None or room is None:
            return weight
        dense = self._room(x, weight, room)
        connect.spread(self.connect, weight, dense)
        return dense

    def _room(self, x: Array, weight: Array, room: Array) -> Array:
        return room.reshape(self.filters, x.shape[1], *weight.shape[2:])

    def sides(self, x: Tensor) -> tuple[tuple[int, ...], ...]:
        """Kernel, stride, pad and dilation, one number for each axis of the image."""
        kernel = per_axis(self.kernel, x, "kernel")
        stride = per_axis(self.stride, x, "stride")
        dilation = per_axis(self.dilation, x, "dilation")
        if not isinstance(self.pad, str):
            return kernel, stride, per_axis(self.pad, x, "pad"), dilation
        reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
        if any(s != 1 for s in stride):
            raise Reject(
                "pad",
                f"`same` cannot keep the size of the {kind(x)} with stride {times(stride)}",
                help=f"write the zeros as a number, such as {reach[0] // 2}, or set `stride` to 1",
            )
        if any(r % 2 == 0 for r in reach):
            raise Reject(
                "pad",
                f"`same` needs as many zeros on both sides, which a kernel of even side "
                f"({times(tuple(reach))}) cannot have",
                help="take an odd `kernel`, or write the zeros as a number",
            )
        return kernel, stride, tuple(r // 2 for r in reach), dilation


def check_groups(channels: int, filters: int, groups: int) -> None:
    """Reject channels or filters that cannot be cut into so many equal groups."""
    for name, number, what in (
        ("groups", channels, "input channels"),
        ("filters", filters, "filters"),
    ):
        if number % groups:
            raise Reject(
                name,
                f"{number} {what} cannot be cut into {groups} equal groups",
                help=f"set `groups` to a number that divides {channels} channels "
                f"and {filters} filters: {shown_divisors(gcd(channels, filters))}",
            )


@cache
def _windows(conv: Conv, x: Tensor) -> Windows:
    """The geometry of a layer."""
    sides = zip(x.shape[1:], *conv.sides(x), strict=True)
    axes = tuple(
        Axis(size, (size + 2 * p - d * (k - 1) - 1) // s + 1, k, -p, s, d)
        for size, k, s, p, d in sides
    )
    return Windows(x.shape[0], conv.filters, conv.groups, axes)


@cache
def _turned(conv: Conv, x: Tensor) -> tuple[Turned, ...]:
    return turned(_windows(conv, x))
