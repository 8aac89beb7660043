"""Words, marks and brackets of a text that may be broken, each with what stands around it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_PART = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | (?P<text>"[^"\n]*")
    | (?P<unclosed>")
    | (?P<end>\r?\n|;)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<word>\w+)
    | (?P<mark>->|[^\s\w\#"()\[\]{};]+?(?=->|[\s\w\#"()\[\]{};]|\Z))
    """,
    re.VERBOSE,
)
_BETWEEN = re.compile(r"(?>(?:[\s;]|#[^\n]*)*)(?P<goes_on>->|else\b|[{\[\]),:\d\"])?")
_OPERATORS = {"in", "and", "or", "not", "then", "else", "if", "assert", "repeat"}
_KEY = re.compile(r'\{(?>(?:\s|#[^\n]*)*)("[^"\n]*"|[\w.-]+)\s*:')
_SECTION = re.compile(r'(net|block)\s+[A-Za-z_]|train\s*\{|use\s*"')
_STATEMENT = re.compile(
    r"(input|output|loss|metric|let|layer|assert)\s"
    r"|(for|if|else|repeat|when)\b(?![^\n]*\bthen\b)[^\n]*\{"
)
_DEFINITION = re.compile(r"[A-Za-z_][\w.]*\s*=(?!=)")


class Part(NamedTuple):
    """A piece of text between blanks. `ends_value` holds where an operator or `,` may follow."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def ends_value(self) -> bool:
        return self.kind in ("text", "close") or (
            self.kind == "word" and self.text not in _OPERATORS
        )


def parts_of(text: str) -> Iterator[Part]:
    """All parts in their order but comments. A quote that opens no text stands alone."""
    for found in _PART.finditer(text):
        if found.lastgroup != "comment":
            yield Part(found.lastgroup or "", found.group(), found.start(), found.end())


def braces_missing(text: str) -> int:
    """How many `}` there are less than `{`; below zero: more."""
    found = 0
    for match in _PART.finditer(text):
        found += (match.group() == "{") - (match.group() == "}")
    return found


def after_line_end(text: str, at: int) -> tuple[int, bool]:
    """Where blanks and comments end, and whether what follows can begin no statement."""
    found = _BETWEEN.match(text, at)
    return (found.end(), bool(found["goes_on"])) if found else (at, False)


def indentation(text: str, at: int) -> int:
    """Columns before a place in its line."""
    return len(text[text.rfind("\n", 0, at) + 1 : at].expandtabs(4))


def has_closing(text: str, at: int, opening: str, closing: str) -> bool:
    """Whether the rest of a line closes a bracket that it does not open."""
    end = text.find("\n", at)
    rest = text[at : end if end >= 0 else len(text)]
    return rest.count(closing) > rest.count(opening)


def opens_table(text: str, at: int, before: Part | None, place: str) -> bool:
    """Whether the `{` at this place begins a table, not a body."""
    if before is None or before.kind == "end" or before.text in ("{", "}"):
        return False
    if place == "train" or (before.kind == "mark" and before.text[-1] in "=:"):
        return True
    return not before.ends_value and bool(_KEY.match(text, at))


def begins_section(text: str, at: int) -> bool:
    """Whether a line that begins here is the head of a section of the file."""
    return bool(_SECTION.match(text, at))


def begins_statement(text: str, at: int) -> bool:
    """Whether what begins a line here can be nothing but a statement or a section."""
    return bool(_SECTION.match(text, at) or _STATEMENT.match(text, at))


def begins_definition(text: str, at: int) -> bool:
    """Whether `name =` begins here."""
    return bool(_DEFINITION.match(text, at))
