"""The pieces of a text put on lines: broken, indented, and with blank lines where they belong."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from netc.formats.net.spacing import BODIES, Piece

_INDENT = 4


@dataclass
class Line:
    """What stands on one line. `comment` is a remark behind the rest of it; `gap` is how many
    blanks stand behind the first `head` pieces."""

    pieces: list[Piece] = field(default_factory=list)
    comment: str = ""
    is_apart: bool = False
    level: int = 0
    head: int = 0
    gap: int = 1

    @property
    def is_remark(self) -> bool:
        """Whether the line holds a comment and nothing else."""
        return self.pieces[0].is_comment

    def text(self) -> str:
        """The line without the comment behind it."""
        start = " " * (_INDENT * self.level)
        if not self.head or len(self.pieces) == self.head:
            return start + spelled(self.pieces)
        first, rest = self.pieces[: self.head], self.pieces[self.head :]
        return start + spelled(first) + " " * self.gap + spelled(rest)


def spelled(pieces: Iterable[Piece]) -> str:
    """Pieces as they stand beside each other on a line."""
    parts: list[str] = []
    for piece in pieces:
        parts += (" ", piece.text) if piece.apart and parts else (piece.text,)
    return "".join(parts)


def lines_of(pieces: list[Piece]) -> list[Line]:
    """The lines of a text: the author's, but where a body or an `else` wants others."""
    _break_bodies(pieces)
    _trim(pieces)
    lines: list[Line] = []
    for piece in pieces:
        if piece.breaks or not lines:
            lines.append(Line(is_apart=piece.breaks > 1))
        elif piece.is_comment:
            lines[-1].comment = piece.text
            continue
        lines[-1].pieces.append(piece)
    _indent(lines)
    return lines


def _break_bodies(pieces: list[Piece]) -> None:
    """A body that is on more than one line has its brackets on lines of their own."""
    ends = [0]
    for piece in pieces:
        ends.append(ends[-1] + (piece.breaks > 0))
    for at, opening in enumerate(pieces):
        if opening.opens not in BODIES or opening.partner < 0:
            continue
        if ends[opening.partner + 1] == ends[at + 1]:
            continue
        first, last = pieces[at + 1], pieces[opening.partner]
        if not (first.is_comment and not first.breaks):
            first.breaks = max(first.breaks, 1)
        last.breaks = 1


def _trim(pieces: list[Piece]) -> None:
    """Take out blank lines where none belong, and bring `else` to the bracket before it."""
    before: Piece | None = None
    is_remarked = False
    for piece in pieces:
        is_else = piece.text == "else" and not piece.begins
        if before is None or (is_else and before.closes in BODIES and not is_remarked):
            piece.breaks = 0
        elif before.opens or piece.closes or is_else or piece.text == "->":
            piece.breaks = min(piece.breaks, 1)
        is_remarked = piece.is_comment and not piece.breaks and before is not None
        before = before if is_remarked else piece


def _indent(lines: list[Line]) -> None:
    """A line stands one level inside the line that opened the bracket around it, and a line that
    goes on by `->` one level further."""
    levels: list[int] = []
    for line, goes_on in zip(lines, _going_on(lines), strict=True):
        pieces = line.pieces
        closed = 0
        while closed < len(pieces) and pieces[closed].closes and levels:
            line.level = levels.pop()
            closed += 1
        if not closed:
            line.level = (levels[-1] + 1 if levels else 0) + goes_on
        for piece in pieces[closed:]:
            if piece.opens:
                levels.append(line.level)
            elif piece.closes and levels:
                levels.pop()


def _going_on(lines: list[Line]) -> list[bool]:
    """For each line whether it, or the next after remarks, begins with `->`."""
    found: list[bool] = []
    goes_on = False
    for line in reversed(lines):
        goes_on = goes_on if line.is_remark else line.pieces[0].text == "->"
        found.append(goes_on)
    return found[::-1]
