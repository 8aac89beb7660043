"""What all losses share."""

from netc.layers.base import Layer
from netc.types import Tensor


class Loss(Layer):
    """Base of all losses."""

    roles = ("loss",)


def loss_of(x: Tensor) -> Tensor:
    """The type of a loss that is computed from `x`."""
    return Tensor((), x.dtype, batched=False)
