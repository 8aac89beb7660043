"""Normalization by the strength of the neighbours: those in other channels, or those around."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from netc.kernels.layout import as_image, share
from netc.kernels.lrn import lrn, lrn_dx, lrn_dx_of_convnetjs
from netc.layers.axes import require_image
from netc.layers.base import Layer, Window, layer
from netc.options import COMPAT, option
from netc.types import Array, Onnx, Reject, Tensor, Threads


@layer("lrn", family="normalization")
class Lrn(Layer):
    """Divide every number by the strength of its neighbours.

    y = x / (k + alpha / n * (sum of x^2 over the n numbers of a window around it)) ** beta, with
    zeros beyond the borders. With `over: channels` the window has the number at the same place of
    `size` channels; with `over: image` it is a square of side `size` in the channel itself, so
    that n is `size`^2, or `size` along a sequence. As in Caffe and ONNX, alpha is divided by n;
    unlike Caffe, whose WITHIN_CHANNEL always has k = 1, `k` counts in both. In the gradient that
    ConvNetJS takes (convnet_layers_normalization.js), what a number owes to its neighbours has its
    own square for the product of the two: `compat: convnetjs` repeats that.
    Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural
    Networks, 2012, section 3.3.

    Example:
        lrn([6, 2, 3], size: 3, alpha: 0.5) -> [6, 2, 3]
    """

    size: int = option(
        5, "Channels in a window, or the side of one in the image; an odd number.", at_least=1
    )
    alpha: float = option(1e-4, "Weight of the neighbours.", at_least=0)
    beta: float = option(0.75, "Exponent.", above=0)
    k: float = option(1.0, "Added to the weighted sum.", above=0)
    over: str = option("channels", "Where the neighbours are.", choices=("channels", "image"))
    compat: str = option(
        "none",
        "Whose mistake is repeated: ConvNetJS takes a gradient that is none.",
        choices=COMPAT,
    )

    def infer(self, x: Tensor) -> Tensor:
        require_image(x)
        if self.size % 2 == 0:
            what = "channels" if self.over == "channels" else "places"
            raise Reject(
                "size",
                f"a window of {self.size} {what} has no middle",
                help=f"set `size` to {self.size - 1} or {self.size + 1}",
            )
        if self.compat != "none" and self.over == "image":
            reason = "the neighbours in ConvNetJS are all in other channels"
            raise Reject("compat", reason, help="leave `compat` out, or `over`")
        return x

    def window(self, x: Tensor) -> Window | None:
        axes = x.rank - 1
        return Window((self.size,) * axes, (1,) * axes) if self.over == "image" else None

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"base": x}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"room": x}

    def forward(self, x: Array, y: Array, base: Array, room: Array, threads: Threads) -> None:
        weight, axes = self._window(x)

        def run(t: int) -> None:
            for values, out, sums, spare in self._parts(t, threads.count, x, y, base, room):
                lrn(values, out, sums, spare, self.size, axes, weight, self.beta, self.k)

        threads.each(run)

    def backward(
        self, dy: Array, x: Array, y: Array, base: Array, dx: Array, room: Array, threads: Threads
    ) -> None:
        weight, axes = self._window(x)
        rule = lrn_dx if self.compat == "none" else lrn_dx_of_convnetjs

        def run(t: int) -> None:
            for parts in self._parts(t, threads.count, dy, x, y, base, dx, room):
                dout, values, out, sums, din, spare = parts
                rule(dout, values, out, sums, din, spare, self.size, axes, weight, self.beta)

        threads.each(run)

    def _window(self, x: Array) -> tuple[float, tuple[int, ...]]:
        """What the sum of a window is multiplied by, and the axes it reaches along."""
        axes = (0,) if self.over == "channels" else (1, 2)[: x.ndim - 2]
        return self.alpha / self.size ** len(axes), axes

    def _parts(self, t: int, count: int, *arrays: Array) -> Iterator[list[Array]]:
        """Views [c, rows, columns, n] of what thread `t` owns, small enough to stay in the cache:
        rows where the channels are neighbours, and channels where the places are."""
        images = [as_image(a) for a in arrays]
        axis = 1 if self.over == "channels" else 0
        for place in range(*share(t, count, images[0].shape[axis])):
            part = slice(place, place + 1)
            yield [a[:, part] if axis else a[part] for a in images]

    def onnx(self, g: Onnx, x: str) -> str:
        if self.over == "image":
            return self._onnx_image(g, x)
        if self.alpha == 0:  # LRN of onnxruntime asks for more than 0
            return g.op("Mul", x, g.constant(np.array(self.k**-self.beta, np.float32)))
        # onnxruntime normalizes images only, so a sequence goes through as one.
        is_sequence = g.type(x).rank == 2
        last = g.constant(np.array([3], np.int64)) if is_sequence else ""
        image = g.op("Unsqueeze", x, last) if is_sequence else x
        y = g.op("LRN", image, size=self.size, alpha=self.alpha, beta=self.beta, bias=self.k)
        return g.op("Squeeze", y, last) if is_sequence else y

    def _onnx_image(self, g: Onnx, x: str) -> str:
        axes = g.type(x).rank - 1
        mean = g.op(
            "AveragePool",
            g.op("Mul", x, x),
            kernel_shape=[self.size] * axes,
            pads=[self.size // 2] * (2 * axes),
            strides=[1] * axes,
            count_include_pad=1,
        )
        alpha, k, beta = (
            g.constant(np.array(v, np.float32)) for v in (self.alpha, self.k, self.beta)
        )
        base = g.op("Add", g.op("Mul", mean, alpha), k)
        return g.op("Div", x, g.op("Pow", base, beta))

    def torch(self, t: Any, x: Any) -> Any:
        functions = t.nn.functional
        if self.over == "channels":
            return functions.local_response_norm(x, self.size, self.alpha, self.beta, self.k)
        pool = functions.avg_pool2d if x.ndim == 4 else functions.avg_pool1d
        mean = pool(x * x, self.size, 1, self.size // 2)
        return x / (self.k + self.alpha * mean) ** self.beta
