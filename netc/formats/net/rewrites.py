"""Where a text cannot go on and there is one way only to write what was meant."""

import re
from typing import NamedTuple


class Rewrite(NamedTuple):
    """Put `text` where a text goes from `start` to `end`."""

    start: int
    end: int
    text: str


class _Row(NamedTuple):
    """For texts where `before` ends the line so far and `here` begins the rest.

    Their groups `old` are what is replaced by `new`. `expected` is a terminal that would have
    been right here, where that matters.
    """

    before: str
    here: str
    new: str
    expected: str = ""


_QUOTES = "'‘’“”„«»"

_ROWS = (
    _Row(r"^\s*$", r"(?P<old>//)", "#"),
    _Row(r"", rf"(?P<old>[{_QUOTES}](?P<text>[^{_QUOTES}\"\n]*)[{_QUOTES}])", '"{text}"', "STRING"),
    _Row(r"", r"(?P<old>[→⟶⇒]|[–—−]>|=>|\|>)", "->", "_ARROW"),
    _Row(r"^\s*\w+\s*(?P<old>=)$", r"(?P<old>>)", "->", "NAME"),  # `relu =` alone is right
    _Row(r"", r"(?P<old>[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\ufeff])", ""),
    _Row(r"^\s*(output|loss|metric)\s*$", r"(?P<old>=[ \t]*)", ""),
    _Row(r"[(,]\s*\w+(?P<old>\s*)$", r"(?P<old>=\s*)[^=\s]", ": ", "COLON"),
    _Row(r"^\s*\w+(?P<old>\s*)$", r"(?P<old>[:=][ \t]*)[^#\s]", " ", "NUMBER"),
    _Row(r"^\s*\w+(?P<old>\s*)$", r"(?P<old>:[ \t]*)[A-Za-z_(]", " = ", "EQUAL"),
    _Row(r"[(,]\s*\w+(?P<old>\s*)$", r"(?P<old>:\s*)\S", " = ", "EQUAL"),
)


def rewrite(text: str, at: int, expected: set[str]) -> Rewrite | None:
    """The sure rewriting at the place where a text cannot go on, if there is one."""
    line = text.rfind("\n", 0, at) + 1
    before, here = text[line:at], text[at : at + 1000]
    for row in _ROWS:
        left, right = re.search(row.before, before), re.match(row.here, here)
        if left and right and (not row.expected or row.expected in expected):
            start = line + left.start("old") if "old" in left.groupdict() else at
            new = row.new.format_map(right.groupdict())
            return Rewrite(start, at + right.end("old"), new)
    return None
