"""The weights moved by an optimizer, in blocks that stay in the processor's cache."""

from collections.abc import Mapping, Sequence

import numpy as np

from netc.engines import Group, Limit
from netc.training.clip import Clipper
from netc.training.limits import Limiter
from netc.training.optimizer import Optimizer
from netc.types import Array

_BLOCK = 1 << 16
"""Numbers updated at a time: 256 KB of float32, so a block and its arrays stay in the L2 cache."""


class Updater:
    """An optimizer with the arrays it carries from step to step.

    With `clip`, the gradients are first shortened to it. After a step, weights that have a limit
    are held to it: Hinton et al., Improving neural networks by preventing co-adaptation of
    feature detectors, 2012, section 2.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        weights: Array,
        gradients: Array,
        groups: Sequence[Group],
        limits: Sequence[Limit] = (),
        *,
        clip: float | None = None,
    ) -> None:
        self._optimizer = optimizer
        self._weights, self._gradients, self._groups = weights, gradients, groups
        self._limiters = [Limiter(limit) for limit in limits]
        self._clipper = None if clip is None else Clipper(gradients, groups, clip)
        self._arrays = {name: np.zeros_like(weights) for name in optimizer.arrays}
        room = min(_BLOCK, weights.size)
        self._decayed, self._work = np.empty(room, weights.dtype), np.empty(room, weights.dtype)

    @property
    def arrays(self) -> Mapping[str, Array]:
        """The carried arrays by name; filling them is how a stopped training goes on."""
        return self._arrays

    def step(self, rate: float, count: int) -> None:
        """Change the weights by their gradients; `count` is 1 in the first step."""
        if self._clipper is not None:
            self._clipper.apply()
        for group in self._groups:
            if group.rate == 0:
                continue
            for start in range(group.start, group.stop, _BLOCK):
                part = slice(start, min(start + _BLOCK, group.stop))
                with np.errstate(over="ignore", invalid="ignore"):  # told of by the next loss
                    self._update(part, group, rate * group.rate, count)
        for limiter in self._limiters:
            limiter.apply()

    def _update(self, part: slice, group: Group, rate: float, count: int) -> None:
        w, g = self._weights[part], self._gradients[part]
        work, decayed = self._work[: w.size], self._decayed[: w.size]
        decay = self._optimizer.decay * group.decay + group.l2
        l1 = self._optimizer.l1 * group.decay + group.l1
        if decay:
            np.multiply(w, decay, out=decayed)
            decayed += g
            g = decayed
        if l1:
            np.multiply(np.sign(w, out=work), l1, out=work)
            g = np.add(g, work, out=decayed)
        arrays = [array[part] for array in self._arrays.values()]
        self._optimizer.update(w, g, arrays, rate, count, work)
