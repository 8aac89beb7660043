"""Normalization by the statistics of the batch, and of the training set once it is learned."""

from dataclasses import replace
from typing import Any

import numpy as np

from netc.kernels.layout import chunks
from netc.kernels.statistics import column, dots, lines, total
from netc.layers import require
from netc.layers.base import Layer, State, Weight, layer
from netc.layers.initializers import Constant
from netc.options import option
from netc.types import Array, Onnx, Tensor


@layer("batch_norm", family="normalization")
class BatchNorm(Layer):
    """Bring every channel to mean 0 and variance 1, then scale and shift it by what is learned.

    y = scale * (x - mean) / sqrt(var + epsilon) + shift. In training, mean and variance are
    those of the channel over the batch and all places, and running ones are carried along:
    running = momentum * running + (1 - momentum) * current, the variance of m numbers as
    m / (m - 1) of the one used, as Caffe and PyTorch store it; that of a single number is 0.
    In the test phase the running ones are used; a `frozen` layer uses them in training too, and
    they stay as they are. `netc calibrate`, and `statistics population` in the `train` section,
    put the statistics of the whole training set in their place.
    Ioffe and Szegedy, Batch Normalization, 2015, algorithms 1 and 2.

    Example:
        batch_norm([3, 4, 5]) -> [3, 4, 5]
    """

    momentum: float = option(
        0.9, "Part of the running statistics that a step keeps.", at_least=0, at_most=1
    )
    epsilon: float = option(1e-5, "Added to the variance.", above=0)
    scale: bool = option(True, "Whether each channel has a factor to learn.")
    shift: bool = option(True, "Whether each channel has a number to add, to learn.")
    frozen: bool = option(False, "Whether training too uses the running statistics, as they are.")

    overlay = {"y": "x", "dx": "dy"}
    splits = True

    def infer(self, x: Tensor) -> Tensor:
        require.channels(x, "to normalize")
        require.known_channels(x)
        return x

    def weights(self, x: Tensor) -> dict[str, Weight]:
        shape = x.shape[:1]
        scale = Weight(shape, Constant(1.0), decay=0)
        shift = Weight(shape, Constant(0.0), decay=0)
        wanted = {"scale": (self.scale, scale), "shift": (self.shift, shift)}
        return {name: weight for name, (is_on, weight) in wanted.items() if is_on}

    def state(self, x: Tensor) -> dict[str, State]:
        return {"mean": State(x.shape[:1], 0.0), "var": State(x.shape[:1], 1.0)}

    def of_batch(self) -> "BatchNorm | None":
        return None if self.frozen else replace(self, momentum=0.0)

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        channel = Tensor(x.shape[:1], x.dtype, batched=False)
        return {"center": channel, "rate": channel}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"room": x}

    def forward(
        self,
        x: Array,
        y: Array,
        mean: Array,
        var: Array,
        center: Array,
        rate: Array,
        training: bool,
        scale: Array | None = None,
        shift: Array | None = None,
    ) -> None:
        inputs, outputs = lines(x, y)
        for c in chunks(inputs):
            values, out = inputs[c], outputs[c]
            if training and not self.frozen:
                count = values.size // len(values)
                np.divide(total(values), count, out=center[c])
                np.subtract(values, column(center[c], values), out=out)
                spread = dots(out, out) / count
                mean[c] += (1 - self.momentum) * (center[c] - mean[c])
                unbiased = spread * (count / max(count - 1, 1))
                var[c] += (1 - self.momentum) * (unbiased - var[c])
            else:
                center[c], spread = mean[c], var[c]
                np.subtract(values, column(center[c], values), out=out)
            rate[c] = 1 / np.sqrt(spread + self.epsilon)
            factor = rate[c] if scale is None else rate[c] * scale[c]
            np.multiply(out, column(factor, out), out=out)
            if shift is not None:
                np.add(out, column(shift[c], out), out=out)

    def backward(
        self,
        dy: Array,
        x: Array,
        center: Array,
        rate: Array,
        room: Array,
        training: bool,
        dx: Array | None = None,
        scale: Array | None = None,
        dscale: Array | None = None,
        dshift: Array | None = None,
    ) -> None:
        inputs, gradients, spare, *wanted = lines(x, dy, room, *([] if dx is None else [dx]))
        targets = wanted[0] if wanted else None
        for c in chunks(inputs):
            values, dout, centered = inputs[c], gradients[c], spare[c]
            np.subtract(values, column(center[c], values), out=centered)
            shifted, scaled = total(dout), dots(dout, centered)
            if dshift is not None:
                dshift[c] = shifted
            if dscale is not None:
                np.multiply(scaled, rate[c], out=dscale[c])
            if targets is None:
                continue
            din = targets[c]
            factor = rate[c] if scale is None else rate[c] * scale[c]
            if training and not self.frozen:
                count = values.size // len(values)
                tilt = scaled * rate[c] ** 2 / count
                np.multiply(centered, column(tilt, centered), out=centered)
                np.subtract(dout, centered, out=din)
                np.subtract(din, column(shifted / count, din), out=din)
                np.multiply(din, column(factor, din), out=din)
            else:
                np.multiply(dout, column(factor, din), out=din)

    def onnx(self, g: Onnx, x: str, mean: str, var: str, scale: str = "", shift: str = "") -> str:
        channels = g.type(x).shape[0]
        scale = scale or g.constant(np.ones(channels, np.float32))
        shift = shift or g.constant(np.zeros(channels, np.float32))
        return g.op("BatchNormalization", x, scale, shift, mean, var, epsilon=self.epsilon)

    def torch(
        self,
        t: Any,
        x: Any,
        mean: Any,
        var: Any,
        training: bool,
        scale: Any = None,
        shift: Any = None,
    ) -> Any:
        return t.nn.functional.batch_norm(
            x,
            mean,
            var,
            scale,
            shift,
            training and not self.frozen,
            1 - self.momentum,
            self.epsilon,
        )
