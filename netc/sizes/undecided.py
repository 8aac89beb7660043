"""The refusal of a question whose answer hangs on sizes that are not known."""

from collections.abc import Iterable, Mapping

from netc.sizes.formula import Symbol
from netc.types import Reject


class Undecided(Reject):
    """A question that has different answers for different sizes, or may have."""

    def __init__(self, question: str, open: Iterable[Symbol], *, culprit: str = "") -> None:
        self.open = tuple(sorted(set(open), key=str))
        are = "are" if len(self.open) > 1 else "is"
        names = " and ".join(f"`{unknown}`" for unknown in self.open)
        reason = f"{question} cannot be told while {names} {are} open"
        super().__init__(culprit, reason, help=way_to_give({s.name: s.witness for s in self.open}))


def way_to_give(sizes: Mapping[str, int]) -> str:
    """How sizes are given on the command line; empty for none."""
    given = " ".join(f"--set {name}={size}" for name, size in sorted(sizes.items()))
    return f"give the size{'s' if len(sizes) > 1 else ''}: `{given}`" if sizes else ""
