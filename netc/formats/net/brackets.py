"""The brackets that are open at a place of a text that may be broken."""

from dataclasses import dataclass

from netc.diag import Problem, Source, Span
from netc.formats.net.parts import Part
from netc.formats.net.tokens import CLOSING
from netc.formats.problems import UnclosedBracket

DEEPEST = 50
"""How deep brackets may lie in each other."""

_SECTIONS = {
    "train": "train",
    **dict.fromkeys(("net", "block"), "net"),
    **dict.fromkeys(("network", "model", "def", "function", "func", "fn"), "net"),
}
"""The places that heads open, also such as were written by mistake."""


@dataclass
class Open:
    """A bracket that is open, or the line end that stands where a `{` was forgotten.

    `inside` is the place of what stands in it, or "" in a value. `head` is the first word of its
    statement, `indent` the columns before its line.
    """

    part: Part
    inside: str
    indent: int
    head: str
    is_indented: bool = False
    left: Part | None = None  # the first line that the indentation puts outside

    @property
    def is_written(self) -> bool:
        return self.part.kind == "open"

    def never_closed(self, source: Source, seen: Part) -> Problem:
        """The problem that `seen` shows: the bracket was to be closed before it."""
        bracket = self.part.text
        return UnclosedBracket(
            Span(source, self.part.start, self.part.end),
            bracket=bracket,
            closing=CLOSING[bracket],
            seen=Span(source, seen.start, seen.end),
        )


class Brackets(list[Open]):
    """All that are open, the outermost first."""

    @property
    def in_value(self) -> bool:
        return bool(self) and not self[-1].inside

    @property
    def values(self) -> list[Open]:
        """Those of the value that is being read."""
        count = 0
        while count < len(self) and not self[-1 - count].inside:
            count += 1
        return self[len(self) - count :]

    @property
    def place(self) -> str:
        """What a statement stands in."""
        return next((each.inside for each in reversed(self) if each.inside), "file")

    def inside(self, head: str) -> str:
        """The place that a body makes, by the first word of its head."""
        return _SECTIONS.get(head, "net" if self.place == "net" else "unknown")

    def drop(self, count: int) -> list[Open]:
        """Take the innermost `count` away."""
        dropped = self[len(self) - count :]
        del self[len(self) - count :]
        return dropped

    def note_line(self, part: Part, indent: int) -> None:
        """Keep in mind what the indentation of a line says about each of them."""
        for each in self:
            if indent > each.indent:
                each.is_indented = True
            elif each.left is None and each.is_indented:
                each.left = part
