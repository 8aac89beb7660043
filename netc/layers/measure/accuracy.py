"""How many answers are right: of all, of each class, and of answers that are each yes or no."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import layer
from netc.layers.labels import count_of, counted
from netc.layers.measure.hit import check_top, hits
from netc.layers.measure.metric import Metric, ratio, totals
from netc.options import option
from netc.types import Array, Tensor


@layer("accuracy", family="measure")
class Accuracy(Metric):
    """The part of the batch whose right class is among the `top` highest scores.

    On a map, scores [classes, ...] and a label for each place, the part of all places that count.
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

    is_share = True

    def infer(self, scores: Tensor, label: Tensor) -> Tensor:
        check_top(self.top, scores, label)
        return Tensor((), scores.dtype, batched=False)

    def work(self, batch: int, threads: int, scores: Tensor, label: Tensor) -> dict[str, Tensor]:
        return {"lower": Tensor(scores.shape, "u8")}

    def forward(self, scores: Array, label: Array, y: Array, lower: Array) -> None:
        hit = hits(scores, label, counted(label, self.ignore), self.top, lower)
        y[...] = np.count_nonzero(hit) / max(1, hit.size)

    def counts(self, label: Array) -> int:
        return count_of(label, self.ignore)

    def torch(self, t: Any, scores: Any, label: Any) -> Any:
        hit, taken = _torch_hits(t, scores, label, self.top, self.ignore)
        return hit.to(scores.dtype).sum() / max(1, taken.numel())


@layer("class_accuracy", family="measure")
class ClassAccuracy(Metric):
    """Of each class, the part of its examples whose right class is among the `top` highest scores.

    Over a test set, right answers and examples of each class are counted over all of it; a class
    that no example is of has none. On a map, each place is an example. As `accuracy`, ties count
    against the label.

    Example:
        class_accuracy([3], class(3)) -> [2, 3]
    """

    top: int = option(
        1, "How many of the highest scores may hold the right class.", main=True, at_least=1
    )
    ignore: int | None = option(None, "A label that does not count.")

    rank = 1
    is_share = True

    def infer(self, scores: Tensor, label: Tensor) -> Tensor:
        check_top(self.top, scores, label)
        return totals(2, label.classes or 0)

    def work(self, batch: int, threads: int, scores: Tensor, label: Tensor) -> dict[str, Tensor]:
        return {"lower": Tensor(scores.shape, "u8")}

    def forward(self, scores: Array, label: Array, y: Array, lower: Array) -> None:
        mask = counted(label, self.ignore)
        hit = hits(scores, label, mask, self.top, lower)
        taken = label if mask is None else label[mask]
        y[0] = np.bincount(taken[hit], minlength=y.shape[1])
        y[1] = np.bincount(taken.reshape(-1), minlength=y.shape[1])

    def result(self, total: Array) -> Array:
        return ratio(total[0], total[1])

    def torch(self, t: Any, scores: Any, label: Any) -> Any:
        hit, taken = _torch_hits(t, scores, label, self.top, self.ignore)
        of = [t.bincount(x.flatten(), minlength=scores.shape[1]) for x in (taken[hit], taken)]
        return t.stack(of)


@layer("multi_label_accuracy", family="measure")
class MultiLabelAccuracy(Metric):
    """The part of yes-or-no answers that are right, where an example may be of several classes.

    The answer to a score is yes above `threshold`, and right where it is what `target` says,
    which is yes above 1/2. With `exact`, an example counts as one, right where all of its
    answers are. Measures what `sigmoid_loss` learns.

    Example:
        multi_label_accuracy([3], [3]) -> [2]
    """

    threshold: float = option(
        0.0, "Score above which the answer is yes: 0, or 0.5 for probabilities.", main=True
    )
    exact: bool = option(False, "Whether all answers of an example must be right.")
    ignore: float | None = option(None, "A target that does not count, as of `sigmoid_loss`.")

    is_share = True

    def infer(self, scores: Tensor, target: Tensor) -> Tensor:
        require.same_shape(("scores", scores), ("target", target))
        return totals(2)

    def forward(self, scores: Array, target: Array, y: Array) -> None:
        wrong = np.greater(scores, self.threshold) != np.greater(target, 0.5)
        wrong |= np.isnan(scores)
        known = np.ones_like(wrong) if self.ignore is None else np.not_equal(target, self.ignore)
        wrong &= known
        if self.exact:
            wrong, known = (a.reshape(len(a), -1).any(axis=1) for a in (wrong, known))
        y[1] = np.count_nonzero(known)
        y[0] = y[1] - np.count_nonzero(wrong)

    def result(self, total: Array) -> Array:
        return np.asarray(total[0] / max(1, total[1]))

    def torch(self, t: Any, scores: Any, target: Any) -> Any:
        right = (scores > self.threshold) == (target > 0.5)
        known = t.ones_like(right) if self.ignore is None else target != self.ignore
        if self.exact:
            right = (right | ~known).flatten(1).all(1)
            known = known.flatten(1).any(1)
        return t.stack([(right & known).sum(), known.sum()])


def _torch_hits(t: Any, scores: Any, label: Any, top: int, ignore: int | None) -> tuple[Any, Any]:
    """Whether each label that counts is hit, and those labels."""
    known = t.ones_like(label, dtype=t.bool) if ignore is None else label != ignore
    right = scores.gather(1, t.where(known, label, 0)[:, None])
    hit = (scores >= right).sum(dim=1) <= top
    return hit[known], label[known]
