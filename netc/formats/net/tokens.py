"""The words and marks of a text, for tools that change how it looks and not what it says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["comment", "text", "number", "word", "end", "mark"]

CLOSING = {"(": ")", "[": "]", "{": "}"}

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | (?P<text>"[^"\n]*")
    | (?P<number>\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
    | (?P<end>[\n;])
    | (?P<blank>[^\S\n]+)
    | (?P<mark>->|\.\.|\*\*|//|==|!=|<=|>=|.)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """A word, a mark, a comment, or the end of a line or statement: a line end, or `;`."""

    kind: Kind
    text: str


def tokens_of(text: str) -> Iterator[Token]:
    """Everything in a text but blanks; those at the end of a comment are not part of it."""
    for found in _TOKEN.finditer(text):
        kind: Kind | Literal["blank"] = found.lastgroup  # type: ignore[assignment]
        if kind != "blank":
            yield Token(kind, found.group().rstrip() if kind == "comment" else found.group())


def meaning_of(text: str) -> list[str]:
    """What stays when only the look of a text changes: comments, words, marks, and a `;` wherever
    one statement ends and another begins."""
    found: list[str] = []
    open_brackets = ["{"]
    before, ended = "{", False
    for token in tokens_of(text):
        if token.kind == "comment":
            found.append(spoken(token.text))
        elif token.kind == "end":
            ended = True
        else:
            is_statement = ended and open_brackets[-1] == "{" and before not in ("{", ",")
            if is_statement and token.text not in ("->", "}", "else"):
                found.append(";")
            if token.text in CLOSING:
                open_brackets.append(token.text)
            elif token.text in CLOSING.values() and len(open_brackets) > 1:
                open_brackets.pop()
            found.append(token.text)
            before, ended = token.text, False
    return found


def spoken(comment: str) -> str:
    """A comment with the blank behind its `#`: `#x` becomes `# x`; `##`, `#!` and the like stay."""
    return f"# {comment[1:]}" if comment[1:2].isalnum() else comment
