"""One step of training: forward, backward, and the weights moved."""

import numpy as np

from netc.engines import Engine, groups_that_learn
from netc.training.native_updater import updater_for
from netc.training.network import Measured, Network
from netc.training.optimizer import Optimizer

_DROPOUT = 1
"""Keeps what layers draw in a step apart from other draws by the same seed and number."""


class Learner:
    """A network that learns. `step` is the number of steps done: with the seed it determines
    everything that is drawn, so a run that goes on needs to know nothing else."""

    def __init__(
        self, network: Network, optimizer: Optimizer, *, seed: int, clip: float | None = None
    ) -> None:
        store = network.store
        self.network, self.optimizer, self.seed = network, optimizer, seed
        groups = groups_that_learn(network.graph_for("train"), store)
        self.updater = updater_for(
            optimizer,
            store,
            groups,
            clip=clip,
            threads=network.threads,
            native=network.engine_name != "numpy",
        )
        self.step = 0
        self._states = [(array, np.empty_like(array)) for array in store.states.values()]

    def learn(self, engine: Engine, rate: float) -> Measured:
        """Learn from the batch in the engine's inputs.

        Weights and states stay as they are when the loss is not finite, and the step does not
        count: one bad batch is no end to running means.
        """
        for state, before in self._states:
            np.copyto(before, state)
        engine.run((self.seed, _DROPOUT, self.step))
        measured = self.network.measured(engine)
        if measured.loss is not None and is_finite(measured.loss):
            self.step += 1
            self.updater.step(rate, self.optimizer.counted(self.step, engine.plan.batch))
        else:
            for state, before in self._states:
                np.copyto(state, before)
        return measured


def is_finite(loss: float) -> bool:
    """Whether a loss is a number that can be made smaller."""
    return abs(loss) < float("inf")
