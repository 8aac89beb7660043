"""A broken text cut into statements, so that one mistake hides no other.

Which bracket was forgotten shows only in what follows. A `(` or `[` ends at the latest where
something begins that can be nothing but a statement. A `{` that was not closed, or a `}` too many,
is the one that the indentation speaks for, if the text has too few or too many of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from netc.diag import Problem, Source, Span
from netc.formats.net.parts import (
    Part,
    begins_definition,
    begins_section,
    begins_statement,
    braces_missing,
    goes_on,
    opens_table,
    parts_of,
)
from netc.formats.problems import SyntaxProblem, TooDeep, UnclosedBracket, UnclosedText

DEEPEST = 50
"""How deep brackets may lie in each other."""

CLOSING = {"(": ")", "[": "]", "{": "}"}

_SECTIONS = {
    "train": "train",
    **dict.fromkeys(("net", "block"), "net"),
    **dict.fromkeys(("network", "model", "def", "function", "func", "fn"), "net"),
}
"""The places that heads open, also such as were written by mistake."""


@dataclass(frozen=True)
class Piece:
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
class _Open:
    """A bracket that is open. `inside` is the place of what stands in it, or "" in a value."""

    part: Part
    inside: str
    indent: int
    head: str = ""
    is_indented: bool = False
    left: Part | None = None  # the first line that the indentation puts outside


@dataclass
class Cutter:
    """Cuts one text. `pieces` gives pieces and, for braces that do not match, problems."""

    source: Source
    open: list[_Open] = field(default_factory=list)
    start: int | None = None
    head: str = ""
    after: str = ""
    problem: Problem | None = None
    indent: int = 0
    is_first: bool = True
    before: Part | None = None
    ended: tuple[_Open, Part] | None = None

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
        if part.text == ";" and self.head == "for":
            return
        if not self._in_value and not goes_on(self.text, part.end):
            yield from self._cut()
            self.after, self.before = "", part

    def _begin_line(self, part: Part) -> Iterator[Piece | Problem]:
        line = self.text.rfind("\n", 0, part.start) + 1
        self.indent = len(self.text[line : part.start].expandtabs(4))
        if self._in_value and self._is_new_statement(part):
            self._forget_values(part)
            yield from self._cut()
        if part.text in ("}", "->"):
            return
        is_section = begins_section(self.text, part.start)
        if is_section and self.open and self.indent <= self.open[-1].indent:
            yield from self._unclosed(len(self.open), part)
        elif not is_section and self._goes_on_after_section(part):
            yield from self._reopen()
        for each in self.open:
            if self.indent > each.indent:
                each.is_indented = True
            elif each.left is None and each.is_indented:
                each.left = part

    def _goes_on_after_section(self, part: Part) -> bool:
        """Whether a line of the file looks as if it belonged to the section above it."""
        if self.open or self.ended is None or self.missing >= 0:
            return False
        return part.text != "let" or self.indent > self.ended[0].indent

    def _is_new_statement(self, part: Part) -> bool:
        """Whether a line that begins inside a value shows that its bracket was forgotten."""
        if begins_statement(self.text, part.start):
            return True
        if self.indent > self._outermost.indent or part.kind not in ("word", "text", "open"):
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
        is_body = part.text == "{" and not opens_table(self.text, part.start, self.before)
        if is_body and self._in_value:
            self._forget_values(part)
        inside = self._inside() if is_body else ""
        self.open.append(_Open(part, inside, self.indent, self.head))
        if is_body:
            yield from self._cut(part)
            self.after = ""

    def _take_close(self, part: Part) -> None:
        """`)` or `]`: it ends the nearest of its kind, or else the nearest of all."""
        values = [each.part.text for each in self._values()]
        if not values:
            return
        if CLOSING[values[-1]] != part.text:
            self._blame(self.open[-1], part)
        kinds = [CLOSING[value] for value in values]
        while CLOSING[self.open.pop().part.text] != part.text and part.text in kinds:
            pass

    def _take_brace(self, part: Part) -> Iterator[Piece | Problem]:
        while self._in_value:
            if self.open[-1].part.text == "{":
                self.open.pop()
                return
            self._blame(self.open[-1], part)
            self.open.pop()
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

    def _end_text(self) -> Iterator[Piece | Problem]:
        end = len(self.text.rstrip())
        last = Part("end", "", end, end)
        if self._in_value:
            self._forget_values(last)
        yield from self._cut()
        yield from self._unclosed(len(self.open), last)

    # ---- what is open

    @property
    def _in_value(self) -> bool:
        return bool(self.open) and not self.open[-1].inside

    def _values(self) -> list[_Open]:
        """The open brackets of the value that is being read, the outermost first."""
        count = 0
        while count < len(self.open) and not self.open[-1 - count].inside:
            count += 1
        return self.open[len(self.open) - count :]

    @property
    def _outermost(self) -> _Open:
        return self._values()[0]

    def _inside(self) -> str:
        """The place that the body after the present head makes."""
        if self.head in _SECTIONS:
            return _SECTIONS[self.head]
        around = [each.inside for each in self.open if each.inside]
        return "net" if around and around[-1] == "net" else "unknown"

    # ---- what is found

    def _cut(self, head: Part | None = None) -> Iterator[Piece]:
        """End the piece before this place; a `head` ends with the `{` given."""
        if self.start is None and head is None:
            self.problem = None
            return
        end = head.end if head else self.before.end if self.before else 0
        start = self.start if self.start is not None else end - 1
        around = self.open[:-1] if head else self.open
        place = around[-1].inside if around else "file"
        opens = self.open[-1].inside if head else ""
        yield Piece(start, end, place, self.after, opens, self.problem)
        self.start, self.problem, self.head = None, None, ""

    def _blame(self, open: _Open, seen: Part) -> None:
        """Let the piece fail at a bracket that was never closed, unless it fails already."""
        if self.problem is None:
            self.problem = self._never_closed(open, seen)

    def _forget_values(self, seen: Part) -> None:
        self._blame(self.open[-1], seen)
        del self.open[len(self.open) - len(self._values()) :]

    def _unclosed(self, count: int, seen: Part) -> Iterator[Problem]:
        """The innermost `count` bodies were never closed; what follows stands outside."""
        for each in self.open[len(self.open) - count :]:
            self.missing -= 1
            self.after = ""
            yield self._never_closed(each, each.left or seen)
        del self.open[len(self.open) - count :]

    def _reopen(self) -> Iterator[Problem]:
        """A line follows the end of its section: the `}` before was one too many."""
        assert self.ended is not None
        section, brace = self.ended
        yield self._extra(brace, "ends the section here, but more of it follows")
        self.open.append(section)
        self.ended, self.after = None, ""

    def _never_closed(self, open: _Open, seen: Part) -> Problem:
        bracket = open.part.text
        return UnclosedBracket(
            self._span(open.part),
            bracket=bracket,
            closing=CLOSING[bracket],
            seen=self._span(seen),
        )

    def _extra(self, part: Part, why: str) -> Problem:
        self.missing += 1
        return SyntaxProblem(
            self._span(part), what="one `}` too many", expected=why, way_out="remove it"
        )

    def _span(self, part: Part) -> Span:
        return Span(self.source, part.start, part.end)
