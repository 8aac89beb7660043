"""The support vector machine: what is right must be better than the rest by a margin."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import layer
from netc.layers.labels import right_of
from netc.layers.loss.base import Loss, loss_of
from netc.options import option
from netc.types import Array, Tensor


@layer("hinge_loss", family="loss")
class HingeLoss(Loss):
    """Multiclass support vector machine, one class against all others, averaged over the batch.

    Each score s of an example costs max(0, 1 - d * s), with d = 1 for the right class and -1 for
    the others; with `norm: l2` the square of that. On a map, scores [classes, ...] and a label
    for each place, the mean is over all places. As in Caffe (HingeLoss).

    Example:
        hinge_loss([3], class(3)) -> []
    """

    norm: str = option("l1", "Whether a miss costs its size or its square.", choices=("l1", "l2"))

    def infer(self, scores: Tensor, label: Tensor) -> Tensor:
        require.scores_and_label(scores, label)
        return loss_of(scores)

    def keep(self, scores: Tensor, label: Tensor) -> dict[str, Tensor]:
        return {"miss": scores}

    def forward(self, scores: Array, label: Array, y: Array, miss: Array) -> None:
        right = right_of(label)
        np.add(scores, 1, out=miss)
        miss[right] = 1 - scores[right]
        np.maximum(miss, 0, out=miss)
        y[...] = np.sum(miss if self.norm == "l1" else miss * miss) / label.size

    def backward(self, dy: Array, label: Array, miss: Array, dscores: Array) -> None:
        share = dy / label.size
        if self.norm == "l1":
            np.sign(miss, out=dscores)
            dscores *= share
        else:
            np.multiply(miss, 2 * share, out=dscores)
        dscores[right_of(label)] *= -1

    def counts(self, label: Array) -> int:
        return label.size

    def torch(self, t: Any, scores: Any, label: Any) -> Any:
        right = t.nn.functional.one_hot(label, scores.shape[1]).bool().movedim(-1, 1)
        miss = t.relu(1 - t.where(right, scores, -scores))
        return (miss if self.norm == "l1" else miss * miss).sum() / label.numel()


@layer("svm_loss", family="loss")
class SvmLoss(Loss):
    """Multiclass support vector machine, the right class against each other, averaged.

    The loss of an example is the sum over the wrong classes of max(0, s - r + margin), with s the
    score of the wrong class and r that of the right one. On a map, scores [classes, ...] and a
    label for each place, the mean is over all places. ConvNetJS's svm layer has the margin 1.
    Weston and Watkins, Support Vector Machines for Multi-Class Pattern Recognition, 1999; CS231n
    notes, "Linear classification".

    Example:
        svm_loss([3], class(3)) -> []
    """

    margin: float = option(1.0, "By how much the right score must be the greatest.", above=0)

    def infer(self, scores: Tensor, label: Tensor) -> Tensor:
        require.scores_and_label(scores, label)
        return loss_of(scores)

    def keep(self, scores: Tensor, label: Tensor) -> dict[str, Tensor]:
        return {"miss": scores}

    def forward(self, scores: Array, label: Array, y: Array, miss: Array) -> None:
        right = right_of(label)
        np.subtract(scores, scores[right][:, None], out=miss)
        np.add(miss, self.margin, out=miss)
        miss[right] = 0
        np.maximum(miss, 0, out=miss)
        y[...] = np.sum(miss) / label.size

    def backward(self, dy: Array, label: Array, miss: Array, dscores: Array) -> None:
        np.sign(miss, out=dscores)
        dscores[right_of(label)] = -np.sum(dscores, axis=1)
        dscores *= dy / label.size

    def counts(self, label: Array) -> int:
        return label.size

    def torch(self, t: Any, scores: Any, label: Any) -> Any:
        right = t.nn.functional.one_hot(label, scores.shape[1]).bool().movedim(-1, 1)
        miss = t.relu(scores - scores.gather(1, label[:, None]) + self.margin)
        return t.where(right, 0.0, miss).sum() / label.numel()
