"""Normalization of the numbers of each example together, or of those at each of its places."""

from math import prod
from typing import Any

import numpy as np

from netc.kernels.groups import Groups
from netc.layers.base import layer
from netc.layers.per_example import PerExample, onnx_learned, require_channels
from netc.options import option
from netc.sizes import is_open, way_to_close
from netc.types import Onnx, Reject, Shape, Tensor


@layer("layer_norm", family="normalization")
class LayerNorm(PerExample):
    """Bring the numbers of an example to mean 0 and variance 1, then scale and shift them.

    y = scale * (x - mean) / sqrt(var + epsilon) + shift. With `over: all`, as in the paper, mean
    and variance are those of all numbers of an example, and each number has a factor and a shift
    of its own. With `over: channels` every place is normalized alone, by the numbers it has in
    all channels, and each channel has a factor and a shift: what a sequence [features, time]
    needs, where the paper normalizes each step. Training and test do the same.
    Ba, Kiros and Hinton, Layer Normalization, 2016, eq. 3 and 4.

    Example:
        layer_norm([4, 3]) -> [4, 3]
    """

    over: str = option("all", "What is normalized together.", choices=("all", "channels"))

    def infer(self, x: Tensor) -> Tensor:
        require_channels(x)
        if self.over == "all" and (self.scale or self.shift):
            self._require_size(x)
        count = x.shape[0] if self.over == "channels" else x.size
        if not is_open(count) and count == 1:
            where = "at each place" if self.over == "channels" else "of each example"
            raise Reject("x", f"{x} has a single number {where}, and becomes 0")
        return x

    def _require_size(self, x: Tensor) -> None:
        if is_open(x.shape):
            reason = f"how many numbers {x} has is not known, and each would have its own to learn"
            way_out = f"set `over` to channels, or {way_to_close(x.shape)}"
            raise Reject("x", reason, help=way_out)

    def groups_of(self, x: Shape) -> Groups:
        if self.over == "channels":
            return Groups(1, places=prod(x[1:]))
        return Groups(1, row=x[-1] if len(x) > 1 else 1)

    def statistic(self, x: Tensor) -> Shape:
        return x.shape[1:] if self.over == "channels" else (1,)

    def learned(self, x: Tensor) -> Shape:
        return x.shape[:1] if self.over == "channels" else x.shape

    def onnx(self, g: Onnx, x: str, scale: str = "", shift: str = "") -> str:
        rank = g.type(x).rank
        axes = [1] if self.over == "channels" else list(range(1, rank + 1))
        centered = g.op("Sub", x, _onnx_mean(g, x, axes))
        var = _onnx_mean(g, g.op("Mul", centered, centered), axes)
        epsilon = g.constant(np.array(self.epsilon, np.float32))
        y = g.op("Div", centered, g.op("Sqrt", g.op("Add", var, epsilon)))
        return onnx_learned(g, y, scale, shift, trailing=rank - 1 if len(axes) < rank else 0)

    def torch(self, t: Any, x: Any, scale: Any = None, shift: Any = None) -> Any:
        normalized = t.nn.functional.layer_norm
        if self.over == "all":
            return normalized(x, x.shape[1:], scale, shift, self.epsilon)
        last = x.movedim(1, -1)
        return normalized(last, last.shape[-1:], scale, shift, self.epsilon).movedim(-1, 1)


def _onnx_mean(g: Onnx, x: str, axes: list[int]) -> str:
    if g.opset < 18:  # from here on the axes are an input
        return g.op("ReduceMean", x, axes=axes, keepdims=1)
    return g.op("ReduceMean", x, g.constant(np.array(axes, np.int64)), keepdims=1)
