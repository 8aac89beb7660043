"""Which answers are right: the score of the right class among the highest."""

import numpy as np

from netc.kernels.layout import batch_last
from netc.layers import require
from netc.layers.labels import right_of
from netc.types import Array, Reject, Tensor


def check_top(top: int, scores: Tensor, label: Tensor) -> None:
    """Ask for scores of a label's classes, more of them than are looked at."""
    require.scores_and_label(scores, label)
    classes = label.classes or 0
    if top > classes:
        raise Reject(
            "top",
            f"the top {top} of {classes} classes are always right",
            help=f"set `top` to less than {classes}",
        )


def hits(scores: Array, label: Array, mask: Array | None, top: int, lower: Array) -> Array:
    """Whether the right class is among the `top` highest scores, for each label.

    Ties count against the label. `lower` is room for a byte for each score.
    """
    right = scores[right_of(label, mask)]
    is_lower = lower.view(np.bool_)
    np.less(scores, right[:, None], out=is_lower)
    # Counting what is lower, not what is higher, makes NaN a miss.
    found: Array = np.count_nonzero(is_lower, axis=1) >= scores.shape[1] - top
    return found if mask is None else found[mask]


def answers(scores: Array) -> Array:
    """The class of the highest score for each label, the first of those that tie."""
    return np.moveaxis(np.argmax(batch_last(scores), axis=0), -1, 0)
