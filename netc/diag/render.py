"""Diagnostics as text: rustc's form for people, one line for editors."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from netc.diag.diagnostic import Diagnostic, Label, Level
from netc.diag.span import Source

_RED, _YELLOW, _BLUE, _BOLD, _RESET = "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"
_TAB = "    "
_WIDEST_LINE = 160
_CUT = "..."
_MONSTER = re.compile(r"[^\s`]{500,}")
"""A word that is too long to be read, as from a file that is no spec."""


def render(diagnostic: Diagnostic, *, color: bool = False) -> str:
    """Draw one diagnostic the way rustc does, without a line end."""
    d = diagnostic
    tone = _RED if d.level is Level.ERROR else _YELLOW
    paint = _Paint(color)
    head = paint(tone, f"{d.level.value}[{d.slug}]") + paint(_BOLD, f": {printable(d.message)}")
    gutter, body = _snippets(d, tone, paint)
    tail = [("note", n) for n in d.notes] + [("help", h) for h in d.helps]
    lines = [head, *body]
    if tail and body:
        lines.append(f"{' ' * gutter} {paint(_BLUE, '|')}")
    for kind, text in tail:
        first, *more = printable(text, keep_lines=True).split("\n")
        lines.append(f"{' ' * gutter} {paint(_BLUE, '=')} {paint(_BOLD, kind)}: {first}")
        lines += [f"{' ' * gutter}   {' ' * len(kind)}  {line}" for line in more]
    return "\n".join(lines)


def render_concise(diagnostic: Diagnostic) -> str:
    """One line: `file:line:column: error[slug]: message`."""
    d = diagnostic
    place = f"{printable(str(d.primary.span))}: " if d.primary else ""
    return f"{place}{d.level.value}[{d.slug}]: {printable(d.message)}"


def printable(text: str, *, keep_lines: bool = False) -> str:
    """The text with tabs widened and every control character made visible.

    A source is data from anywhere: no byte of it may steer the reader's terminal.
    """
    kept = "\n" if keep_lines else ""
    text = _MONSTER.sub(lambda word: word[0][:100] + _CUT, text)
    return "".join(c if c in kept else _visible(c) for c in text)


def _visible(character: str) -> str:
    if character == "\t":
        return _TAB
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
        return "\N{REPLACEMENT CHARACTER}"
    return character


def _width(text: str) -> int:
    """Columns a printable text takes on a terminal."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    joined = sum(unicodedata.combining(c) != 0 for c in text)
    return len(text) + wide - joined


class _Paint:
    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, tone: str, text: str) -> str:
        return f"{tone}{text}{_RESET}" if self._color and text else text


def _snippets(d: Diagnostic, tone: str, paint: _Paint) -> tuple[int, list[str]]:
    """The width of the line numbers, and the drawn parts of every source that is shown."""
    if d.primary is None:
        return 0, []
    labels = [d.primary, *d.others]
    sources = list(dict.fromkeys(label.span.source for label in labels))
    last = max(label.span.source.position(label.span.start)[0] for label in labels)
    gutter = len(str(last))
    lines: list[str] = []
    for source in sources:
        here = [label for label in labels if label.span.source is source]
        arrow = "-->" if source is d.primary.span.source else ":::"
        place = printable(str(here[0].span))
        lines.append(f"{' ' * gutter}{paint(_BLUE, arrow)} {place}")
        lines.append(f"{' ' * gutter} {paint(_BLUE, '|')}")
        lines += _source_lines(source, here, d.primary, gutter, tone, paint)
    return gutter, lines


