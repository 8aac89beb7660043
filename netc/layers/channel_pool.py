"""Pooling over neighbouring channels, each place of the image alone."""

from typing import Any

import numpy as np

from netc.kernels.layout import batch_last
from netc.kernels.pooling import add_windows, max_pool, spread, to_winners
from netc.kernels.windows import Axes, Axis
from netc.layers import require
from netc.layers.along import whole
from netc.layers.base import Layer, layer
from netc.options import option
from netc.sizes import is_open, way_to_close
from netc.types import Array, Onnx, Reject, Tensor


@layer("channel_pool", family="pooling")
class ChannelPool(Layer):
    """Keep the greatest or the mean of `kernel` neighbouring channels, each place alone.

    The channels become (channels - kernel) / stride + 1, which must come out even. Where several
    are greatest the first takes the gradient.
    Goodfellow et al., Maxout Networks, 2013, section 2, pool so, with `how: max`.

    Example:
        channel_pool([6, 3, 4], kernel: 2) -> [3, 3, 4]
    """

    kernel: int = option(doc="Channels in a window.", main=True, at_least=1)
    stride: int | None = option(
        None, "Step between windows; the kernel where not given.", at_least=1
    )
    how: str = option("max", "What is kept of a window.", choices=("max", "avg"))

    def infer(self, x: Tensor) -> Tensor:
        require.channels(x, "to pool")
        require.known_channels(x)
        channels = x.shape[0]
        if self.kernel > channels:
            reason = f"a window of {self.kernel} channels does not fit in {channels}"
            raise Reject("kernel", reason, help=f"set `kernel` to at most {channels}")
        left = (channels - self.kernel) % self._step
        if left:
            raise Reject(
                "kernel" if self.stride is None else "stride",
                f"windows of {self.kernel} channels, {self._step} apart, leave out the last "
                f"{left} of {channels}",
                help=f"give the layer before it {channels - left} channels, or take other windows",
            )
        return Tensor(((channels - self.kernel) // self._step + 1, *x.shape[1:]), x.dtype)

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"index": self._index(x)} if self.how == "max" else {}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        part = {"part": self.infer(x)}
        return part | {"won": self._index(x)} if self.how == "max" else part

    def forward(
        self, x: Array, y: Array, index: Array | None = None, won: Array | None = None
    ) -> None:
        axes, channels, out = self._axes(x), _channels_second(x), _channels_second(y)
        if index is not None and won is not None:
            max_pool(channels, out, _channels_second(index), _channels_second(won), axes)
            return
        add_windows(channels, out, axes)
        np.divide(out, self.kernel, out=out)

    def backward(
        self,
        dy: Array,
        dx: Array,
        part: Array,
        index: Array | None = None,
        won: Array | None = None,
    ) -> None:
        axes, channels, out = self._axes(dx), _channels_second(dx), _channels_second(dy)
        if index is not None and won is not None:
            scratch = _channels_second(part), _channels_second(won)
            to_winners(out, _channels_second(index), channels, *scratch, axes)
            return
        np.divide(dy, self.kernel, out=part)
        spread(_channels_second(part), channels, axes)

    def onnx(self, g: Onnx, x: str) -> str:
        type = g.type(x)
        # The channels become the first axis of an image of one channel, but no runtime pools
        # along more than three axes: those of a volume are made one before.
        is_volume = type.rank > 3
        if is_volume and is_open(type.shape):
            raise Reject("x", f"{type} is a volume of open size", help=way_to_close(type.shape))
        if is_volume:
            x = g.op("Reshape", x, whole(g, 0, 0, type.shape[1], -1))
        axes = min(type.rank, 3)
        front = whole(g, 1)
        pooled = g.op(
            "MaxPool" if self.how == "max" else "AveragePool",
            g.op("Unsqueeze", x, front),
            kernel_shape=(self.kernel, *(1,) * (axes - 1)),
            strides=(self._step, *(1,) * (axes - 1)),
        )
        y = g.op("Squeeze", pooled, front)
        if is_volume:
            y = g.op("Reshape", y, whole(g, 0, 0, *type.shape[1:]))
        return y

    def torch(self, t: Any, x: Any) -> Any:
        windows = x.unfold(1, self.kernel, self._step)
        return windows.amax(-1) if self.how == "max" else windows.mean(-1)

    @property
    def _step(self) -> int:
        return self.stride or self.kernel

    def _index(self, x: Tensor) -> Tensor:
        return Tensor(self.infer(x).shape, "u8" if self.kernel <= 256 else "i64")

    def _axes(self, x: Array) -> Axes:
        out = (x.shape[1] - self.kernel) // self._step + 1
        return (Axis(x.shape[1], out, self.kernel, 0, self._step),)


def _channels_second(a: Array) -> Array:
    """[n, c, rows, ...] as the view [rows, c, ..., n], in which the channels are pooled."""
    last = batch_last(a)
    return last.swapaxes(0, 1) if last.ndim > 2 else last[None]
