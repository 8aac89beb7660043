"""Normalization of the channels of each example: in groups, or each channel by itself."""

from math import prod
from typing import Any

import numpy as np

from netc.kernels.groups import Groups
from netc.layers.base import layer
from netc.layers.divisors import divisors
from netc.layers.per_example import PerExample, onnx_learned, require_channels
from netc.options import option
from netc.sizes import is_open
from netc.types import Onnx, Reject, Shape, Tensor


@layer("group_norm", family="normalization")
class GroupNorm(PerExample):
    """Bring every group of channels of an example to mean 0 and variance 1, and scale and shift.

    y = scale * (x - mean) / sqrt(var + epsilon) + shift, with mean and variance of the numbers of
    channels / groups channels at all places of one example. Nothing depends on the batch, so that
    it may be small, and training and test do the same. One group is a `layer_norm` with a factor
    for each channel; as many groups as channels are an `instance_norm`.
    Wu and He, Group Normalization, 2018, section 3.

    Example:
        group_norm([4, 3, 5], groups: 2) -> [4, 3, 5]
    """

    groups: int = option(32, "How many groups the channels are cut into.", main=True, at_least=1)

    def infer(self, x: Tensor) -> Tensor:
        require_channels(x)
        channels = x.shape[0]
        if channels % self.groups:
            fitting = [n for n in divisors(channels) if n < channels] or [1]
            near = [max(n for n in fitting if n < self.groups)]
            near += [n for n in fitting if n > self.groups][:1]
            raise Reject(
                "groups",
                f"{channels} channels cannot be cut into {self.groups} equal groups",
                help=f"set `groups` to {' or '.join(map(str, near))}",
            )
        if not is_open(x.size) and x.size == self.groups:
            raise Reject(
                "groups",
                f"each of {self.groups} groups of {x} is a single number, and all become 0",
                help="set `groups` to less than the number of channels",
            )
        return x

    def groups_of(self, x: Shape) -> Groups:
        return Groups(self.groups, row=x[-1] if len(x) > 1 else 1)

    def onnx(self, g: Onnx, x: str, scale: str = "", shift: str = "") -> str:
        shape = g.type(x).shape
        cut = g.op("Reshape", x, g.constant(np.array([0, self.groups, -1], np.int64)))
        one, zero = (g.constant(np.full(self.groups, n, np.float32)) for n in (1, 0))
        normal = g.op("InstanceNormalization", cut, one, zero, epsilon=self.epsilon)
        whole = g.op("Shape", x) if is_open(shape) else g.constant(np.array([0, *shape], np.int64))
        y = g.op("Reshape", normal, whole)
        return onnx_learned(g, y, scale, shift, trailing=len(shape) - 1)

    def torch(self, t: Any, x: Any, scale: Any = None, shift: Any = None) -> Any:
        scale = t.ones_like(x[0, :, *[0] * (x.ndim - 2)]) if scale is None else scale
        return t.nn.functional.group_norm(x, self.groups, scale, shift, self.epsilon)


@layer("instance_norm", family="normalization")
class InstanceNorm(PerExample):
    """Bring every channel of an example to mean 0 and variance 1, then scale and shift it.

    y = scale * (x - mean) / sqrt(var + epsilon) + shift, with mean and variance of all places of
    the channel in one example: what is left is where it is strong, not how strong it is. Training
    and test do the same.
    Ulyanov, Vedaldi and Lempitsky, Instance Normalization, 2016, eq. 2.

    Example:
        instance_norm([3, 4, 5]) -> [3, 4, 5]
    """

    def infer(self, x: Tensor) -> Tensor:
        require_channels(x)
        if prod(x.shape[1:]) == 1:
            raise Reject(
                "x",
                f"each channel of {x} is a single number, and all become 0",
                help="put it where the channels still have several places, "
                "or normalize groups of channels by `group_norm`",
            )
        return x

    def groups_of(self, x: Shape) -> Groups:
        return Groups(x[0], row=x[-1])

    def onnx(self, g: Onnx, x: str, scale: str = "", shift: str = "") -> str:
        channels = g.type(x).shape[0]
        scale = scale or g.constant(np.ones(channels, np.float32))
        shift = shift or g.constant(np.zeros(channels, np.float32))
        return g.op("InstanceNormalization", x, scale, shift, epsilon=self.epsilon)

    def torch(self, t: Any, x: Any, scale: Any = None, shift: Any = None) -> Any:
        return t.nn.functional.group_norm(x, x.shape[1], scale, shift, self.epsilon)
