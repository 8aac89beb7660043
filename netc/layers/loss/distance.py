"""Losses of regression: how far numbers are from those that are wanted."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import layer
from netc.layers.loss.base import Loss, loss_of
from netc.options import option
from netc.types import Array, Number, Pointwise, Tensor


@layer("euclidean_loss", family="loss")
class EuclideanLoss(Loss):
    """Half the squared distance between `x` and `target`, averaged over the batch.

    sum of (x - target)^2 / (2 * batch), as in Caffe. For regression.

    Example:
        euclidean_loss([3], [3]) -> []
    """

    def infer(self, x: Tensor, target: Tensor) -> Tensor:
        require.same_shape(("x", x), ("target", target))
        return loss_of(x)

    def keep(self, x: Tensor, target: Tensor) -> dict[str, Tensor]:
        return {"gap": x}

    def work(self, batch: int, threads: int, x: Tensor, target: Tensor) -> dict[str, Tensor]:
        return {"square": x}

    def forward(self, x: Array, target: Array, y: Array, gap: Array, square: Array) -> None:
        np.subtract(x, target, out=gap)
        np.multiply(gap, gap, out=square)
        y[...] = np.sum(square) / (2 * len(x))

    def backward(
        self, dy: Array, gap: Array, dx: Array | None = None, dtarget: Array | None = None
    ) -> None:
        share = dy / len(gap)
        if dx is not None:
            np.multiply(gap, share, out=dx)
        if dtarget is not None:
            np.multiply(gap, -share, out=dtarget)

    def formula(self, p: Pointwise, x: Number, target: Number) -> Number:
        gap = p.sub(x, target)
        return p.mul(p.mul(gap, gap), p.number(0.5))

    def gradient(self, p: Pointwise, dy: Number, x: Number, target: Number) -> dict[str, Number]:
        gap = p.mul(p.sub(x, target), dy)
        return {"dx": gap, "dtarget": p.mul(gap, p.number(-1))}

    def torch(self, t: Any, x: Any, target: Any) -> Any:
        return ((x - target) ** 2).sum() / (2 * len(x))


@layer("smooth_l1_loss", family="loss")
class SmoothL1Loss(Loss):
    """The distance between `x` and `target`, squared where it is small, averaged over the batch.

    Each gap d = x - target costs d^2 / (2 * beta) where |d| < beta and |d| - beta / 2 elsewhere,
    summed over the numbers of an example: an outlier pulls no harder than any other.
    Girshick, Fast R-CNN, 2015, eq. 3 (beta 1).

    Example:
        smooth_l1_loss([4], [4]) -> []
    """

    beta: float = option(1.0, "Gap from which on its size counts.", main=True, above=0)

    def infer(self, x: Tensor, target: Tensor) -> Tensor:
        require.same_shape(("x", x), ("target", target))
        return loss_of(x)

    def keep(self, x: Tensor, target: Tensor) -> dict[str, Tensor]:
        return {"slope": x}

    def work(self, batch: int, threads: int, x: Tensor, target: Tensor) -> dict[str, Tensor]:
        return {"gap": x, "part": x}

    def forward(
        self, x: Array, target: Array, y: Array, slope: Array, gap: Array, part: Array
    ) -> None:
        np.subtract(x, target, out=gap)
        # With s = clip(d / beta, -1, 1), the slope, both cases are s * (d - s * beta / 2).
        np.divide(gap, self.beta, out=slope)
        np.clip(slope, -1, 1, out=slope)
        np.multiply(slope, self.beta / 2, out=part)
        gap -= part
        gap *= slope
        y[...] = np.sum(gap) / len(x)

    def backward(
        self, dy: Array, slope: Array, dx: Array | None = None, dtarget: Array | None = None
    ) -> None:
        share = dy / len(slope)
        if dx is not None:
            np.multiply(slope, share, out=dx)
        if dtarget is not None:
            np.multiply(slope, -share, out=dtarget)

    def formula(self, p: Pointwise, x: Number, target: Number) -> Number:
        slope = self._slope(p, x, target)
        return p.mul(slope, p.sub(p.sub(x, target), p.mul(slope, p.number(self.beta / 2))))

    def gradient(self, p: Pointwise, dy: Number, x: Number, target: Number) -> dict[str, Number]:
        slope = p.mul(self._slope(p, x, target), dy)
        return {"dx": slope, "dtarget": p.mul(slope, p.number(-1))}

    def _slope(self, p: Pointwise, x: Number, target: Number) -> Number:
        slope = p.div(p.sub(x, target), p.number(self.beta))
        return p.minimum(p.number(1), p.maximum(p.number(-1), slope))

    def torch(self, t: Any, x: Any, target: Any) -> Any:
        loss = t.nn.functional.smooth_l1_loss(x, target, reduction="sum", beta=self.beta)
        return loss / len(x)
