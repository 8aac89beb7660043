"""What is said where a value is not of the kind that its option takes."""

import re
from dataclasses import replace
from typing import get_origin

from netc import spec
from netc.diag import Problem, did_you_mean, is_slip, nearest
from netc.ir import written as as_written
from netc.ir.constants import shown
from netc.ir.expected import alternatives, expected_text, takes_numbers
from netc.ir.functions import FUNCTIONS
from netc.ir.problems import WrongKind
from netc.ir.refuse import LARGEST, unknown_function
from netc.layers import INITIALIZERS
from netc.options import Option, Table

_FOUND = {
    spec.Number: "a number",
    spec.Text: "a text in quotes",
    spec.Boolean: "true or false",
    spec.Name: "a word",
    spec.List: "a list",
    spec.Table: "a table",
    spec.Call: "a call",
}
_YES_AND_NO = {
    "true": "true",
    "yes": "true",
    "on": "true",
    "false": "false",
    "no": "false",
    "off": "false",
    "none": "false",
    "1": "true",
    "0": "false",
}


def wrong_kind(type_name: str, option: Option, value: spec.Value) -> Problem:
    """A value of a kind that its option does not take; a call can only be that of a function."""
    if isinstance(value, spec.Call) and value.type.text not in (*INITIALIZERS, *FUNCTIONS):
        return unknown_function(value.type)
    expected = as_written.without_quotes(expected_text(option), value.span.source)
    if isinstance(value, spec.List):
        option, value = _astray(option, value)
    way_out, instead = _way_out(type_name, option, value)
    return WrongKind(
        value.span,
        type=type_name,
        option=option.name,
        expected=expected,
        found=as_written.without_quotes(_found(option, value), value.span.source),
        way_out=way_out,
        instead="" if value.span.source.is_json else instead,
    )


def _astray(option: Option, written: spec.List) -> tuple[Option, spec.Value]:
    """The first value in a list, or in a list of lists, that does not belong there, and what should
    be in its place."""
    taken = alternatives(option.type)
    if Table in taken:
        for item in written.items:
            if not isinstance(item, spec.List) or not item.items:
                return option, item
            if (number := _no_whole_number(item)) is not None:
                return replace(option, type=int), number
    elif tuple[int, ...] in taken and (number := _no_whole_number(written)) is not None:
        return replace(option, type=int), number
    return option, written


def _no_whole_number(written: spec.List) -> spec.Value | None:
    for item in written.items:
        if not isinstance(item, spec.Number) or not isinstance(item.value, int):
            return item
    return None


def _way_out(type_name: str, option: Option, value: spec.Value) -> tuple[str, str]:
    """How a value of the wrong kind would be right, where that is plain: in words, and as what
    to write in its place, where that is safe."""
    taken, written = alternatives(option.type), as_written.source_text(value.span)
    source = value.span.source
    if isinstance(value, spec.List) and not value.items and tuple[int, ...] in taken:
        return "write one number or more in it", ""
    if Table in taken and isinstance(value, spec.List) and not value.items:
        return "every list in it holds one number or more", ""
    if bool in taken:
        word = _YES_AND_NO.get(written.lower(), "")
        return (f"write `{word}`", word) if word else ("", "")
    if isinstance(value, spec.Number) and int in taken:
        is_whole = abs(value.value) < LARGEST and float(value.value).is_integer()
        whole = f"{value.value:.0f}" if is_whole else ""
        if re.search(r"[^/]/[^/]", written):
            return "`//` divides to a whole number, `/` does not", ""
        return f"write `{whole}`" * bool(whole), whole if _is_number(written) else ""
    if Table in taken and not isinstance(value, spec.List):
        return "write a list of lists, such as `[[0, 1], [2]]`", ""
    if isinstance(value, spec.Number) and {tuple[int, ...], tuple[float, ...]} & set(taken):
        return f"write `[{written}]`", f"[{written}]"
    if isinstance(value, spec.Name) and str in taken and not option.choices:
        return as_written.quoted(written, source), f'"{written}"'
    if (joined := without_list(type_name, value)) and not source.is_json:
        return joined, ""
    if isinstance(value, spec.List) and takes_numbers(option) and len(value.items) == 1:
        alone = as_written.source_text(value.items[0].span)
        return (f"write `{alone}`", alone) if _is_number(alone) else ("", "")
    if isinstance(value, spec.Name):
        near = nearest(written, option.choices)
        sure = near is not None and is_slip(written, near, option.choices)
        return did_you_mean(near), near if near and sure else ""
    if isinstance(value, spec.Text):
        instead = value.value if written == f'"{value.value}"' else ""
        if value.value in option.choices:
            return as_written.word(value.value, source), instead
        if _is_number(value.value):
            return as_written.number(value.value, source), instead
    return "", ""


def without_list(type_name: str, value: spec.Value | spec.Chain) -> str:
    """Help for who joins values by a list of them, such as `concat([a, b])`."""
    if not isinstance(value, spec.List) or not value.items:
        return ""
    if not all(isinstance(item, spec.Name) for item in value.items):
        return ""
    names = as_written.source_text(value.span).strip("[] ")
    return f"values stand without a list: `{type_name}({names})`"


def _found(option: Option, value: spec.Value) -> str:
    if isinstance(value, spec.Number) and int in alternatives(option.type):
        is_plain = _is_number(as_written.source_text(value.span))
        return "not a whole number" if is_plain else f"{shown(value.value)}, not a whole number"
    if isinstance(value, spec.Text) and value.computed:
        return shown(value.value)[:40]
    if isinstance(value, spec.Boolean):
        return f"`{shown(value.value)}`"
    if isinstance(value, spec.Name):
        return f"the word `{value.text}`"
    if isinstance(value, spec.List):
        if not value.items:
            return "an empty list"
        takes_lists = any(get_origin(taken) is tuple for taken in alternatives(option.type))
        return "a list with something else in it" if takes_lists else "a list"
    return _FOUND.get(type(value), "an expression")


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text))
