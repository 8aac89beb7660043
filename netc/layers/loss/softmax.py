"""The loss of a classifier: cross-entropy of the softmax of its scores."""

from math import prod
from typing import Any, ClassVar

import numpy as np

from netc.layers import require
from netc.layers.base import layer
from netc.layers.labels import count_of, counted, right_of
from netc.layers.loss.base import Loss, loss_of
from netc.options import option
from netc.types import Array, Reject, Tensor


@layer("softmax_loss", family="loss")
class SoftmaxLoss(Loss):
    """Cross-entropy of the softmax of `scores` against the right class, averaged over the batch.

    With p = softmax(scores), the loss of one example is -log p[label]. It is computed from the
    scores by log-sum-exp, so it is exact for any scores (Caffe stops at 87.3).
    On a map, scores [classes, ...] and a label for each place, the mean is over all places that
    count. Numbers of the scores' shape may stand for the label: soft targets t, the wanted
    probability of each class; the loss is then -sum_k t_k log p_k (Hinton et al., Distilling the
    Knowledge in a Neural Network, 2015).
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
        if label.classes is not None or not label.is_float or label.shape != scores.shape:
            require.scores_and_label(scores, label)
        else:
            require.same_shape(("scores", scores), ("label", label))
            self._require_classes(scores)
        return loss_of(scores)

    def _require_classes(self, scores: Tensor) -> None:
        if scores.rank == 0:
            raise Reject("scores", "a single number has no classes to take a softmax over")
        if self.ignore is not None:
            raise Reject(
                "ignore",
                "wanted probabilities are no labels, of which one could be ignored",
                help="leave `ignore` out; targets that are all 0 count for nothing",
            )

    def keep(self, scores: Tensor, label: Tensor) -> dict[str, Tensor]:
        if label.classes is not None:
            return {"prob": scores}
        return {"prob": scores, "log_prob": scores}

    def forward(
        self, scores: Array, label: Array, y: Array, prob: Array, log_prob: Array | None = None
    ) -> None:
        shifted = prob if log_prob is None else log_prob
        np.subtract(scores, np.max(scores, axis=1, keepdims=True), out=shifted)
        mask = counted(label, self.ignore)
        if log_prob is None:
            wanted = prob[right_of(label, mask)] * (1 - self.smoothing)
            if self.smoothing:
                wanted += np.mean(prob, axis=1) * self.smoothing
        np.exp(shifted, out=prob)
        total = np.sum(prob, axis=1, keepdims=True)
        prob /= total
        logs = np.log(total)
        if log_prob is None:
            losses = logs[:, 0] - wanted
            y[...] = np.sum(losses if mask is None else losses[mask]) / max(1, self.counts(label))
        else:
            log_prob -= logs
            y[...] = -np.sum(self._smoothed(label) * log_prob) / _places(label)

    def backward(
        self,
        dy: Array,
        label: Array,
        prob: Array,
        log_prob: Array | None = None,
        dscores: Array | None = None,
        dlabel: Array | None = None,
    ) -> None:
        if log_prob is None:
            if dscores is not None:
                self._backward_of_labels(dy, label, prob, dscores)
            return
        share = dy / _places(label)
        if dscores is not None:
            wanted = self._smoothed(label)
            np.multiply(prob, np.sum(wanted, axis=1, keepdims=True), out=dscores)
            dscores -= wanted
            dscores *= share
        if dlabel is not None:
            np.multiply(log_prob, -share * (1 - self.smoothing), out=dlabel)

    def _backward_of_labels(self, dy: Array, label: Array, prob: Array, dscores: Array) -> None:
        mask = counted(label, self.ignore)
        share = dy / max(1, self.counts(label))
        np.multiply(prob, share, out=dscores)
        dscores[right_of(label, mask)] -= share * (1 - self.smoothing)
        if self.smoothing:
            dscores -= share * (self.smoothing / prob.shape[1])
        if mask is not None:
            np.copyto(dscores, 0, where=~mask[:, None])

    def _smoothed(self, target: Array) -> Array:
        """Wanted probabilities with a part of them spread over all classes."""
        if not self.smoothing:
            return target
        wanted: Array = target * (1 - self.smoothing)
        wanted += self.smoothing / target.shape[1]
        return wanted

    def counts(self, label: Array) -> int:
        return count_of(label, self.ignore) if label.dtype.kind == "i" else _places(label)

    def torch(self, t: Any, scores: Any, label: Any) -> Any:
        ignored = -100 if self.ignore is None else self.ignore
        return t.nn.functional.cross_entropy(
            scores, label, label_smoothing=self.smoothing, ignore_index=ignored
        )


def _places(target: Array) -> int:
    """How many places [n, classes, ...] has a class at."""
    return len(target) * prod(target.shape[2:])


@layer("log_loss", family="loss")
class LogLoss(Loss):
    """Minus the logarithm of the right class's probability, averaged: maximum likelihood.

    The loss of one example is -log prob[label], for probabilities that the net makes itself;
    those under 1e-20 count as that, and have no gradient. On a map, prob [classes, ...] and a
    label for each place, the mean is over all places that count. As in Caffe
    (MultinomialLogisticLoss). Where a softmax makes the probabilities, `softmax_loss` of its
    scores is the same and loses no digits.

    Example:
        log_loss([3], class(3)) -> []
    """

    ignore: int | None = option(
        None, "A label that does not count; the mean is over the others, and 0 if there are none."
    )

    least: ClassVar[float] = 1e-20
    """Probabilities below count as this one, as in Caffe."""

    def infer(self, prob: Tensor, label: Tensor) -> Tensor:
        require.scores_and_label(prob, label, name="prob")
        return loss_of(prob)

    def forward(self, prob: Array, label: Array, y: Array) -> None:
        mask = counted(label, self.ignore)
        logs = np.log(np.maximum(prob[right_of(label, mask)], self.least))
        total = np.sum(logs if mask is None else logs[mask])
        y[...] = 0.0 - total / max(1, self.counts(label))  # a loss of nothing is 0, not -0

    def backward(self, dy: Array, prob: Array, label: Array, dprob: Array) -> None:
        mask = counted(label, self.ignore)
        right = right_of(label, mask)
        taken = prob[right]
        does_learn = taken >= self.least
        if mask is not None:
            does_learn &= mask
        slopes = np.maximum(taken, self.least)
        np.divide(-dy / max(1, self.counts(label)), slopes, out=slopes)
        dprob.fill(0)
        dprob[right] = np.where(does_learn, slopes, 0)

    def counts(self, label: Array) -> int:
        return count_of(label, self.ignore)

    def torch(self, t: Any, prob: Any, label: Any) -> Any:
        ignored = -100 if self.ignore is None else self.ignore
        logs = prob.clamp(min=self.least).log()
        return t.nn.functional.nll_loss(logs, label, ignore_index=ignored)
