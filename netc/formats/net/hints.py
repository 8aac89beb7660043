"""What a writer meant where a text cannot go on: one row for each habit from elsewhere."""

import re
from typing import NamedTuple


class _Hint(NamedTuple):
    """Advice for texts where `before` ends the line so far and `here` begins the rest.

    `{0}`, `{1}` in the advice are the groups of both, in their order. `expected` is a terminal
    that would have been right here, where that matters.
    """

    before: str
    here: str
    advice: str
    expected: str = ""


_HINTS = (
    _Hint(r"", r"//|/\*|--", "comments start with `#`"),
    _Hint(r"", r"['‘’“”„«»]", 'texts are written in double quotes: `"..."`'),
    _Hint(r"", r"[→⟶⇒]|[–—−]>", "layers are joined with `->`"),
    _Hint(r"", r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\ufeff]", "remove it"),
    _Hint(
        r"",
        r"[^\x00-\x7f]",
        "names are made of the letters a to z and A to Z, digits and `_`",
    ),
    _Hint(r"^\s*(output|loss|metric)\s*$", r"=", "leave out the `=`: `{0}` is not a name"),
    _Hint(
        r"[(,]\s*(\w+)\s*$",
        r"(?:=\s*)?([\w\"\[][^,)\s]*)",
        "an option is written with a colon: `{0}: {1}`",
        "COLON",
    ),
    _Hint(r"^\s*(\w+)\s*$", r"[:=]\s*([^#\n]*[^#\s])", "write `{0} {1}`", "NUMBER"),
    _Hint(r"^\s*(\w+)\s*$", r":", "a value is named with `=`: `{0} = ...`", "EQUAL"),
    _Hint(r"^\s*train\s*$", r"\{", "`train` stands beside the net, not inside it"),
    _Hint(r"^\s*net\s*$", r"\{", "give the net a name: `net my_net {{`"),
    _Hint(r"^\s*(net\s+\w+|train)\s*$", r"", "a section stands in brackets: `{0} {{ ... }}`"),
    _Hint(
        r"^\s*input\s+(\w+)\s*$",
        r"",
        "write `input {0} [1, 28, 28]` with your sizes, or `input {0} class(10)` for class numbers",
    ),
    _Hint(
        r"^\s*\w+\s+(\S+)\s+$",
        r'([\w."]+)',
        "a setting has one value; several go into a list: `[{0}, {1}]`",
        "_NL",
    ),
    _Hint(r"", r"=>|\||>", "layers are joined with `->`"),
    _Hint(r"->\s*$", r"[\r\n]", "a line that goes on with the one above begins with `->`"),
    _Hint(r"\w\s*$", r"\+", "values are added by the layer `add`: `add(a, b)`"),
    _Hint(r"\d\s*$", r"%", "write a fraction, such as 0.5 for 50 %"),
    _Hint(r"\w$", r"\.", "names and layer types have no dots: `conv(8, kernel: 3)`"),
    _Hint(r"(^|->|=)\s*$", r"\d+[A-Za-z_]", "a name cannot begin with a digit"),
    _Hint(r"(^|->|=)\s*$", r'"', "names and layer types are written without quotes"),
    _Hint(r"", r"\(", "a list stands in square brackets: `[3, 3]`", "NUMBER"),
    _Hint(
        r"",
        r"(net|train|input|output|loss|metric|true|false)\b",
        "this word belongs to the language and cannot be a name",
        "NAME",
    ),
    _Hint(r"", r'[\w"\[]', "put a `,` between the two", "COMMA"),
    _Hint(r"", r"[A-Za-z_(]", "join layers with `->`, or give each a line of its own", "_ARROW"),
    _Hint(r"", r"[)\]]", "no bracket is open here that it could close", "_NL"),
    _Hint(r"", r"\}", "no bracket is open here that it could close", "$END"),
)

_OUTSIDE = (
    _Hint(
        r"",
        r"(input|output|loss|metric)\s+\w",
        "this line belongs into a section `net my_net {{ ... }}`",
    ),
    _Hint(r"", r"(import|from|class|def)\b", "this looks like Python, not like netc's language"),
    _Hint(r"", r"layer_defs\b", "this looks like ConvNetJS, not like netc's language"),
    _Hint(
        r"",
        r"(name|layers?|input|state)\s*[:{]",
        "this looks like Caffe's prototxt, not like netc's language",
    ),
    _Hint(r"", r"[{\[]", "this looks like JSON; a spec begins with `net my_net {{`"),
    _Hint(r"", r"\}", "no bracket is open here that it could close"),
    _Hint(r"", r"\w+\s*(\(|->|=)", "layers stand in a section `net my_net {{ ... }}`"),
)
"""Hints for texts that stand in no section."""


def hint(text: str, at: int, expected: set[str]) -> str:
    """The advice for this place, or nothing; `expected` are the terminals that could stand here."""
    before, here = text[text.rfind("\n", 0, at) + 1 : at], text[at : at + 100]
    for row in _OUTSIDE if "NET" in expected else _HINTS:
        left, right = re.search(row.before, before), re.match(row.here, here)
        if left and right and (not row.expected or row.expected in expected):
            return row.advice.format(*left.groups(), *right.groups())
    return ""
