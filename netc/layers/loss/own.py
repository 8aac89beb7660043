"""A loss that others are made of."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import layer
from netc.layers.loss.base import Loss, loss_of
from netc.types import Array, Tensor


@layer("sum_loss", family="loss")
class SumLoss(Loss):
    """The sum of the numbers of an example, averaged over the batch: a loss made of other layers.

    What no other loss says is written with layers, and made small as it is: the critic of a
    Wasserstein network (Arjovsky, Chintala and Bottou, Wasserstein GAN, 2017, eq. 2), with
    `weight: -1` to make it large; or a price on what a layer gives, as `abs(h)` for few values.

    Example:
        sum_loss([3]) -> []
    """

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        return loss_of(x)

    def forward(self, x: Array, y: Array) -> None:
        y[...] = np.sum(x) / len(x)

    def backward(self, dy: Array, dx: Array) -> None:
        dx[...] = dy / len(dx)

    def torch(self, t: Any, x: Any) -> Any:
        return x.sum() / len(x)
