"""Where a label points: the scores of the right classes, and the places that count."""

import numpy as np

from netc.types import Array


def counted(label: Array, ignore: int | None) -> Array | None:
    """A mask of the labels that count; None where all of them do."""
    return None if ignore is None else np.not_equal(label, ignore)


def count_of(label: Array, ignore: int | None) -> int:
    """How many labels count."""
    return label.size if ignore is None else int(np.count_nonzero(label != ignore))


def right_of(label: Array, mask: Array | None = None) -> tuple[Array, ...]:
    """The index of the right scores in scores [n, classes, ...], of the label's shape [n, ...].

    Where the mask says that a label does not count, class 0 stands for it.
    """
    taken = label if mask is None else np.where(mask, label, 0)
    example, *places = np.ogrid[tuple(slice(side) for side in label.shape)]
    return (example, taken, *places)
