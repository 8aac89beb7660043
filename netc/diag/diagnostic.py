"""What is wrong, where, and what to do: the one form every problem takes before it is shown."""

from dataclasses import dataclass
from enum import Enum

from netc.diag.span import Span


class Level(Enum):
    """How bad it is: an error stops the work, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Label:
    """A place with a few words about it."""

    span: Span
    text: str = ""


@dataclass(frozen=True)
class Fix:
    """A change of the text that mends the problem: put `text` where `span` is.

    One that `is_safe` is what was meant without a doubt, so that no person need look at it.
    """

    title: str
    span: Span
    text: str
    is_safe: bool = True


@dataclass(frozen=True)
class Diagnostic:
    """One occurrence of a problem. `primary` is absent when the problem is in no source text."""

    slug: str
    level: Level
    message: str
    primary: Label | None = None
    others: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()

    @property
    def text(self) -> str:
        """All that is said of it but the other places, a line for each part."""
        label = f": {self.primary.text}" if self.primary and self.primary.text else ""
        notes = [f"note: {note}" for note in self.notes]
        return "\n".join([f"{self.message}{label}", *notes, *(f"help: {h}" for h in self.helps)])

    @property
    def place(self) -> tuple[str, int]:
        """What diagnostics are sorted by: file, then offset; those without a place come first."""
        if self.primary is None:
            return ("", 0)
        return (self.primary.span.source.path, self.primary.span.start)
