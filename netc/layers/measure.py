"""Metrics: how good a network is, in numbers that people read and no gradient flows through."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import Layer, layer
from netc.options import option
from netc.types import Array, Reject, Tensor


@layer("accuracy", family="measure")
class Accuracy(Layer):
    """The part of the batch whose right class is among the `top` highest scores.

    Ties count against the label, as in Caffe: a network that gives all classes the same score
    has accuracy 0, and so has one whose scores are not numbers.

    Example:
        accuracy([3], class(3), top: 2) -> []
    """

    top: int = option(
        1, "How many of the highest scores may hold the right class.", main=True, at_least=1
    )
    ignore: int | None = option(
        None, "A label that does not count; the mean is over the others, and 0 if there are none."
    )

    roles = ("metric",)
    backward = None

    def infer(self, scores: Tensor, label: Tensor) -> Tensor:
        require.scores_and_label(scores, label)
        if self.top > scores.size:
            raise Reject(
                "top",
                f"the top {self.top} of {scores.size} classes are always right",
                help=f"set `top` to less than {scores.size}",
            )
        return Tensor((), scores.dtype, batched=False)

    def work(self, batch: int, threads: int, scores: Tensor, label: Tensor) -> dict[str, Tensor]:
        return {"lower": Tensor(scores.shape, "u8")}

    def forward(self, scores: Array, label: Array, y: Array, lower: Array) -> None:
        counted = np.not_equal(label, self.ignore) if self.ignore is not None else None
        taken = label if counted is None else np.where(counted, label, 0)
        mask = lower.view(np.bool_)
        np.less(scores, scores[np.arange(len(label)), taken][:, None], out=mask)
        # Counting what is lower, not what is higher, makes NaN a miss.
        hit = np.count_nonzero(mask, axis=1) >= scores.shape[1] - self.top
        if counted is not None:
            hit = hit[counted]
        y[...] = np.count_nonzero(hit) / max(1, len(hit))

    def counts(self, label: Array) -> int:
        return len(label) if self.ignore is None else int(np.count_nonzero(label != self.ignore))

    def torch(self, t: Any, scores: Any, label: Any) -> Any:
        right = scores.gather(1, label[:, None])
        hit = (scores >= right).sum(dim=1) <= self.top
        if self.ignore is not None:
            hit = hit[label != self.ignore]
        return hit.to(scores.dtype).sum() / max(1, len(hit))
