"""What is taken for what: the table of right classes by answers, and what is told by it."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import layer
from netc.layers.labels import counted
from netc.layers.measure.hit import answers
from netc.layers.measure.metric import Metric, ratio, totals
from netc.options import option
from netc.types import Array, Tensor


@layer("confusion", family="measure")
class Confusion(Metric):
    """How many examples of each class (rows) were answered with which class (columns).

    The answer is the class of the highest score, the first of those that tie. On a map, scores
    [classes, ...] and a label for each place, the places are counted. Over a test set, all of it
    is.

    Example:
        confusion([3], class(3)) -> [3, 3]
    """

    ignore: int | None = option(None, "A label that does not count.")

    rank = 2

    def infer(self, scores: Tensor, label: Tensor) -> Tensor:
        require.scores_and_label(scores, label)
        return totals(label.classes or 0, label.classes or 0)

    def forward(self, scores: Array, label: Array, y: Array) -> None:
        y[...] = _table(scores, label, self.ignore)

    def result(self, total: Array) -> Array:
        return total

    def torch(self, t: Any, scores: Any, label: Any) -> Any:
        return _torch_table(t, scores, label, self.ignore)


@layer("mean_iou", family="measure")
class MeanIou(Metric):
    """Intersection over union, the mean of all classes: how well regions are found.

    Of a class, the places that are of it and were answered so, over those that are of it or were
    answered so; counted over the whole test set. A class that there is neither of is left out.
    Long, Shelhamer and Darrell, Fully Convolutional Networks for Semantic Segmentation, 2015,
    section 5.

    Example:
        mean_iou([3, 2, 2], class(3) [2, 2]) -> [2, 3]
    """

    ignore: int | None = option(None, "A label that does not count, nor its place.")

    is_share = True

    def infer(self, scores: Tensor, label: Tensor) -> Tensor:
        require.scores_and_label(scores, label)
        return totals(2, label.classes or 0)

    def forward(self, scores: Array, label: Array, y: Array) -> None:
        table = _table(scores, label, self.ignore)
        y[0] = table.diagonal()
        y[1] = table.sum(axis=0) + table.sum(axis=1) - y[0]

    def result(self, total: Array) -> Array:
        parts = ratio(total[0], total[1])
        seen = parts[~np.isnan(parts)]
        return np.asarray(seen.mean() if len(seen) else 0.0)

    def torch(self, t: Any, scores: Any, label: Any) -> Any:
        table = _torch_table(t, scores, label, self.ignore)
        both = table.diagonal()
        return t.stack([both, table.sum(0) + table.sum(1) - both])


def _table(scores: Array, label: Array, ignore: int | None) -> Array:
    """Counts [right class, answer]."""
    mask, answered, classes = counted(label, ignore), answers(scores), scores.shape[1]
    pairs = label * classes + answered
    taken = pairs.reshape(-1) if mask is None else pairs[mask]
    return np.bincount(taken, minlength=classes * classes).reshape(classes, classes)


def _torch_table(t: Any, scores: Any, label: Any, ignore: int | None) -> Any:
    classes = scores.shape[1]
    pairs = label * classes + scores.argmax(1)
    taken = pairs.flatten() if ignore is None else pairs[label != ignore]
    return t.bincount(taken, minlength=classes**2).reshape(classes, classes)
