"""Where the walk through a body is: what flows there, what names mean, what it is a body of."""

from dataclasses import dataclass, field, replace
from typing import Literal

from netc.ir.scope import Scope, Value
from netc.types import Phase


@dataclass
class Frame:
    """One body while it is walked through.

    `current` flows into the next chain that names no source. In a join `branches` collects what
    the lines give, and every line starts from the same `current`. `results` collects the `output`
    lines of a block.
    """

    scope: Scope
    kind: Literal["net", "block", "train"]
    current: tuple[Value, ...] = ()
    branches: list[Value] | None = None
    results: list[Value] = field(default_factory=list)
    phase: Phase | None = None
    is_loop: bool = False

    def inner(self, scope: Scope) -> "Frame":
        """The frame of a round of a loop, whose lines continue this body."""
        return replace(self, scope=scope, is_loop=True)

    def branching(self, current: tuple[Value, ...]) -> "Frame":
        """The frame of the branches of a join, which start from `current`."""
        return replace(self, current=current, branches=[])

    def at_step(self, flowing: tuple[Value, ...]) -> "Frame":
        """The frame as a step sees it that these values flow into: they are its `in`."""
        return replace(self, current=flowing)

    def within(self, phase: Phase) -> "Frame":
        """The frame of lines that are for one phase only."""
        return replace(self, phase=phase)
