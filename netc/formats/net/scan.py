"""Comments and the depth of brackets, found without the grammar."""

import re
from dataclasses import dataclass, field

from netc.formats.net.tokens import CLOSING

_PARTS = re.compile(r'"[^"\n]*"?|#[^\n]*|[()\[\]{}]')


@dataclass
class Scan:
    """Where comments are, how deep brackets lie in each other, and where that is."""

    comments: list[tuple[int, int]] = field(default_factory=list)
    deepest: int = 0
    deepest_at: int = 0


def scan(text: str) -> Scan:
    """Scan a text. A closing bracket that does not fit the nearest open one counts for nothing."""
    found, still_open = Scan(), list[str]()
    for match in _PARTS.finditer(text):
        part, at = match.group(), match.start()
        if part[0] == "#":
            found.comments.append((at, match.end()))
        elif part in CLOSING:
            still_open.append(part)
            if len(still_open) > found.deepest:
                found.deepest, found.deepest_at = len(still_open), at
        elif still_open and CLOSING[still_open[-1]] == part:
            still_open.pop()
    return found
