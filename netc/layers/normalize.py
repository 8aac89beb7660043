"""Normalization: by the statistics of the batch, or by the neighbouring channels."""

from typing import Any

import numpy as np

from netc.kernels.layout import as_image, chunks
from netc.kernels.lrn import lrn, lrn_dx, rows_of
from netc.kernels.statistics import column, dots, lines, total
from netc.layers import require
from netc.layers.axes import require_image
from netc.layers.base import Layer, State, Weight, layer
from netc.layers.initializers import Constant
from netc.options import option
from netc.types import Array, Onnx, Reject, Tensor, Threads


@layer("batch_norm", family="normalization")
class BatchNorm(Layer):
    """Bring every channel to mean 0 and variance 1, then scale and shift it by what is learned.

    y = scale * (x - mean) / sqrt(var + epsilon) + shift. In training, mean and variance are
    those of the channel over the batch and all places, and running ones are carried along:
    running = momentum * running + (1 - momentum) * current, the variance of m numbers as
    m / (m - 1) of the one used, as Caffe and PyTorch store it; that of a single number is 0.
    In the test phase the running ones are used.
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

    overlay = {"y": "x", "dx": "dy"}
    splits = True

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        if x.rank == 0:
            raise Reject("x", "a single number has no channels to normalize")
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
        inputs, outputs = lines(x), lines(y)
        for c in chunks(inputs):
            values, out = inputs[c], outputs[c]
            if training:
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
        inputs, gradients, spare = lines(x), lines(dy), lines(room)
        targets = None if dx is None else lines(dx)
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
            if training:
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
            x, mean, var, scale, shift, training, 1 - self.momentum, self.epsilon
        )


@layer("lrn", family="normalization")
class Lrn(Layer):
    """Divide every number by the strength of its neighbours in the channels beside its own.

    y = x / (k + alpha / size * (sum of x^2 over `size` channels around it)) ** beta, with zeros
    beyond the first and the last channel. As in Caffe and ONNX, alpha is divided by size.
    Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural
    Networks, 2012, section 3.3.

    Example:
        lrn([6, 2, 3], size: 3, alpha: 0.5) -> [6, 2, 3]
    """

    size: int = option(5, "Channels in a window, an odd number.", at_least=1)
    alpha: float = option(1e-4, "Weight of the neighbours.")
    beta: float = option(0.75, "Exponent.", above=0)
    k: float = option(1.0, "Added to the weighted sum.", above=0)

    def infer(self, x: Tensor) -> Tensor:
        require_image(x)
        if self.size % 2 == 0:
            raise Reject(
                "size",
                f"a window of {self.size} channels has no middle",
                help=f"set `size` to {self.size - 1} or {self.size + 1}",
            )
        return x

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"base": x}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"room": x}

    def forward(self, x: Array, y: Array, base: Array, room: Array, threads: Threads) -> None:
        images = [as_image(a) for a in (x, y, base, room)]

        def run(t: int) -> None:
            for row in rows_of(t, threads.count, images[0].shape[1]):
                values, out, sums, spare = (a[:, row] for a in images)
                lrn(values, out, sums, spare, self.size, self.alpha, self.beta, self.k)

        threads.each(run)

    def backward(
        self, dy: Array, x: Array, y: Array, base: Array, dx: Array, room: Array, threads: Threads
    ) -> None:
        images = [as_image(a) for a in (dy, x, y, base, dx, room)]

        def run(t: int) -> None:
            for row in rows_of(t, threads.count, images[0].shape[1]):
                dout, values, out, sums, din, spare = (a[:, row] for a in images)
                lrn_dx(dout, values, out, sums, din, spare, self.size, self.alpha, self.beta)

        threads.each(run)

    def onnx(self, g: Onnx, x: str) -> str:
        if self.alpha == 0:  # LRN of onnxruntime asks for more than 0
            return g.op("Mul", x, g.constant(np.array(self.k**-self.beta, np.float32)))
        # onnxruntime normalizes images only, so a sequence goes through as one.
        is_sequence = g.type(x).rank == 2
        last = g.constant(np.array([3], np.int64)) if is_sequence else ""
        image = g.op("Unsqueeze", x, last) if is_sequence else x
        y = g.op("LRN", image, size=self.size, alpha=self.alpha, beta=self.beta, bias=self.k)
        return g.op("Squeeze", y, last) if is_sequence else y

    def torch(self, t: Any, x: Any) -> Any:
        return t.nn.functional.local_response_norm(x, self.size, self.alpha, self.beta, self.k)
