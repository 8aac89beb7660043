"""The trainable pooling of LeNet-5."""

from math import prod
from typing import Any

import numpy as np

from netc.kernels.layout import batch_last, chunks
from netc.kernels.pooling import add_windows, spread
from netc.kernels.statistics import column, total
from netc.layers import require
from netc.layers.axes import per_axis, type_of
from netc.layers.base import Weight, layer
from netc.layers.initializers import Constant
from netc.layers.per_channel import onnx_spread
from netc.layers.per_channel import spread as each
from netc.layers.pool_windows import Pool, axes_of, onnx_sides, pooled, torch_padded, torch_pool
from netc.types import Array, Onnx, Tensor


@layer("subsample", family="pooling")
class Subsample(Pool):
    """Add up each window, times a coefficient and plus a bias that each channel learns.

    y = scale * (sum of the window) + bias. Sizes as in max_pool; the windows do not overlap where
    `stride` is not given. `scale` starts as one over the places of a window, which makes the layer
    a mean. LeNet-5 puts a sigmoid behind it, which is a layer of its own.
    LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition,
    1998, section II.B.

    Example:
        subsample([2, 4, 6], kernel: 2) -> [2, 2, 3]
    """

    def infer(self, x: Tensor) -> Tensor:
        y = pooled(self, x)
        require.known_channels(x)
        return y

    def weights(self, x: Tensor) -> dict[str, Weight]:
        area = prod(per_axis(self.kernel, x, "kernel"))
        scale = Weight(x.shape[:1], Constant(1 / area), fan_in=area)
        return {"scale": scale, "bias": Weight(x.shape[:1], fan_in=area, decay=0)}

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        return {"sums": pooled(self, x)}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"part": pooled(self, x)}

    def macs(self, x: Tensor) -> int:
        return pooled(self, x).size

    def forward(self, x: Array, scale: Array, bias: Array, y: Array, sums: Array) -> None:
        axes = axes_of(self, type_of(x))
        places, added, out = batch_last(x), batch_last(sums), batch_last(y)
        for c in chunks(out):
            add_windows(places[c], added[c], axes)
            np.multiply(added[c], column(scale[c], out), out=out[c])
            np.add(out[c], column(bias[c], out), out=out[c])

    def backward(
        self,
        dy: Array,
        sums: Array,
        scale: Array,
        part: Array,
        dx: Array | None = None,
        dscale: Array | None = None,
        dbias: Array | None = None,
    ) -> None:
        gradients, added, parts = batch_last(dy), batch_last(sums), batch_last(part)
        for c in chunks(gradients):
            if dbias is not None:
                dbias[c] = total(gradients[c])
            if dscale is not None:
                np.multiply(gradients[c], added[c], out=parts[c])
                dscale[c] = total(parts[c])
            if dx is not None:
                np.multiply(gradients[c], column(scale[c], gradients), out=parts[c])
                spread(parts[c], batch_last(dx)[c], axes_of(self, type_of(dx)))

    def onnx(self, g: Onnx, x: str, scale: str, bias: str) -> str:
        kernel, stride, pad, end = onnx_sides(self, g.type(x))
        means = g.op(
            "AveragePool",
            x,
            kernel_shape=kernel,
            strides=stride,
            pads=pad + end,
            count_include_pad=1,
        )
        sums = g.op("Mul", means, g.constant(np.array(prod(kernel), np.float32)))
        scaled = g.op("Mul", sums, onnx_spread(g, x, scale))
        return g.op("Add", scaled, onnx_spread(g, x, bias))

    def torch(self, t: Any, x: Any, scale: Any, bias: Any) -> Any:
        padded, kernel, stride = torch_padded(self, t, x, 0.0)
        sums = torch_pool(t, "avg", x.ndim - 2)(padded, kernel, stride) * prod(kernel)
        return sums * each(scale, x) + each(bias, x)
