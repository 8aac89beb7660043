"""What a network becomes before it becomes calls: kernels still to be made, on named values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from netc.ir import Node
from netc.native.formula import Formula
from netc.native.kernel import Kernel
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import Target
from netc.types import Dtype, Shape

Scope = Literal["block", "whole", "rule"]
"""Where a task works: on each block of examples by itself, on all blocks at once, or, as the NumPy
rule of its node, outside of any kernel."""


@dataclass(frozen=True)
class Sizes:
    """What a kernel may depend on: how values lie, and how many there are."""

    layouts: Mapping[str, Layout]
    target: Target
    dtype: Dtype
    batch: int
    block: int
    blocks: int
    threads: int

    def __getitem__(self, value: str) -> Layout:
        return self.layouts[value]


Make = Callable[[Sizes, Tail | None], Kernel]


@dataclass(frozen=True, eq=False)
class Task:
    """One kernel for one node, or one rule.

    `operands` binds arguments of the kernel to values; those in `made` are written. The formula, if
    there is one, works on numbers of `shape`; it may read and write values of its own. Values named
    in `partial` are accumulators: each thread has one of its own, which is zero at the start.
    """

    node: Node
    scope: Scope
    operands: Mapping[str, str] = field(default_factory=dict)
    made: tuple[str, ...] = ()
    make: Make | None = None
    formula: Formula | None = None
    shape: Shape = ()
    partial: tuple[str, ...] = ()
    what: str = ""
    fused: tuple[Node, ...] = ()

    @property
    def writes(self) -> tuple[str, ...]:
        """The values it makes, accumulators among them."""
        if self.scope == "rule":
            return self.node.writes
        own = tuple(self.operands[argument] for argument in self.made)
        return (*own, *(self.formula.writes if self.formula else ()))

    @property
    def reads(self) -> tuple[str, ...]:
        if self.scope == "rule":
            return self.node.reads
        own = tuple(v for argument, v in self.operands.items() if argument not in self.made)
        return (*own, *(self.formula.reads if self.formula else ()))

    @property
    def is_pointwise(self) -> bool:
        """Whether it is a formula and nothing else."""
        return self.formula is not None and not self.formula.names("made") and not self.operands

    def fuse(self, other: "Task") -> "Task":
        """This task, doing in the same pass over memory what a pointwise one does after it."""
        if self.formula is None or other.formula is None:
            raise ValueError("only formulas are fused")
        return replace(
            self,
            formula=self.formula.then(other.formula),
            partial=self.partial + other.partial,
            fused=(*self.fused, other.node, *other.fused),
        )
