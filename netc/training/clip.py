"""Gradients that are too long are shortened, so that one steep place does not throw training off.

Pascanu, Mikolov and Bengio, On the Difficulty of Training Recurrent Neural Networks, 2013,
algorithm 1; as Caffe's `clip_gradients`.
"""

from collections.abc import Sequence
from math import isfinite, sqrt
from typing import TYPE_CHECKING

import numpy as np

from netc.types import Array

if TYPE_CHECKING:
    from netc.engines import Group

_BLOCK = 1 << 16
"""Numbers squared at a time, in float64, so that no length of float32 numbers overflows."""


class Clipper:
    """Holds the L2 norm of all gradients together to a bound; what does not learn is left out."""

    def __init__(self, gradients: Array, groups: Sequence["Group"], bound: float) -> None:
        self._parts = [gradients[g.start : g.stop] for g in groups if g.rate != 0]
        self._bound = bound
        self._room = np.empty(min(_BLOCK, max(map(len, self._parts), default=0)))

    def apply(self) -> None:
        """Scale the gradients down where they are longer than the bound.

        Gradients that are no numbers stay: they would else become zeros, and nobody would hear
        that the training diverged.
        """
        norm = self.norm()
        if not isfinite(norm) or norm <= self._bound:
            return
        for part in self._parts:
            part *= self._bound / norm

    def norm(self) -> float:
        """The L2 norm of all gradients; the order of the sum is always the same."""
        total = 0.0
        for part in self._parts:
            for start in range(0, len(part), _BLOCK):
                block = part[start : start + _BLOCK]
                room = self._room[: len(block)]
                np.copyto(room, block)
                room *= room
                total += float(np.sum(room))
        return sqrt(total)