def _source_lines(
    source: Source,
    labels: Sequence[Label],
    primary: Label,
    gutter: int,
    tone: str,
    paint: _Paint,
) -> list[str]:
    by_line: dict[int, list[Label]] = {}
    for label in labels:
        by_line.setdefault(source.position(label.span.start)[0], []).append(label)
    out: list[str] = []
    previous = 0
    for number in sorted(by_line):
        if previous and number == previous + 2:
            between = _excerpt(source, previous + 1)
            out.append(_numbered(previous + 1, between, gutter, paint))
        elif previous and number > previous + 2:
            out.append(paint(_BLUE, "..."))
        here = by_line[number]
        shown = _excerpt(source, number, primary if primary in here else here[0])
        out.append(_numbered(number, shown, gutter, paint))
        bar = f"{' ' * gutter} {paint(_BLUE, '|')} "
        rows = _marks(source, shown, here, primary, tone, paint)
        out += [(bar + row).rstrip() for row in rows]
        previous = number
    return out


class _Excerpt(NamedTuple):
    """What is shown of a line: the part from `start` up to `end`, of a long line not all."""

    line: str
    start: int
    end: int

    @property
    def text(self) -> str:
        """The part, with dots where something was cut off."""
        after = _CUT if self.end < len(self.line) else ""
        return self._before + printable(self.line[self.start : self.end]) + after

    @property
    def _before(self) -> str:
        return _CUT if self.start else ""

    def columns(self, start: int, end: int) -> tuple[int, int]:
        """Where a mark of a part of the line begins in `text`, and how wide it is; what was cut
        off is marked at the dots."""
        if end <= self.start > 0:
            return 0, len(_CUT)
        first, last = max(start, self.start), min(end, self.end)
        before = len(self._before) + _width(printable(self.line[self.start : first]))
        return before, max(_width(printable(self.line[first:last])), 1)


def _excerpt(source: Source, number: int, wanted: Label | None = None) -> _Excerpt:
    """The part of a line that is shown, so that what is wanted of it is seen."""
    line = source.line(number)
    column = source.position(wanted.span.start)[1] - 1 if wanted else 0
    start = 0 if column < _WIDEST_LINE // 2 else column - _WIDEST_LINE // 4
    if len(line) <= _WIDEST_LINE:
        return _Excerpt(line, 0, len(line))
    start = max(min(start, len(line) - _WIDEST_LINE), 0)
    return _Excerpt(line, start, start + _WIDEST_LINE)


def _numbered(number: int, shown: _Excerpt, gutter: int, paint: _Paint) -> str:
    return f"{paint(_BLUE, f'{number:>{gutter}} |')} {shown.text}".rstrip()


def _marks(
    source: Source, shown: _Excerpt, labels: list[Label], primary: Label, tone: str, paint: _Paint
) -> list[str]:
    """The rows under a source line: the marks, then the words that found no room beside them."""
    placed = sorted(
        ((*_columns(source, shown, label), label) for label in labels), key=lambda p: p[0]
    )
    row, at = "", 0
    for start, width, label in placed:
        if start < at:
            continue
        shade = tone if label is primary else _BLUE
        row += " " * (start - at) + paint(shade, ("^" if label is primary else "-") * width)
        at = start + width
    *hanging, (start, width, last) = placed
    shade = tone if last is primary else _BLUE
    rows = [f"{row} {paint(shade, printable(last.text))}"]
    hanging = [p for p in hanging if p[2].text]
    while hanging:
        stems = _stems([p[0] for p in hanging])
        start, _, label = hanging.pop()
        shade = tone if label is primary else _BLUE
        rows.append(paint(_BLUE, stems))
        rows.append(paint(_BLUE, stems[:start]) + paint(shade, printable(label.text)))
    return rows


def _stems(columns: list[int]) -> str:
    row = ""
    for column in columns:
        row = row.ljust(column) + "|" if column >= len(row) else row
    return row


def _columns(source: Source, shown: _Excerpt, label: Label) -> tuple[int, int]:
    """Where the mark of a label starts below its line and how wide it is, in terminal columns."""
    start = source.position(label.span.start)[1] - 1
    end = start + max(label.span.end - label.span.start, 1)
    return shown.columns(start, min(end, max(len(shown.line), start + 1)))
