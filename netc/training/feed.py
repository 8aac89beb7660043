"""Examples on their way into a net's inputs, and in which order."""

from collections.abc import Mapping, Sequence

import numpy as np

from netc.training.data import Examples, order
from netc.types import Array

_DATA = 2
"""Keeps what is drawn for a batch apart from other draws by the same seed and number."""


class Feed:
    """Training examples in batches. What a step gets follows from the seed and its number alone."""

    def __init__(self, examples: Examples, *, batch: int, seed: int) -> None:
        self.examples = examples
        self.batch = min(batch, len(examples))
        self._seed = seed
        self._epoch, self._order = -1, np.empty(0, np.int64)

    @property
    def steps(self) -> int:
        """Steps in an epoch; the last may be smaller than the others."""
        return -(-len(self.examples) // self.batch)

    def size(self, step: int) -> int:
        """Examples of a step, counted from 0 over all epochs."""
        rest = len(self.examples) % self.batch
        return rest if rest and step % self.steps == self.steps - 1 else self.batch

    def fill(self, step: int, inputs: Mapping[str, Array]) -> None:
        """Write the batch of a step into a net's inputs."""
        epoch, index = divmod(step, self.steps)
        if epoch != self._epoch:
            self._epoch, self._order = epoch, order(len(self.examples), self._seed, epoch)
        start = index * self.batch
        indices = self._order[start : start + self.size(step)]
        fill(self.examples, indices, inputs, (self._seed, _DATA, step))


def fill(
    examples: Examples,
    indices: Array,
    inputs: Mapping[str, Array],
    seed: Sequence[int] | None = None,
) -> None:
    """Write some examples into inputs of the same names; with a seed as training sees them."""
    rng = np.random.default_rng(list(seed or (0,)))
    examples.fill(indices, inputs, rng, training=seed is not None)
