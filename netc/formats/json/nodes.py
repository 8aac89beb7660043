"""What JSON is made of, each part with its place in the text."""

from dataclasses import dataclass

from netc.diag import Source, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """Any part: the text from `start` up to, not including, `end`."""

    start: int
    end: int

    def span(self, source: Source) -> Span:
        """The part as a place, with the quotes or brackets around it."""
        return Span(source, self.start, self.end)


@dataclass(frozen=True, slots=True)
class String(Piece):
    value: str

    def inside(self, source: Source) -> Span:
        """The place without the quotes, which are absent where JavaScript needs none."""
        if source.text[self.start : self.start + 1] not in ('"', "'", "`"):
            return self.span(source)
        return Span(source, self.start + 1, max(self.end - 1, self.start + 1))


@dataclass(frozen=True, slots=True)
class Number(Piece):
    value: int | float


@dataclass(frozen=True, slots=True)
class Constant(Piece):
    """`true`, `false` or `null`."""

    value: bool | None


@dataclass(frozen=True, slots=True)
class Array(Piece):
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Member:
    key: String
    value: "Node"


@dataclass(frozen=True, slots=True)
class Object(Piece):
    """Members as written: in their order, and again where a key is repeated."""

    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Broken(Piece):
    """Where a value should be and none can be read; what is wrong with it has been told."""


Node = String | Number | Constant | Array | Object | Broken
