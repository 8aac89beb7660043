"""A net trained one batch at a time, and asked, by arrays from Python."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from netc.ir import Unfit
from netc.training.checkpoint import write_arrays
from netc.training.evaluate import inputs_for_answers, predict
from netc.training.learner import Learner
from netc.training.network import Measured, Network
from netc.types import Array


class Trainer:
    """A net that learns from the batches it is given.

    `rate` is the learning rate of the next step; it starts as the optimizer's and is yours to
    change. `weights` are the arrays themselves, by name: writing to them changes the net.
    """

    def __init__(self, learner: Learner) -> None:
        self._learner = learner
        self.rate = learner.optimizer.rate

    @property
    def weights(self) -> Mapping[str, Array]:
        return self._learner.network.store.weights

    @property
    def steps(self) -> int:
        """Steps done."""
        return self._learner.step

    def step(self, *inputs: Any, **named: Any) -> Measured:
        """Learn from one batch: arrays of shape (count, ...) in the order of the net's inputs, or
        by name. Gives loss and metrics from before the weights moved; where the loss is not
        finite they did not move.
        """
        network = self._learner.network
        network, arrays = _by_name(network, list(network.graph.inputs), inputs, named)
        engine = network.hold("train", _count(arrays))
        _fill(engine.inputs, arrays)
        return self._learner.learn(engine, self.rate)

    def predict(self, *inputs: Any, **named: Any) -> Any:
        """What the net answers now; see `Net.predict`."""
        return answers(self._learner.network, inputs, named)

    def save(self, path: str | Path) -> None:
        """Write weights and states as a safetensors file."""
        network = self._learner.network
        facts = {"net": network.graph.name, "step": str(self.steps)}
        write_arrays(Path(path), network.store.arrays, facts)


def answers(network: Network, inputs: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """What a network answers to arrays in the order of its inputs or by name, labels left out.

    Shape (count, ...); where there is more than one output, a mapping of them by name.
    """
    if not network.graph_for("infer").outputs:
        raise ValueError(f"the net `{network.graph.name}` has no `output`")
    network, arrays = _by_name(network, inputs_for_answers(network), inputs, named)
    _count(arrays)
    found = predict(network, arrays)
    return next(iter(found.values())) if len(found) == 1 else found


def _by_name(
    network: Network, names: list[str], inputs: Sequence[Any], named: Mapping[str, Any]
) -> tuple[Network, dict[str, Array]]:
    """The given arrays by the inputs they are for, their shapes checked, and a network for them."""
    if len(inputs) > len(names):
        raise TypeError(f"got {len(inputs)} arrays for {len(names)} inputs: {', '.join(names)}")
    placed = dict(zip(names, inputs, strict=False))
    for name in placed.keys() & named.keys():
        raise TypeError(f"got two arrays for `{name}`")
    given = {**placed, **named}
    if set(given) != set(names):
        raise TypeError(f"needs arrays for {', '.join(names)}, got {', '.join(given) or 'none'}")
    arrays = {name: np.asarray(array) for name, array in given.items()}
    try:
        network = network.taking({name: array.shape[1:] for name, array in arrays.items()})
    except Unfit as unfit:
        raise ValueError(unfit.reason) from None
    for name, array in arrays.items():
        wanted = network.graph.types[name]
        if array.shape[1:] != wanted.shape or array.ndim == 0:
            sides = ", ".join(map(str, ("count", *wanted.shape)))
            raise ValueError(f"`{name}` must be of shape ({sides}), got {array.shape}")
        if wanted.classes is not None and array.size:
            low, high = array.min(), array.max()
            if low < 0 or high >= wanted.classes:
                raise ValueError(f"`{name}` must be from 0 to {wanted.classes - 1}")
    return network, arrays


def _count(arrays: Mapping[str, Array]) -> int:
    counts = {len(array) for array in arrays.values()}
    if len(counts) != 1 or 0 in counts:
        raise ValueError("all inputs must have the same number of examples, at least one")
    return counts.pop()


def _fill(inputs: Mapping[str, Array], arrays: Mapping[str, Array]) -> None:
    for name, array in arrays.items():
        np.copyto(inputs[name], array, casting="same_kind")
