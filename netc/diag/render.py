"""Diagnostics as text: rustc's form for people, one line for editors."""

import unicodedata
from collections.abc import Sequence

from netc.diag.diagnostic import Diagnostic, Label, Level
from netc.diag.span import Source

_RED, _YELLOW, _BLUE, _BOLD, _RESET = "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"
_TAB = "    "
_WIDEST_LINE = 160


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
            out.append(_numbered(source, previous + 1, gutter, paint))
        elif previous and number > previous + 2:
            out.append(paint(_BLUE, "..."))
        out.append(_numbered(source, number, gutter, paint))
        bar = f"{' ' * gutter} {paint(_BLUE, '|')} "
        out += [
            (bar + row).rstrip()
            for row in _marks(source, number, by_line[number], primary, tone, paint)
        ]
        previous = number
    return out


def _numbered(source: Source, number: int, gutter: int, paint: _Paint) -> str:
    text = printable(source.line(number)[: _WIDEST_LINE * 4])
    return f"{paint(_BLUE, f'{number:>{gutter}} |')} {text}".rstrip()


def _marks(
    source: Source, number: int, labels: list[Label], primary: Label, tone: str, paint: _Paint
) -> list[str]:
    """The rows under a source line: the marks, then the words that found no room beside them."""
    placed = sorted(
        ((*_columns(source, number, label), label) for label in labels), key=lambda p: p[0]
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


def _columns(source: Source, number: int, label: Label) -> tuple[int, int]:
    """Where the mark of a label starts on its line and how wide it is, in terminal columns."""
    line = source.line(number)
    start = source.position(label.span.start)[1] - 1
    end = min(start + max(label.span.end - label.span.start, 1), max(len(line), start + 1))
    before = _width(printable(line[:start]))
    return before, max(_width(printable(line[start:end])), 1)
