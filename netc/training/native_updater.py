"""The weights moved by native code: one pass over memory, on all threads."""

from collections.abc import Mapping, Sequence
from math import isfinite

import numpy as np

from netc.engines import Group, Limit, Store, flat_zeros
from netc.native import FlatLength, FlatPass, Formula, Recorder, Stretch, available
from netc.training.limits import Limiter
from netc.training.optimizer import Optimizer
from netc.training.updater import Updater
from netc.types import Array, Number

_CLIP, _DECAY, _L1, _PACE = "clip", "decay", "l1", "pace{}"
"""Names of the numbers that formulas read, in the order in which each group has them."""


class NativeUpdater:
    """Does what `Updater` does, to the bit: see there. Only the length that `clip` holds down is
    summed in another order, and the gradients themselves stay as they are."""

    def __init__(
        self,
        optimizer: Optimizer,
        weights: Array,
        gradients: Array,
        groups: Sequence[Group],
        limits: Sequence[Limit] = (),
        *,
        clip: float | None = None,
        threads: int = 1,
    ) -> None:
        self._optimizer, self._clip = optimizer, clip
        self._limiters = [Limiter(limit) for limit in limits]
        self._arrays = {
            name: flat_zeros(weights.size, weights.dtype.type, slot=slot)
            for slot, name in enumerate(optimizer.arrays, start=2)
        }
        self._groups = [group for group in groups if group.rate != 0]
        names = (_CLIP, _DECAY, _L1, *_pace_names(optimizer))
        self._numbers = np.ones((len(self._groups), len(names)), weights.dtype)
        stretches = []
        for row, group in enumerate(self._groups):
            decay, l1 = _decays(optimizer, group)
            self._numbers[row, 1:3] = decay, l1
            formula = _formula(optimizer, decay=decay, l1=l1, clip=clip)
            places = {name: row * len(names) + column for column, name in enumerate(names)}
            scalars = {name: places[name] for name in formula.names("scalar")}
            stretches.append(Stretch(group.start, group.stop, formula, scalars))
        arrays = {"weight": weights, "gradient": gradients, **self._arrays}
        self._pass = FlatPass(stretches, arrays, self._numbers.reshape(-1), threads=threads)
        self._length = FlatLength(stretches, gradients, threads=threads)

    @property
    def arrays(self) -> Mapping[str, Array]:
        """The carried arrays by name; filling them is how a stopped training goes on."""
        return self._arrays

    def step(self, rate: float, count: int) -> None:
        """Change the weights by their gradients; `count` is 1 in the first step."""
        if self._clip is not None:
            self._numbers[:, 0] = self._factor(self._clip)
        for row, group in zip(self._numbers, self._groups, strict=True):
            row[3:] = self._optimizer.pace(rate * group.rate, count)
        self._pass.run()
        for limiter in self._limiters:
            limiter.apply()

    def _factor(self, bound: float) -> float:
        """What gradients are multiplied by; 1 where their length is no number, see `Clipper`."""
        length = self._length.measure()
        return bound / length if isfinite(length) and length > bound else 1.0


def updater_for(
    optimizer: Optimizer,
    store: Store,
    groups: Sequence[Group],
    *,
    clip: float | None,
    threads: int,
    native: bool,
) -> Updater | NativeUpdater:
    """What moves the weights of a store, by native code where that is asked for and can be made."""
    flat = (store.flat_weights, store.flat_gradients)
    if native and available():
        return NativeUpdater(optimizer, *flat, groups, store.limits, clip=clip, threads=threads)
    return Updater(optimizer, *flat, groups, store.limits, clip=clip)


def _pace_names(optimizer: Optimizer) -> list[str]:
    return [_PACE.format(place) for place, _ in enumerate(optimizer.pace(1.0, 1))]


def _decays(optimizer: Optimizer, group: Group) -> tuple[float, float]:
    return optimizer.decay * group.decay + group.l2, optimizer.l1 * group.decay + group.l1


def _formula(optimizer: Optimizer, *, decay: float, l1: float, clip: float | None) -> Formula:
    """One weight moved: the gradient as it is meant, and the rule of the optimizer."""
    p = Recorder()
    w, g = p.value("weight"), p.value("gradient")
    if clip is not None:
        g = p.mul(g, p.scalar(_CLIP))
    if decay:
        g = p.add(p.mul(w, p.scalar(_DECAY)), g)
    if l1:
        g = p.add(g, p.mul(_sign(p, w), p.scalar(_L1)))
    arrays = [p.value(name) for name in optimizer.arrays]
    pace = [p.scalar(name) for name in _pace_names(optimizer)]
    new = optimizer.formula(p, w, g, arrays, pace)
    names = ("weight", *optimizer.arrays)
    return Formula(tuple(p.steps), tuple(zip(names, new, strict=True))).tidied()


def _sign(p: Recorder, x: Number) -> Number:
    """-1, 0 or 1, and x where that is no number."""
    zero = p.number(0)
    below = p.select(p.greater(zero, x), p.number(-1), x)
    return p.select(p.greater(x, zero), p.number(1), below)
