"""What stands where a text cannot go on, and what could, in words a writer of networks knows."""

import re

from netc.diag import listed

_OPERATORS = {"PLUS", "MINUS", "TIMES", "POWER", "COMPARE", "IN", "NOT", "AND", "OR"}
_VALUES = {"NUMBER", "STRING", "TRUE", "FALSE", "NAME", "LSQB", "LPAR", "LBRACE", "MINUS"}
_VALUES |= {"NOT", "IF", "IN"}
_STATEMENTS = {"INPUT", "LET", "LAYER", "FOR", "REPEAT", "IF", "WHEN", "ASSERT", "ROLE"}
_STATEMENTS |= {"NAME", "LPAR"}

_GROUPS: tuple[tuple[set[str], set[str], list[str]], ...] = (
    ({"NET"}, {"$END"}, []),
    ({"REPEAT"}, {*_STATEMENTS, "RBRACE"}, ["a statement"]),
    ({"NUMBER", "IN"}, _VALUES, ["a value"]),
    ({"PLUS"}, {*_OPERATORS, "LSQB", "LPAR", "DOT"}, ["an operator"]),
    ({"LSQB", "NAME"}, {"LSQB", "NAME"}, ["`class(10)`", "a shape such as `[1, 28, 28]`"]),
    ({"LPAR", "NAME"}, {"LPAR", "NAME"}, ["a layer", "a value"]),
    ({"TRAIN", "NAME"}, {"TRAIN", "NAME"}, ["`train`", "`test`"]),
    ({"_ARROW"}, {"DOT"}, []),
    ({"_NL"}, {"_NL", "RBRACE", "$END"}, ["the end of the line"]),
)
"""Where all of the first are possible, the second are told of by these words."""

_WORDS = {
    "NUMBER": "a number",
    "STRING": "a text in quotes",
    "NAME": "a name",
    "COMPARE": "`==`",
    "PLUS": "`+`",
    "MINUS": "`-`",
    "TIMES": "`*`",
    "POWER": "`**`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "DOT": "`.`",
    "RANGE": "`..`",
    "_ARROW": "`->`",
    "ROLE": "`output`, `loss`, `metric`",
    "_NL": "the end of the line",
    "$END": "the end of the file",
}

_BLANK = re.compile(r"[ \t\r\f]*(#[^\n]*)?")
_LINE_END = re.compile(_BLANK.pattern + r"(\n|;|\Z)")


def what_stands(text: str, start: int, end: int) -> str:
    """What was found at a place where it cannot be."""
    if start >= len(text.rstrip()):
        return "the file ends too early"
    if _LINE_END.match(text, start):
        return "the line ends too early"
    if not text[start].isprintable():
        return f"the invisible character U+{ord(text[start]):04X} cannot stand here"
    return f"`{text[start:end][:40]}` cannot stand here"


def next_after(text: str, at: int) -> tuple[int, int]:
    """The next that stands behind a place: what ends its line, or this place if only blanks do."""
    found = _BLANK.match(text, at)
    behind = found.end() if found else at
    if text[behind : behind + 1] in ("", "\n", ";"):
        return at, at + (at < len(text))
    return behind, behind + 1


def expectation(expected: set[str]) -> str:
    """The terminals that could stand at a place, as a label."""
    left, words = set(expected), list[str]()
    for signs, group, group_words in _GROUPS:
        if signs <= left:
            words += group_words
            left -= group
    words += [_WORDS.get(name, f"`{name.lower()}`") for name in left]
    words.sort(key=lambda word: (word.startswith("the end"), word))
    return f"expected {listed(words, 'or')}" if words else ""
