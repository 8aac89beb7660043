"""What an optimizer is: options, arrays that go on from step to step, and a rule."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, dataclass_transform

from netc.options import entered, option
from netc.types import Array, Number, Pointwise

OPTIMIZERS: dict[str, type["Optimizer"]] = {}
"""Every optimizer by name."""


@dataclass(frozen=True)
class Optimizer(ABC):
    """Base of all optimizers: the options that every one of them has.

    `update` changes the weights `w`, given their gradient `g` (read only), the optimizer's own
    arrays, the `rate` of this step, its number `count` (from 1) and an array `t` to work in.
    """

    name: ClassVar[str]
    rate: float
    decay: float
    l1: float

    @property
    def arrays(self) -> tuple[str, ...]:
        """Names of the arrays, each as large as the weights, that go on from step to step."""
        return ()

    @abstractmethod
    def update(
        self, w: Array, g: Array, arrays: Sequence[Array], rate: float, count: int, t: Array
    ) -> None:
        """Move `w` one step."""

    def counted(self, step: int, batch: int) -> int:
        """The `count` of a step over so many examples, which is 1 in the first."""
        return step

    def pace(self, rate: float, count: int) -> tuple[float, ...]:
        """The numbers of one step that `formula` works with."""
        return (rate,)

    @abstractmethod
    def formula(
        self, p: Pointwise, w: Number, g: Number, arrays: Sequence[Number], pace: Sequence[Number]
    ) -> tuple[Number, ...]:
        """`update` for one weight, as arithmetic that `p` writes down: what becomes of the weight,
        and of its number in each array. Compiled code takes one pass for it."""


@dataclass_transform(frozen_default=True, field_specifiers=(option,))
def optimizer(name: str) -> Callable[[type], Any]:
    """Make a class an optimizer and enter it in the registry."""
    return entered(OPTIMIZERS, name)
