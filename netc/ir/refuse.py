"""What is said about arguments that fit no option, and about values an option does not take."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import get_origin

from netc import spec
from netc.diag import Problem, Sure, did_you_mean, is_slip, nearest, quoted
from netc.ir import written as as_written
from netc.ir.constants import shown
from netc.ir.expected import alternatives, expected_text, takes_numbers
from netc.ir.functions import FUNCTIONS
from netc.ir.meant import advise, meant
from netc.ir.problems import (
    BadValue,
    MissingOption,
    OpenSize,
    UnknownFunction,
    UnknownKind,
    UnknownOption,
    WrongKind,
)
from netc.layers import INITIALIZERS
from netc.options import Option, Table
from netc.sizes import is_open, way_to_close

LARGEST = 2**53
"""Numbers of options are below this, so that none is rounded."""

SMALLEST = 2**-126
"""Numbers of options are at least this or 0, as float32 has nothing in between but rounded ones."""

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


# ---- arguments that are no option


def unknown_option(
    name: spec.Name,
    argument: spec.Argument,
    near: str | None,
    declared: list[str],
    given: set[str],
) -> Problem:
    """An argument whose name no option has; `near` is the option that it may be meant for, and
    `given` are the options that others name."""
    word = argument.name or spec.Name("", argument.span)
    advice = advise(word.text, near, listed_options(name.text, declared))
    near = str(near) if near in given else near  # no fix, where the option is there already
    return UnknownOption(
        word.span,
        near=near,
        advice=advice,
        type=name.text,
        option=word.text,
    )


def missing_option(
    name: spec.Name, arguments: Sequence[spec.Argument], missing: Sequence[Option]
) -> Problem:
    """The first of the options without a default that were not given."""
    option, more = missing[0], {o.name: _sample(o) for o in missing[1:]}
    is_short = option.main and not name.span.source.is_json
    word = "" if is_short else option.name
    example = as_written.call(name, arguments, word, _sample(option), more)
    doc = option.doc[:1].lower() + option.doc[1:].rstrip(".")
    return MissingOption(
        name.span,
        type=name.text,
        option=option.name,
        example=example,
        doc=doc,
    )


def _sample(option: Option) -> str:
    if option.choices:
        return option.choices[0]
    smallest = "0" if option.at_least == 0 else "3"
    return smallest if option.range_text() else "..."


# ---- values


def unknown_kind(noun: str, name: spec.Name, known: list[str]) -> Problem:
    """A word that names no optimizer, initializer and so on."""
    near = meant(name.text, known)
    advice = advise(name.text, near, _known(known))
    return UnknownKind(name.span, near=near, advice=advice, noun=noun, name=name.text)


def no_kind(noun: str, value: spec.Value, known: list[str]) -> Problem:
    """A value that cannot even be the name of an optimizer, initializer and so on."""
    near = None
    if isinstance(value, spec.Text):
        near = Sure(value.value) if value.value in known else meant(value.value, known)
    advice = as_written.word(near, value.span.source) if near else _known(known)
    name = as_written.source_text(value.span)
    return UnknownKind(value.span, near=near, advice=advice, noun=noun, name=name)


def bad_value(type_name: str, option: Option, number: float, place: spec.Value) -> Problem:
    """A number out of the range of its option."""
    allowed, found, way_out = option.range_text(), f"{number:g} is not", ""
    if abs(number) >= LARGEST:
        allowed, found = " and ".join(filter(None, (allowed, "below 2^53"))), "too large a number"
    elif 0 < abs(number) < SMALLEST and option.allows(number):
        least = f"{SMALLEST:.3g}"
        allowed = f"at least {least}" if option.above == 0 else f"0 or at least {least} from it"
        found = "too small a number"
    elif 2 <= number <= 100 and 1 in (option.below, option.at_most):
        way_out = f"write a fraction: {number / 100:g} for {number:g} %"
    return BadValue(
        place.span,
        type=type_name,
        option=option.name,
        allowed=allowed,
        found=found,
        way_out=way_out,
    )


def open_size(type_name: str, option: Option, value: spec.Value) -> Problem | None:
    """A size that is not known where the option needs a number that is.

    Only a shape, which is always a list, may have open sides.
    """
    if alternatives(option.type) == (tuple[int, ...],):
        return None
    sizes = [number.value for number in numbers_in(value) if is_open(number.value)]
    if not sizes:
        return None
    reason = f"`{option.name}` of `{type_name}` must be known, and this is `{sizes[0]}`"
    return OpenSize(value.span, reason, way_to_close(sizes))


def numbers_in(value: spec.Value | spec.Chain) -> Iterator[spec.Number]:
    """The numbers in a value, those in its lists too."""
    if isinstance(value, spec.Number):
        yield value
    for item in value.items if isinstance(value, spec.List) else ():
        yield from numbers_in(item)


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


def unknown_function(name: spec.Name) -> Problem:
    """No function, in an expression."""
    near = meant(name.text, FUNCTIONS)
    advice = advise(name.text, near, f"the functions are {quoted(FUNCTIONS)}")
    return UnknownFunction(name.span, near=near, advice=advice, name=name.text)


def _way_out(type_name: str, option: Option, value: spec.Value) -> tuple[str, str]:
    """How a value of the wrong kind would be right, where that is plain: in words, and as what
    to write in its place, where that is safe."""
    taken, written = alternatives(option.type), as_written.source_text(value.span)
    source = value.span.source
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


def _known(names: list[str]) -> str:
    return f"netc knows {quoted(names)}"


def listed_options(type_name: str, options: list[str]) -> str:
    """The options of a type, in words."""
    if not options:
        return f"`{type_name}` has no options"
    if len(options) == 1:
        return f"the only option of `{type_name}` is `{options[0]}`"
    return f"the options of `{type_name}` are {quoted(options)}"
