"""Losses of embeddings: examples that belong together are to be near, all others far."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import layer
from netc.layers.loss.base import Loss, loss_of
from netc.options import option
from netc.types import Array, Reject, Tensor


@layer("contrastive_loss", family="loss")
class ContrastiveLoss(Loss):
    """Pairs that are the same are drawn together, others pushed a margin apart; for siamese nets.

    `same` is class 1 of 2 where `left` and `right` belong together. With d their distance, such
    a pair costs d^2 / 2 and another max(0, margin - d)^2 / 2, averaged over the batch; with
    `squared`, another costs max(0, margin - d^2) / 2, as Caffe's legacy_version does.
    Hadsell, Chopra and LeCun, Dimensionality Reduction by Learning an Invariant Mapping, 2006,
    eq. 4.

    Example:
        contrastive_loss([3], [3], class(2)) -> []
    """

    margin: float = option(1.0, "Distance at which a pair that differs costs nothing.", above=0)
    squared: bool = option(False, "Whether the margin is one of squared distances.")

    def infer(self, left: Tensor, right: Tensor, same: Tensor) -> Tensor:
        require.same_shape(("left", left), ("right", right))
        if same.classes != 2 or same.shape or not same.batched:
            raise Reject(
                "same",
                f"expected class(2), 1 where the two belong together, found {same}",
                help="declare it as one of 2 classes",
            )
        return loss_of(left)

    def keep(self, left: Tensor, right: Tensor, same: Tensor) -> dict[str, Tensor]:
        return {"gap": left, "length": Tensor((), left.dtype)}

    def forward(
        self, left: Array, right: Array, same: Array, y: Array, gap: Array, length: Array
    ) -> None:
        np.subtract(left, right, out=gap)
        _squares(gap, length)
        cost = np.maximum(self.margin - length, 0)
        if not self.squared:
            cost = np.maximum(self.margin - np.sqrt(length), 0) ** 2
        y[...] = np.sum(np.where(same == 1, length, cost)) / (2 * len(same))
        np.sqrt(length, out=length)

    def backward(
        self,
        dy: Array,
        same: Array,
        gap: Array,
        length: Array,
        dleft: Array | None = None,
        dright: Array | None = None,
    ) -> None:
        share = dy / len(same)
        if self.squared:
            apart = np.where(length * length < self.margin, -1.0, 0.0)
        else:
            # Where both are at the same place, no direction leads apart.
            nearness = np.maximum(self.margin - length, 0)
            apart = np.where(length > 0, -nearness / np.where(length > 0, length, 1), 0)
        factor = np.where(same == 1, 1.0, apart).astype(gap.dtype).reshape(_column(gap))
        if dleft is not None:
            np.multiply(gap, factor * share, out=dleft)
        if dright is not None:
            np.multiply(gap, factor * -share, out=dright)

    def torch(self, t: Any, left: Any, right: Any, same: Any) -> Any:
        square = ((left - right) ** 2).flatten(1).sum(1)
        cost = t.relu(self.margin - square)
        if not self.squared:
            cost = t.relu(self.margin - square.sqrt()) ** 2
        return t.where(same == 1, square, cost).sum() / (2 * len(same))


@layer("triplet_loss", family="loss")
class TripletLoss(Loss):
    """An anchor is to be nearer to its positive than to its negative, by a margin.

    max(0, |anchor - positive|^2 - |anchor - negative|^2 + margin), averaged over the batch.
    Schroff, Kalenichenko and Philbin, FaceNet, 2015, section 3.1, which brings all to length 1
    before.

    Example:
        triplet_loss([3], [3], [3]) -> []
    """

    margin: float = option(0.2, "How much nearer, in squared distance.", main=True, at_least=0)

    def infer(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        require.same_shape(("anchor", anchor), ("positive", positive))
        require.same_shape(("anchor", anchor), ("negative", negative))
        return loss_of(anchor)

    def keep(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> dict[str, Tensor]:
        return {"miss": Tensor((), anchor.dtype)}

    def work(
        self, batch: int, threads: int, anchor: Tensor, positive: Tensor, negative: Tensor
    ) -> dict[str, Tensor]:
        return {"gap": anchor}

    def forward(
        self,
        anchor: Array,
        positive: Array,
        negative: Array,
        y: Array,
        miss: Array,
        gap: Array,
    ) -> None:
        far = np.empty_like(miss)
        _squares(np.subtract(anchor, positive, out=gap), miss)
        _squares(np.subtract(anchor, negative, out=gap), far)
        miss -= far
        miss += self.margin
        np.maximum(miss, 0, out=miss)
        y[...] = np.sum(miss) / len(miss)

    def backward(
        self,
        dy: Array,
        anchor: Array,
        positive: Array,
        negative: Array,
        miss: Array,
        danchor: Array | None = None,
        dpositive: Array | None = None,
        dnegative: Array | None = None,
    ) -> None:
        share = ((miss > 0) * (2 * dy / len(miss))).reshape(_column(anchor)).astype(anchor.dtype)
        for out, (first, second) in (
            (danchor, (negative, positive)),
            (dpositive, (positive, anchor)),
            (dnegative, (anchor, negative)),
        ):
            if out is not None:
                np.subtract(first, second, out=out)
                out *= share

    def torch(self, t: Any, anchor: Any, positive: Any, negative: Any) -> Any:
        near, far = (((anchor - x) ** 2).flatten(1).sum(1) for x in (positive, negative))
        return t.relu(near - far + self.margin).mean()


def _squares(gap: Array, out: Array) -> None:
    """The squared length of every example of [n, ...]."""
    numbers = np.moveaxis(gap, 0, -1).reshape(-1, len(gap))
    np.einsum("kn,kn->n", numbers, numbers, out=out)


def _column(of: Array) -> tuple[int, ...]:
    """The shape of one number for each example, to go with [n, ...]."""
    return (len(of),) + (1,) * (of.ndim - 1)
