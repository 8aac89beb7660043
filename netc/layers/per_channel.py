"""Weights of one number for each channel, or of one for all of them."""

from typing import Any

from netc.layers import require
from netc.layers.along import whole
from netc.layers.base import Layer
from netc.types import Array, Onnx, Reject, Shape, Tensor


class PerChannel(Layer):
    """What layers share that have a number for each channel to learn, or with `shared` one."""

    overlay = {"y": "x", "dx": "dy"}
    splits = True

    shared: bool

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        if x.rank == 0 and not self.shared:
            raise Reject("x", "a single number has no channels", help="set `shared`")
        if not self.shared:
            require.known_channels(x)
        return x

    def learned(self, x: Tensor) -> Shape:
        """The shape of a weight."""
        return (1,) if self.shared else x.shape[:1]


def spread(weight: Any, x: Any) -> Any:
    """One number for all, or one for each channel, shaped to meet x [n, channels, ...]."""
    return weight.reshape(-1, *(1,) * (x.ndim - 2))


def fill(gradient: Array, sums: Array) -> None:
    """Fill the gradient of a weight with the sums of the channels, or with the sum of all."""
    gradient[...] = sums.sum() if len(gradient) == 1 else sums


def onnx_spread(g: Onnx, x: str, weight: str) -> str:
    """The same as a node."""
    rank = g.type(x).rank
    return weight if rank < 2 else g.op("Reshape", weight, whole(g, -1, *(1,) * (rank - 1)))
