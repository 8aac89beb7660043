"""Where in a source a thing stands."""

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, eq=False)
class Source:
    """A text with the path it is called by in messages."""

    path: str
    text: str = field(repr=False)

    @cached_property
    def is_json(self) -> bool:
        """Whether the text is in the JSON form, where a word has quotes around it."""
        begins_so = self.text.lstrip()[:1] in ("{", "[")
        return begins_so or self.path.lower().endswith(".json")

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [0], self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].removesuffix("\r")


@dataclass(frozen=True)
class Span:
    """The part of a source from `start` up to, not including, `end`."""

    source: Source
    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """The span from the start of this one to the end of another."""
        return Span(self.source, self.start, other.end)

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """Line and column of the start, and those of the end, all from 1."""
        return (*self.source.position(self.start), *self.source.position(self.end))

    def __str__(self) -> str:
        line, column = self.source.position(self.start)
        return f"{self.source.path}:{line}:{column}"
