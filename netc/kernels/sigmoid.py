"""The sigmoid and its slope, which many gates are made of."""

import numpy as np

from netc.types import Array


def sigmoid(a: Array) -> None:
    """1 / (1 + exp(-a)) in the place of a."""
    np.negative(a, out=a)
    with np.errstate(over="ignore"):  # exp gives infinity, and 1 / infinity is the right 0
        np.exp(a, out=a)
    a += 1
    np.divide(1, a, out=a)


def times_bell(slope: Array, gate: Array, room: Array) -> None:
    """Multiply the slope of what is inside a sigmoid by the sigmoid's own, gate * (1 - gate)."""
    slope *= gate
    np.subtract(1, gate, out=room)
    slope *= room
