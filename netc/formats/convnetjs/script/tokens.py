"""JavaScript text cut into tokens, the wrong ones named for what they were meant to be."""

import re
from collections.abc import Iterator
from typing import NamedTuple

QUOTES = "‘’‚‛“”„‟«»´"
DASHES = "‐‑‒–—−"

_TOKEN = re.compile(
    rf"""
      (?P<blank>[\s\ufeff]++)
    | (?P<comment>//[^\n]*+|<!--[^\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/)
    | (?P<open_comment>/\*.*+)
    | (?P<dashed>(?:\d++\.?\d*+|\.\d++)[eE][{DASHES}]\d++(?![\w$]))
    | (?P<number>(?:0[xX][0-9a-fA-F_]++|0[bB][01_]++|0[oO][0-7_]++
        |(?:\d[\d_]*+(?:\.[\d_]*+)?|\.\d[\d_]*+)(?:[eE][+-]?\d++)?)(?![\w$]))
    | (?P<digits>\.?\d[\w$.]*+)
    | (?P<string>'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+")
    | (?P<latex>`[\w. /-]*+'(?=\s*+[,;:)}}\]]))
    | (?P<template>`[^`\\]*+(?:\\.[^`\\]*+)*+`)
    | (?P<curly>[{QUOTES}'"`][^{QUOTES}'"`\n]*+[{QUOTES}'"`])
    | (?P<open>['"`][^\n,;:()\[\]{{}}'"`]*+)
    | (?P<word>(?:[^\W\d]|\$)[\w$]*+)
    | (?P<mark>=>|\.\.\.|===|!==|\*\*=|\*\*|>>>=|>>>|<<=|>>=|<<|>>|[=!<>]=|&&=|\|\|=|\?\?=
        |&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|[-+*/%&|^]=|[{{}}()\[\];,<>+\-*/%&|^!~?:=.])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*+\])++/\w*+")

OPENS = {"(": ")", "[": "]", "{": "}"}
CLOSES = {closing: opening for opening, closing in OPENS.items()}

_PREFIX = frozenset(
    [
        "return",
        "typeof",
        "case",
        "in",
        "of",
        "delete",
        "void",
        "new",
        "throw",
        "else",
        "do",
        "instanceof",
    ]
)
"""Words behind which a value begins."""


class Token(NamedTuple):
    """`kind` is a group of the expression above, for marks the mark itself, `regex` or `end`;
    `on_new_line` tells whether a line ends before it. Of a text without its closing quote, `open`,
    only as much is taken as can hardly be anything else."""

    kind: str
    text: str
    start: int
    end: int
    on_new_line: bool = False


def ends_value(token: Token | None) -> bool:
    """Whether a value may end with a token, so that what follows joins or divides."""
    if token is None:
        return False
    if token.kind == "word":
        return token.text not in _PREFIX
    return token.kind in (")", "]", "}", "number", "string", "template", "regex", "curly")


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """All tokens of a text, or of a part of it, but blanks and comments."""
    at, end = start, len(text) if end is None else end
    before: Token | None = None
    on_new_line = True
    if text.startswith("#!", at):
        at = text.find("\n", at) % (end + 1)
    while at < end:
        found = _TOKEN.match(text, at, end)
        if found is None:
            break
        kind, part = found.lastgroup or "", found[0]
        if kind in ("blank", "comment"):
            on_new_line = on_new_line or "\n" in part or part.startswith(("//", "<!--"))
            at = found.end()
            continue
        if kind == "mark":
            kind = part
        elif kind == "latex":
            kind = "curly"
        if kind in ("/", "/=") and not ends_value(before):
            regex = _REGEX.match(text, at, end)
            if regex:
                kind, part = "regex", regex[0]
        at += len(part)
        before = Token(kind, part, at - len(part), at, on_new_line)
        yield before
        on_new_line = False
