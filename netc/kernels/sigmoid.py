"""The sigmoid, which many gates are made of, and the slopes of it and of the tanh."""

import numpy as np

from netc.types import Array


def sigmoid(x: Array, out: Array) -> None:
    """1 / (1 + exp(-x)) into `out`, which may be x."""
    np.multiply(x, -1, out=out)
    with np.errstate(over="ignore"):  # exp gives infinity, and 1 / infinity is the right 0
        np.exp(out, out=out)
    out += 1
    np.divide(1, out, out=out)


def times_bell(slope: Array, gate: Array, room: Array) -> None:
    """Multiply the slope of what is inside a sigmoid by the sigmoid's own, gate * (1 - gate)."""
    slope *= gate
    np.subtract(1, gate, out=room)
    slope *= room


def times_tanh_bell(slope: Array, y: Array, room: Array) -> None:
    """Multiply the slope of what is inside a tanh by that of the tanh, 1 - y^2."""
    np.multiply(y, y, out=room)
    np.subtract(1, room, out=room)
    slope *= room
