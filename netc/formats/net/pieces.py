"""A broken text cut into statements, so that one mistake hides no other.

Which bracket was forgotten shows only in what follows. A `(` or `[` ends at the latest where
something begins that can be nothing but a statement. A `{` that was not closed, or a `}` too many,
is the one that the indentation speaks for, if the text has too few or too many of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from netc.diag import Problem, Source, Span
from netc.formats.net.brackets import DEEPEST, Brackets, Open
from netc.formats.net.parts import (
    Part,
    after_line_end,
    begins_definition,
    begins_section,
    begins_statement,
    braces_missing,
    has_closing,
    indentation,
    opens_table,
    parts_of,
)
from netc.formats.net.tokens import CLOSING
from netc.formats.problems import SyntaxProblem, TooDeep, UnclosedText

_ITEMS = ("use", "let", "net", "block", "train")


class Piece(NamedTuple):
    """A statement, or its head up to `{`, or what follows a `}`.

    `place` is what it stands in: "file", "net", "train" or "unknown"; a head says what it `opens`.
    `after` is the first word of what a `}` ends before it. `problem` is one of brackets or quotes.
    """

    start: int
    end: int
    place: str
    after: str
    opens: str
    problem: Problem | None


@dataclass
class Cutter:
    """Cuts one text. `pieces` gives pieces and, for braces that do not match, problems.

    `start`, `head` (its first word), `after` and `problem` are of the piece that is being read,
    `indent` and `is_first` of its line. `before` is the part before the present one, `ended` the
    last section that ended, `missing` how many `}` there are less than `{` among the braces that
    no problem has been told of.
    """

    source: Source
    open: Brackets = field(default_factory=Brackets)
    start: int | None = None
    head: str = ""
    after: str = ""
    problem: Problem | None = None
    indent: int = 0
    is_first: bool = True
    blank_up_to: int = 0
    before: Part | None = None
    ended: tuple[Open, Part] | None = None

    def __post_init__(self) -> None:
        self.text = self.source.text
        self.missing = braces_missing(self.text)

    def pieces(self) -> Iterator[Piece | Problem]:
        for part in parts_of(self.text):
            if part.kind == "end":
                yield from self._end_line(part)
                continue
            if self.is_first:
                yield from self._begin_line(part)
            yield from self._take(part)
            self.before, self.is_first = part, False
            if len(self.open) > DEEPEST:
                yield TooDeep(self._span(part), limit=DEEPEST)
                return
        yield from self._end_text()

    # ---- lines

    def _end_line(self, part: Part) -> Iterator[Piece]:
        self.is_first = self.is_first or part.text != ";"
        if part.start < self.blank_up_to or self.open.in_value:
            return
        if part.text == ";" and self.head == "for":
            return
        self.blank_up_to, goes_on = after_line_end(self.text, part.end)
        if goes_on:
            return
        head = self._forgot_brace(part)
        yield from self._cut()
        self.after, self.before = "", part
        if head:
            self.missing += 1
            self.open.append(head)

    def _begin_line(self, part: Part) -> Iterator[Piece | Problem]:
        self.indent = indentation(self.text, part.start)
        if self.open.in_value and self._is_new_statement(part):
            self._forget_values(part)
            yield from self._cut()
        if part.text in ("}", "->"):
            return
        is_section = begins_section(self.text, part.start)
        if is_section and self.open and self.indent <= self.open[-1].indent:
            yield from self._unclosed(len(self.open), part)
        elif not is_section and self._goes_on_after_section(part):
            yield from self._reopen()
        self.open.note_line(part, self.indent)

    def _forgot_brace(self, part: Part) -> Open | None:
        """A head without its `{`, where the text has a `}` too many and goes on further in."""
        is_last = part.text == ";" or self.before is None or self.start is None
        if (
            is_last
            or self.missing >= 0
            or self.text[self.blank_up_to : self.blank_up_to + 1] == "}"
        ):
            return None
        if indentation(self.text, self.blank_up_to) <= self.indent:
            return None
        if self.problem is None:
            span = Span(self.source, part.start, part.end)
            what, way_out = "the line ends too early", "a body follows: write `{` here"
            self.problem = SyntaxProblem(span, what=what, expected="expected `{`", way_out=way_out)
        return Open(part, self.open.inside(self.head), self.indent, self.head)

    def _goes_on_after_section(self, part: Part) -> bool:
        """Whether a line of the file looks as if it belonged to the section above it."""
        if self.open or self.ended is None or self.missing >= 0:
            return False
        return part.text not in _ITEMS or self.indent > self.ended[0].indent

    def _is_new_statement(self, part: Part) -> bool:
        """Whether a line that begins inside a value shows that its bracket was forgotten."""
        if begins_statement(self.text, part.start):
            return True
        if self.indent > self.open.values[0].indent or part.kind not in ("word", "text", "open"):
            return False
        if self.before is not None and self.before.ends_value:
            return True
        return self.head not in ("net", "block") and begins_definition(self.text, part.start)

    # ---- parts

    def _take(self, part: Part) -> Iterator[Piece | Problem]:
        if self.start is None and part.text != "}":
            self.start, self.head = part.start, part.text
        if part.kind == "open":
            yield from self._take_open(part)
        elif part.text == "}":
            yield from self._take_brace(part)
        elif part.kind == "close":
            self._take_close(part)
        elif part.kind == "unclosed" and self.problem is None:
            line_end = self.text.find("\n", part.start)
            end = line_end if line_end >= 0 else len(self.text)
            self.problem = UnclosedText(Span(self.source, part.start, end))
        elif self.start is not None and self.head == "else" and part.text == "if":
            self.head = "if"

    def _take_open(self, part: Part) -> Iterator[Piece]:
        is_body = part.text == "{" and not opens_table(
            self.text, part.start, self.before, self.open.place
        )
        if is_body and self.open.in_value:
            self._forget_values(part)
        if is_body and self.start == part.start and self.missing > 0 and not self.after:
            self.missing -= 1  # no statement begins with `{`: it is one too many
            return
        inside = self.open.inside(self.head) if is_body else ""
        self.open.append(Open(part, inside, self.indent, self.head))
        if is_body:
            yield from self._cut(part)
            self.after = ""

    def _take_close(self, part: Part) -> None:
        """`)` or `]`: it ends the nearest of its kind, or else the nearest of all."""
        if not self.open.in_value:
            return
        values = [each.part.text for each in self.open.values]
        wanted = [CLOSING[value] for value in values]
        if wanted[-1] != part.text:
            if part.text not in wanted and self._is_closed_later(values[-1], part):
                return
            self._blame(self.open[-1], part)
        while CLOSING[self.open.pop().part.text] != part.text and part.text in wanted:
            pass

    def _is_closed_later(self, opening: str, part: Part) -> bool:
        return opening == "{" or has_closing(self.text, part.end, opening, CLOSING[opening])

    def _take_brace(self, part: Part) -> Iterator[Piece | Problem]:
        while self.open.in_value:
            if self.open[-1].part.text == "{":
                self.open.pop()
                return
            self._blame(self.open[-1], part)
            self.open.pop()
        if self._is_extra_on_line(part):
            self.start = part.start if self.start is None else self.start
            self.problem = self.problem or self._extra(part, "this line opens no `{` for it")
            return
        yield from self._cut()
        if self.is_first and self.open:
            indents = [each.indent for each in self.open]
            if self.missing > 0 and self.indent in indents:
                inner = indents[::-1].index(self.indent)
                yield from self._unclosed(inner if indents[-1] > self.indent else 0, part)
            elif self.missing < 0 and indents[-1] < self.indent:
                yield self._extra(part, "at this indentation nothing is open")
                return
        if not self.open:
            self.missing += 1
            yield Piece(part.start, part.end, "file", "", "", None)
            return
        closed = self.open.pop()
        self.after = closed.head
        self.ended = (closed, part) if not self.open else self.ended

    def _is_extra_on_line(self, part: Part) -> bool:
        """Whether a `}` too many stands in a line that opens nothing it could close."""
        if self.is_first or not self.open or self.missing >= 0:
            return False
        return self.text.find("\n", self.open[-1].part.start, part.start) >= 0

    def _end_text(self) -> Iterator[Piece | Problem]:
        end = len(self.text.rstrip())
        last = Part("end", "", end, end)
        if self.open.in_value:
            self._forget_values(last)
        yield from self._cut()
        yield from self._unclosed(len(self.open), last)

    # ---- what is found

    def _cut(self, head: Part | None = None) -> Iterator[Piece]:
        """End the piece before this place; a `head` ends with the `{` given."""
        if self.start is None and head is None:
            self.problem = None
            return
        end = head.end if head else self.before.end if self.before else 0
        start = self.start if self.start is not None else end - 1
        place = Brackets(self.open[:-1]).place if head else self.open.place
        opens = self.open[-1].inside if head else ""
        yield Piece(start, end, place, self.after, opens, self.problem)
        self.start, self.problem, self.head = None, None, ""

    def _blame(self, open: Open, seen: Part) -> None:
        """Let the piece fail at a bracket that was never closed, unless it fails already."""
        if self.problem is None:
            self.problem = open.never_closed(self.source, seen)

    def _forget_values(self, seen: Part) -> None:
        self._blame(self.open[-1], seen)
        self.open.drop(len(self.open.values))

    def _unclosed(self, count: int, seen: Part) -> Iterator[Problem]:
        """The innermost `count` bodies were never closed; what follows stands outside."""
        for each in self.open.drop(count):
            self.missing -= 1
            self.after = ""
            if each.is_written:
                yield each.never_closed(self.source, each.left or seen)

    def _reopen(self) -> Iterator[Problem]:
        """A line follows the end of its section: the `}` before was one too many."""
        assert self.ended is not None
        section, brace = self.ended
        yield self._extra(brace, "ends the section here, but more of it follows")
        self.open.append(section)
        self.ended, self.after = None, ""

    def _extra(self, part: Part, why: str) -> Problem:
        self.missing += 1
        return SyntaxProblem(
            self._span(part), what="one `}` too many", expected=why, way_out="remove it"
        )

    def _span(self, part: Part) -> Span:
        return Span(self.source, part.start, part.end)
