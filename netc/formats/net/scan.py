"""Brackets and comments found without the grammar, so that broken texts can be told of."""

import re
from dataclasses import dataclass, field

_PARTS = re.compile(r'"[^"\n]*"?|#[^\n]*|[()\[\]{}]')
CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass
class Scan:
    """Offsets of what a scan met: comments, brackets still open at the end, the deepest of all."""

    comments: list[tuple[int, int]] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    deepest: int = 0
    deepest_at: int = 0


def scan(text: str, end: int | None = None) -> Scan:
    """Scan the text up to `end`. A closing bracket takes the nearest open one of its kind."""
    found = Scan()
    for match in _PARTS.finditer(text, 0, len(text) if end is None else end):
        part, at = match.group(), match.start()
        if part[0] == "#":
            found.comments.append((at, match.end()))
        elif part in CLOSING:
            found.open.append(at)
            if len(found.open) > found.deepest:
                found.deepest, found.deepest_at = len(found.open), at
        elif found.open and CLOSING[text[found.open[-1]]] == part:
            found.open.pop()
    return found
