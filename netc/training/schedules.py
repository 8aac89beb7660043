"""How the learning rate changes while training goes on: factors on the optimizer's rate.

Counts are in epochs, and fractions of an epoch count: after half of the third epoch 2.5 are done.
Schedules with the option `unit: step` count steps instead, as Caffe's solvers do.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, dataclass_transform

from netc.options import entered, option

SCHEDULES: dict[str, type["Schedule"]] = {}
"""Every schedule by name."""

_UNITS = ("epoch", "step")
_SLACK = 1e-9
"""Added before rounding down, so that 3 * 0.1 epochs count as 0.3."""


@dataclass(frozen=True)
class Progress:
    """How far training is before a step: steps and epochs done, and the whole number of steps."""

    step: int
    steps_per_epoch: int
    steps: int

    def count(self, unit: str) -> float:
        """Epochs or steps done, an epoch's fraction included."""
        return self.step if unit == "step" else self.step / self.steps_per_epoch

    @property
    def part(self) -> float:
        """The part of all steps that is done, from 0 to 1."""
        return min(self.step / self.steps, 1.0) if self.steps else 1.0


class Schedule(ABC):
    """Base of all schedules."""

    name: ClassVar[str]

    @abstractmethod
    def factor_at(self, progress: Progress) -> float:
        """The factor on the rate in the step that comes after this progress."""


@dataclass_transform(frozen_default=True, field_specifiers=(option,))
def schedule(name: str) -> Callable[[type], Any]:
    """Make a class a schedule and enter it in the registry."""
    return entered(SCHEDULES, name)


@schedule("fixed")
class Fixed(Schedule):
    """The same rate from start to end."""

    def factor_at(self, progress: Progress) -> float:
        return 1.0


@schedule("step")
class Step(Schedule):
    """The rate times `factor` after every so many epochs: factor ^ floor(done / every)."""

    every: float = option(doc="Epochs between two drops.", main=True, above=0)
    factor: float = option(0.1, "Factor on the rate at each drop.", at_least=0)
    unit: str = option("epoch", "What `every` counts.", choices=_UNITS)

    def factor_at(self, progress: Progress) -> float:
        return _power(self.factor, math.floor(progress.count(self.unit) / self.every + _SLACK))


@schedule("multistep")
class Multistep(Schedule):
    """The rate times `factor` once at each of the given epochs."""

    at: tuple[float, ...] = option(doc="Epochs done when the rate drops.", main=True, at_least=0)
    factor: float = option(0.1, "Factor on the rate at each drop.", at_least=0)
    unit: str = option("epoch", "What `at` counts.", choices=_UNITS)

    def factor_at(self, progress: Progress) -> float:
        done = progress.count(self.unit) + _SLACK
        return _power(self.factor, sum(done >= place for place in self.at))


@schedule("exp")
class Exp(Schedule):
    """The rate shrinks by the same factor in every epoch, smoothly: factor ^ done."""

    factor: float = option(0.95, "Factor on the rate over one epoch.", main=True, at_least=0)
    unit: str = option("epoch", "What the factor is for.", choices=_UNITS)

    def factor_at(self, progress: Progress) -> float:
        return _power(self.factor, progress.count(self.unit))


@schedule("inv")
class Inv(Schedule):
    """The rate falls like a power of time: (1 + factor * done) ^ -power."""

    factor: float = option(0.1, "How fast time runs.", main=True, at_least=0)
    power: float = option(0.75, "How steeply the rate falls.", at_least=0)
    unit: str = option("epoch", "What time is counted in.", choices=_UNITS)

    def factor_at(self, progress: Progress) -> float:
        return _power(1 + self.factor * progress.count(self.unit), -self.power)


@schedule("poly")
class Poly(Schedule):
    """The rate falls to 0 at the end of training: (1 - done / all) ^ power."""

    power: float = option(1.0, "1 is a straight line.", main=True, at_least=0)

    def factor_at(self, progress: Progress) -> float:
        return _power(1 - progress.part, self.power)


@schedule("cosine")
class Cosine(Schedule):
    """Half a cosine wave from the full rate to 0 (Loshchilov and Hutter 2017, eq. 5)."""

    lowest: float = option(0.0, "The last factor on the rate.", at_least=0, at_most=1)

    def factor_at(self, progress: Progress) -> float:
        wave = (1 + math.cos(math.pi * progress.part)) / 2
        return self.lowest + (1 - self.lowest) * wave


def _power(base: float, exponent: float) -> float:
    """`base ** exponent`, infinite where no number is that large."""
    try:
        return float(base**exponent)
    except OverflowError:
        return math.inf
