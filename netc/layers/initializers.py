"""How weights start: the first numbers of what training will learn."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, dataclass_transform

import numpy as np

from netc.options import entered, option, plain
from netc.types import Array, Rng, Shape, show_shape

INITIALIZERS: dict[str, type["Initializer"]] = {}
"""Every initializer by name."""


class Initializer(ABC):
    """Base of all initializers."""

    name: ClassVar[str]

    @abstractmethod
    def fill(self, shape: Shape, fan_in: int, fan_out: int, rng: Rng) -> Array:
        """A new float64 array of the first values. Same generator state, same numbers."""

    def refusal(self, shape: Shape) -> str:
        """Why a weight of this shape cannot start so; empty where it can."""
        return ""


@dataclass_transform(frozen_default=True, field_specifiers=(option,))
def initializer(name: str) -> Callable[[type], Any]:
    """Make a class an initializer and enter it in the registry."""
    return entered(INITIALIZERS, name)


@initializer("constant")
class Constant(Initializer):
    """The same number everywhere."""

    value: float = option(0.0, "The number.", main=True)

    def fill(self, shape: Shape, fan_in: int, fan_out: int, rng: Rng) -> Array:
        return np.full(shape, self.value)


@initializer("uniform")
class Uniform(Initializer):
    """Evenly drawn numbers between `low` and `high`."""

    low: float = option(-0.1, "Lowest number.")
    high: float = option(0.1, "Highest number.")

    def fill(self, shape: Shape, fan_in: int, fan_out: int, rng: Rng) -> Array:
        return rng.uniform(self.low, self.high, shape)

    def refusal(self, shape: Shape) -> str:
        if self.low <= self.high:
            return ""
        return f"no number lies between `low` {plain(self.low)} and `high` {plain(self.high)}"


@initializer("gaussian")
class Gaussian(Initializer):
    """Normally distributed numbers."""

    std: float = option(0.01, "Standard deviation.", main=True, at_least=0)
    mean: float = option(0.0, "Mean.")

    def fill(self, shape: Shape, fan_in: int, fan_out: int, rng: Rng) -> Array:
        return rng.normal(self.mean, self.std, shape)


@initializer("xavier")
class Xavier(Initializer):
    """Uniform numbers whose variance is one over the fan (Glorot and Bengio 2010, as Caffe does).

    With `fan: in`, the default, the range is plus or minus sqrt(3 / fan_in).
    """

    fan: str = option("in", "Which fan scales.", main=True, choices=("in", "out", "average"))

    def fill(self, shape: Shape, fan_in: int, fan_out: int, rng: Rng) -> Array:
        limit = np.sqrt(3.0 / _fan(self.fan, fan_in, fan_out))
        return rng.uniform(-limit, limit, shape)


@initializer("msra")
class Msra(Initializer):
    """Normal numbers of variance 2 / fan, for layers before a `relu` (He et al. 2015, eq. 10)."""

    fan: str = option("in", "Which fan scales.", main=True, choices=("in", "out", "average"))

    def fill(self, shape: Shape, fan_in: int, fan_out: int, rng: Rng) -> Array:
        return rng.normal(0.0, np.sqrt(2.0 / _fan(self.fan, fan_in, fan_out)), shape)


@initializer("bilinear")
class Bilinear(Initializer):
    """The weights with which `deconv` enlarges an image by linear interpolation, as Caffe has them.

    Along each axis of a kernel of k places, place i is 1 - |i / f - (k - 1) / (2 f)| with
    f = k / 2 rounded up; the weight is the product over the axes. To enlarge f times, a kernel of
    2 f - f % 2 goes with a stride of f and a pad of (f - 1) / 2 rounded up; `groups` as many as
    channels and filters, since channels in one group are added.
    Long, Shelhamer and Darrell, Fully Convolutional Networks, 2015, section 3.3.
    """

    def fill(self, shape: Shape, fan_in: int, fan_out: int, rng: Rng) -> Array:
        weight = np.ones(shape)
        for axis, side in enumerate(shape[2:], start=2):
            half = -(-side // 2)
            heights = 1 - np.abs(np.arange(side) / half - (side - 1) / (2 * half))
            weight *= heights.reshape(-1, *(1,) * (len(shape) - 1 - axis))
        return weight

    def refusal(self, shape: Shape) -> str:
        if len(shape) > 2:
            return ""
        what = f"`bilinear` fills kernels, and {show_shape(shape)} has none"
        return f"{what}: it is for `conv` and `deconv`"


def _fan(which: str, fan_in: int, fan_out: int) -> float:
    return {"in": fan_in, "out": fan_out, "average": (fan_in + fan_out) / 2}[which]
