"""Losses: one number for the whole batch, which training makes small."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import Layer, layer
from netc.options import option
from netc.types import Array, Tensor


class Loss(Layer):
    """What all losses share."""

    roles = ("loss",)


@layer("softmax_loss", family="loss")
class SoftmaxLoss(Loss):
    """Cross-entropy of the softmax of `scores` against the right class, averaged over the batch.

    With p = softmax(scores), the loss of one example is -log p[label]. It is computed from the
    scores by log-sum-exp, so it is exact for any scores (Caffe stops at 87.3).
    `smoothing` e asks for (1 - e) of the right class and e / classes of every class:
    Szegedy et al., Rethinking the Inception Architecture, 2016, section 7.

    Example:
        softmax_loss([3], class(3)) -> []
    """

    smoothing: float = option(
        0.0, "Part of the wanted probability that is spread over all classes.", at_least=0, below=1
    )
    ignore: int | None = option(
        None, "A label that does not count; the mean is over the others, and 0 if there are none."
    )

    def infer(self, scores: Tensor, label: Tensor) -> Tensor:
        require.scores_and_label(scores, label)
        return Tensor((), scores.dtype, batched=False)

    def keep(self, scores: Tensor, label: Tensor) -> dict[str, Tensor]:
        return {"prob": scores}

    def forward(self, scores: Array, label: Array, y: Array, prob: Array) -> None:
        counted, right = self._counted(label)
        np.subtract(scores, np.max(scores, axis=1, keepdims=True), out=prob)
        wanted = prob[right] * (1 - self.smoothing)
        if self.smoothing:
            wanted += np.mean(prob, axis=1) * self.smoothing
        np.exp(prob, out=prob)
        total = np.sum(prob, axis=1, keepdims=True)
        prob /= total
        losses = np.log(total[:, 0]) - wanted
        y[...] = np.sum(losses[counted]) / max(1, np.count_nonzero(counted))

    def backward(self, dy: Array, label: Array, prob: Array, dscores: Array) -> None:
        counted, right = self._counted(label)
        share = dy / max(1, np.count_nonzero(counted))
        np.multiply(prob, share, out=dscores)
        dscores[right] -= share * (1 - self.smoothing)
        if self.smoothing:
            dscores -= share * (self.smoothing / prob.shape[1])
        if self.ignore is not None:
            dscores[~counted] = 0

    def counts(self, label: Array) -> int:
        return int(np.count_nonzero(self._counted(label)[0]))

    def _counted(self, label: Array) -> tuple[Array, tuple[Array, Array]]:
        """Which examples count, and the places of the right scores."""
        rows = np.arange(len(label))
        if self.ignore is None:
            return np.ones(len(label), np.bool_), (rows, label)
        counted = label != self.ignore
        return counted, (rows, np.where(counted, label, 0))

    def torch(self, t: Any, scores: Any, label: Any) -> Any:
        ignored = -100 if self.ignore is None else self.ignore
        return t.nn.functional.cross_entropy(
            scores, label, label_smoothing=self.smoothing, ignore_index=ignored
        )


@layer("sigmoid_loss", family="loss")
class SigmoidLoss(Loss):
    """Cross-entropy of the sigmoid of each score against a target between 0 and 1.

    Summed over the scores of an example and averaged over the batch:
    max(s, 0) - s * t + log(1 + exp(-|s|)), which no score can overflow. As in Caffe
    (SigmoidCrossEntropyLoss). For classes that do not exclude one another, and for autoencoders.

    Example:
        sigmoid_loss([3], [3]) -> []
    """

    def infer(self, scores: Tensor, target: Tensor) -> Tensor:
        require.same_shape(("scores", scores), ("target", target))
        return Tensor((), scores.dtype, batched=False)

    def work(self, batch: int, threads: int, scores: Tensor, target: Tensor) -> dict[str, Tensor]:
        return {"each": scores, "miss": scores}

    def forward(self, scores: Array, target: Array, y: Array, each: Array, miss: Array) -> None:
        np.abs(scores, out=each)
        np.negative(each, out=each)
        np.exp(each, out=each)
        np.log1p(each, out=each)
        np.greater(scores, 0, out=miss)
        miss -= target
        miss *= scores
        each += miss
        y[...] = np.sum(each) / len(scores)

    def backward(
        self,
        dy: Array,
        scores: Array,
        target: Array,
        dscores: Array | None = None,
        dtarget: Array | None = None,
    ) -> None:
        share = dy / len(scores)
        if dscores is not None:
            np.negative(scores, out=dscores)
            with np.errstate(over="ignore"):  # exp gives infinity, and 1 / infinity is 0
                np.exp(dscores, out=dscores)
            dscores += 1
            np.divide(1, dscores, out=dscores)
            dscores -= target
            dscores *= share
        if dtarget is not None:
            np.multiply(scores, -share, out=dtarget)

    def torch(self, t: Any, scores: Any, target: Any) -> Any:
        loss = t.nn.functional.binary_cross_entropy_with_logits(scores, target, reduction="sum")
        return loss / len(scores)


@layer("euclidean_loss", family="loss")
class EuclideanLoss(Loss):
    """Half the squared distance between `x` and `target`, averaged over the batch.

    sum of (x - target)^2 / (2 * batch), as in Caffe. For regression.

    Example:
        euclidean_loss([3], [3]) -> []
    """

    def infer(self, x: Tensor, target: Tensor) -> Tensor:
        require.same_shape(("x", x), ("target", target))
        return Tensor((), x.dtype, batched=False)

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

    def torch(self, t: Any, x: Any, target: Any) -> Any:
        return ((x - target) ** 2).sum() / (2 * len(x))


@layer("hinge_loss", family="loss")
class HingeLoss(Loss):
    """Multiclass support vector machine, one class against all others, averaged over the batch.

    Each score s of an example costs max(0, 1 - d * s), with d = 1 for the right class and -1 for
    the others; with `norm: l2` the square of that. As in Caffe (HingeLoss).

    Example:
        hinge_loss([3], class(3)) -> []
    """

    norm: str = option(
        "l1", "Whether a miss costs its size or its square.", main=True, choices=("l1", "l2")
    )

    def infer(self, scores: Tensor, label: Tensor) -> Tensor:
        require.scores_and_label(scores, label)
        return Tensor((), scores.dtype, batched=False)

    def keep(self, scores: Tensor, label: Tensor) -> dict[str, Tensor]:
        return {"miss": scores}

    def forward(self, scores: Array, label: Array, y: Array, miss: Array) -> None:
        right = np.arange(len(label)), label
        np.add(scores, 1, out=miss)
        miss[right] = 1 - scores[right]
        np.maximum(miss, 0, out=miss)
        y[...] = np.sum(miss if self.norm == "l1" else miss * miss) / len(label)

    def backward(self, dy: Array, label: Array, miss: Array, dscores: Array) -> None:
        share = dy / len(label)
        if self.norm == "l1":
            np.sign(miss, out=dscores)
            dscores *= share
        else:
            np.multiply(miss, 2 * share, out=dscores)
        dscores[np.arange(len(label)), label] *= -1

    def torch(self, t: Any, scores: Any, label: Any) -> Any:
        right = t.nn.functional.one_hot(label, scores.shape[1]).bool()
        miss = t.relu(1 - t.where(right, scores, -scores))
        return (miss if self.norm == "l1" else miss * miss).sum() / len(scores)
