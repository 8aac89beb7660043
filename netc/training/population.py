"""The statistics of the whole training set, in the place of the running ones of single batches.

Ioffe and Szegedy, Batch Normalization, 2015, algorithm 2, lines 8 to 10.
"""

from dataclasses import dataclass

import numpy as np

from netc.passes import gathered_by
from netc.training.data import Examples, order
from netc.training.feed import fill
from netc.training.network import Network

_DROPOUT = 3
"""Keeps what layers draw here apart from other draws by the same seed and number."""


@dataclass(frozen=True)
class Population:
    """What was gathered: `states` were filled, from so many batches of one size.

    `is_finite` is false where a statistic was no number; then all states are as they were.
    """

    states: tuple[str, ...]
    batch: int
    batches: int
    is_finite: bool = True

    @property
    def layers(self) -> int:
        """How many layers have these states."""
        return len({name.rpartition(".")[0] for name in self.states})

    @property
    def examples(self) -> int:
        """How many examples were looked at."""
        return self.batch * self.batches


def fill_population(
    network: Network, examples: Examples, *, batch: int, seed: int, batches: int | None = None
) -> Population:
    """Set every state that is a statistic of the batch to its mean over the training set.

    The net runs as in training, dropout with it, on examples that are cut as in a test; they are
    drawn from the seed, and so are the batches, at most `batches` of them. All are of one size: a
    smaller rest is left out. The variance of a layer is that of its m numbers times m / (m - 1).
    """
    network = network.taking(examples.shapes)
    size = min(batch, len(examples))
    count = min(len(examples) // max(size, 1), batches or len(examples))
    parts = gathered_by(network.graph_for("gather"))
    if not parts or not count:
        return Population((), size, 0)
    totals = {state: np.zeros(network.store.states[state].shape) for state in parts}
    indices = order(len(examples), seed, 0)
    with network.lend("gather", size) as engine:
        for index in range(count):
            fill(examples, indices[index * size : (index + 1) * size], engine.inputs)
            gathered = [
                (totals[state], engine.value(own)) for state in parts for own in parts[state]
            ]
            for _, statistic in gathered:
                statistic.fill(0)
            engine.run((seed, _DROPOUT, index))
            for total, statistic in gathered:
                total += statistic
    means = {state: total / (count * len(parts[state])) for state, total in totals.items()}
    is_finite = all(bool(np.isfinite(mean).all()) for mean in means.values())
    for state, mean in means.items() if is_finite else ():
        network.store.states[state][...] = mean
    return Population(tuple(parts), size, count, is_finite)
