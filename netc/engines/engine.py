"""What every engine can do."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from netc.plan import Plan
from netc.types import Array


class Engine(Protocol):
    """Runs a plan over batches of one size."""

    @property
    def plan(self) -> Plan: ...

    @property
    def inputs(self) -> Mapping[str, Array]:
        """Arrays of shape (batch, ...) to be filled before a run."""
        ...

    def run(self, seed: Sequence[int] = (0,)) -> None:
        """Run all steps once. The seed feeds all that is drawn, such as what dropout drops.

        A number that overflows, or is none, is no warning: it is in the values that the run makes.
        """
        ...

    def close(self) -> None:
        """Give the memory back; the engine cannot run again."""
        ...

    def value(self, name: str) -> Array:
        """What the last run made: a root of the graph, as a view that the next run overwrites."""
        ...
