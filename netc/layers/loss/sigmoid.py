"""The loss of answers that are each yes or no."""

from typing import Any

import numpy as np

from netc.kernels.sigmoid import sigmoid
from netc.layers import require
from netc.layers.base import layer
from netc.layers.loss.base import Loss, loss_of
from netc.options import option
from netc.types import Array, Number, Pointwise, Tensor


@layer("sigmoid_loss", family="loss")
class SigmoidLoss(Loss):
    """Cross-entropy of the sigmoid of each score against a target between 0 and 1.

    Summed over the scores of an example and averaged over the batch:
    max(s, 0) - s * t + log(1 + exp(-|s|)), which no score can overflow. As in Caffe
    (SigmoidCrossEntropyLoss). For several labels at once, classes that do not exclude one
    another, and for autoencoders.

    Example:
        sigmoid_loss([3], [3]) -> []
    """

    ignore: float | None = option(
        None, "A target that does not count, such as -1 where nobody knows: it costs nothing."
    )

    def infer(self, scores: Tensor, target: Tensor) -> Tensor:
        require.same_shape(("scores", scores), ("target", target))
        return loss_of(scores)

    def work(self, batch: int, threads: int, scores: Tensor, target: Tensor) -> dict[str, Tensor]:
        return {"each": scores, "miss": scores}

    def forward(self, scores: Array, target: Array, y: Array, each: Array, miss: Array) -> None:
        np.abs(scores, out=each)
        np.multiply(each, -1, out=each)
        np.exp(each, out=each)
        np.log1p(each, out=each)
        np.greater(scores, 0, out=miss)
        miss -= target
        miss *= scores
        each += miss
        self._leave_out(target, each)
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
            sigmoid(scores, dscores)
            dscores -= target
            dscores *= share
            self._leave_out(target, dscores)
        if dtarget is not None:
            np.multiply(scores, -share, out=dtarget)
            self._leave_out(target, dtarget)

    def _leave_out(self, target: Array, values: Array) -> None:
        """Zero where the target does not count."""
        if self.ignore is not None:
            np.copyto(values, 0, where=np.equal(target, self.ignore))

    def formula(self, p: Pointwise, scores: Number, target: Number) -> Number:
        one, zero = p.number(1), p.number(0)
        rest = p.log1p(p.exp(p.mul(p.absolute(scores), p.number(-1))))
        miss = p.sub(p.select(p.greater(scores, zero), one, zero), target)
        return self._counted(p, target, p.add(rest, p.mul(miss, scores)))

    def gradient(
        self, p: Pointwise, dy: Number, scores: Number, target: Number
    ) -> dict[str, Number]:
        slope = p.mul(p.sub(p.sigmoid(scores), target), dy)
        target_slope = p.mul(p.mul(scores, p.number(-1)), dy)
        return {
            "dscores": self._counted(p, target, slope),
            "dtarget": self._counted(p, target, target_slope),
        }

    def _counted(self, p: Pointwise, target: Number, value: Number) -> Number:
        """The value, or zero where the target does not count."""
        if self.ignore is None:
            return value
        return p.select(p.equal(target, p.number(self.ignore)), p.number(0), value)

    def torch(self, t: Any, scores: Any, target: Any) -> Any:
        weight = None if self.ignore is None else (target != self.ignore).to(scores.dtype)
        loss = t.nn.functional.binary_cross_entropy_with_logits(
            scores, target, weight, reduction="sum"
        )
        return loss / len(scores)
