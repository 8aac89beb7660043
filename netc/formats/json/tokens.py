"""JSON text cut into tokens, the wrong ones named for what they were meant to be."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      (?P<blank>[ \t\r\n]++)
    | (?P<mark>[{}\[\]:,])
    | (?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)(?![\w.+-])
    | (?P<string>"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+")
    | (?P<word>[^\W\d]\w*+)
    | (?P<comment>\#[^\n]*+|//[^\n]*+|/\*(?:(?!\*/).)*+\*/)
    | (?P<open>"[^\n]*+)
    | (?P<single>'[^'\n]*+'|[‘’“”„«»][^‘’“”„«»\n]*+[‘’“”„«»])
    | (?P<digits>[+\-.]*[0-9][\w.+-]*+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

CLOSING = {"{": "}", "[": "]"}


class Token(NamedTuple):
    """`kind` is a group of the expression above, for marks the mark itself; `end` for the end."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """All tokens of a text but its blanks, and one for its end."""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind != "blank":
            part = found[0]
            yield Token(part if kind == "mark" else kind, part, *found.span())
    yield Token("end", "", len(text), len(text))


_NUMBERS = (
    (r"[+-]?0[xXoObB]\w+", "JSON has decimal numbers only"),
    (r"\+(.*)", "leave out the `+`"),
    (r"-?0\d+", "leave out the zeros in front"),
    (r"-?\.\d.*", "write the `0` before the point"),
    (r"-?\d+\.", "write a digit after the point"),
    (r"-?\d[\d_]*", "write the digits without `_`"),
)

_WORDS = {
    "True": "write `true`",
    "False": "write `false`",
    "None": "leave the key out",
    "undefined": "leave the key out",
    "NaN": "JSON has no such number",
    "Infinity": "JSON has no such number",
    "inf": "JSON has no such number",
    "nan": "JSON has no such number",
}


def advice(token: Token) -> str:
    """How a token that is not JSON would be, where that is plain."""
    if token.kind == "digits":
        rows = (help for form, help in _NUMBERS if re.fullmatch(form, token.text))
        return next(rows, "")
    if token.kind == "word":
        return _WORDS.get(token.text, f'words stand in double quotes: `"{token.text}"`')
    if token.kind == "single":
        return 'strings stand in double quotes: `"..."`'
    return "remove it" if not token.text.isprintable() else ""
