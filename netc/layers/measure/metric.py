"""What a metric is: its value for a batch, and how those of a test set become one."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from netc.layers.base import Layer
from netc.types import Array, Tensor


class Metric(Layer):
    """Base of all metrics: how good a net is, in numbers that no gradient flows through.

    `y` is a mean over the examples of a batch, those of `counts`; over a test set it is the mean
    of its batches, each counting by its examples. A metric that is no mean has `result` instead:
    `y` then holds whole numbers that are added up over the batches, and `result(total)` makes
    what is shown of their sum. It has `rank` axes: none is a number, one is a list with a number
    for each class, two are a table of right classes (rows) by answers (columns). NaN stands where
    there is nothing to tell, as for a class that no example is of.

    Of a number, more is better: the first of a net decides which weights of a training are best.
    """

    roles = ("metric",)
    backward = None

    result: ClassVar[Callable[[Any, Array], Array] | None] = None
    """What is shown of totals that were added up; None for a metric that is a mean."""

    rank: ClassVar[int] = 0
    """Axes of what is shown."""

    is_share: ClassVar[bool] = False
    """Whether it is a part of something, so that people read it as a percentage."""


def totals(*shape: int) -> Tensor:
    """The type of whole numbers that are added up over a test set."""
    return Tensor(shape, "i64", batched=False)


def ratio(part: Array, whole: Array) -> Array:
    """part / whole, NaN where the whole is 0."""
    quotient: Array = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=quotient, where=np.greater(whole, 0))
    return quotient
