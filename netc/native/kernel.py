"""What a kernel is: one machine function, made for one set of sizes."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import sha256
from typing import Literal

from netc.native.function import Function
from netc.native.target import Target
from netc.types import Dtype

Kind = Literal["pointer", "shared", "integer"]


@dataclass(frozen=True)
class Argument:
    """A pointer to an array that no other argument touches, one that others may touch too, or a
    64-bit integer."""

    name: str
    kind: Kind = "pointer"


@dataclass(frozen=True)
class Kernel(ABC):
    """A frozen set of sizes and choices from which code is made.

    Equal kernels are the same code, and all fields must have a `repr` that tells them apart: it
    is what the code is cached by. A kernel works on one block of examples, or on the part of its
    work from unit `first` to `stop`, where it has arguments of these names.
    """

    dtype: Dtype

    @property
    @abstractmethod
    def arguments(self) -> tuple[Argument, ...]:
        """What a call gives, in order."""

    @abstractmethod
    def emit(self, f: Function, target: Target) -> None:
        """Write the body. An argument is the operand `%` and its name."""

    def lanes(self, target: Target) -> int:
        """Numbers in a vector of this kernel; a kernel for short rows may take fewer."""
        return target.lanes(self.dtype)

    @property
    def units(self) -> int:
        """How many parts the work can be cut into, for `first` and `stop`."""
        return 1

    @property
    def scratch(self) -> int:
        """Numbers of memory of its own that a call may use, where `scratch` is an argument."""
        return 0

    @cached_property
    def key(self) -> str:
        """A name for the code, the same in every process."""
        facts = ",".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self))
        return sha256(
            f"{type(self).__module__}.{type(self).__name__}({facts})".encode()
        ).hexdigest()


def pointers(*names: str) -> tuple[Argument, ...]:
    """Arguments that are arrays of their own."""
    return tuple(Argument(name) for name in names)


def shared(*names: str) -> tuple[Argument, ...]:
    """Arguments that are arrays which may lie on each other, number for number."""
    return tuple(Argument(name, "shared") for name in names)


UNITS = (Argument("first", "integer"), Argument("stop", "integer"))
"""The part of its work that a call does."""
