"""What is said of expressions that have no value."""

from collections.abc import Mapping

from netc import spec
from netc.diag import Problem, quoted
from netc.ir.attributes import ATTRIBUTES, asks_for, attribute, open_size
from netc.ir.constants import Constant, described, is_number, shown
from netc.ir.frame import Frame
from netc.ir.meant import advise, meant
from netc.ir.problems import (
    BadIndex,
    NotIndexed,
    UnknownAttribute,
    UnknownName,
    UnknownValue,
    WrongArguments,
    WrongCondition,
)
from netc.ir.written import source_text
from netc.types import Tensor

_MOST_KEYS = 20


def unknown_constant(name: spec.Name, frame: Frame) -> Problem:
    """No constant has this name."""
    scope = frame.scope
    known = scope.all_constants()
    near = meant(name.text, known)
    if scope.value(name.text) is not None:
        otherwise = f"`{name.text}` is a value; its sizes can be asked: `{name.text}.channels`"
    elif scope.is_later(name.text):
        near, otherwise = None, "it is named further on, and known only from there"
    elif (question := question_of(name.text, frame)) is not None:
        near, otherwise = None, open_size(question)
    elif kept := scope.kept(name.text):
        near, otherwise = None, kept
    elif frame.kind == "block" and scope.outer is not None:
        otherwise = "a block sees only its parameters and the `let` lines outside all sections"
    elif frame.kind == "train":
        otherwise = "`train` sees the net's parameters and the `let` lines outside all sections"
    elif known:
        otherwise = f"the constants here are {quoted(known[:8])}; a text stands in quotes"
    else:
        otherwise = f"name it with `let {name.text} = ...`; a text stands in quotes"
    advice = advise(name.text, near, otherwise)
    return UnknownName(name.span, near=near, advice=advice, name=name.text)


def question_of(size: str, frame: Frame) -> str | None:
    """How to ask for an open size of this name, if an input has it."""
    found = ((name, frame.scope.value(name)) for name in frame.scope.all_values())
    asked = (asks_for(n, value.type, size) for n, value in found if value and value.type)
    return next((question for question in asked if question), None)


def no_condition(written: spec.Value, value: Constant) -> Problem:
    """Neither true nor false."""
    example = f"{source_text(written.span)} > 0"
    way_out = f"compare it with something: `{example}`" if is_number(value) else ""
    return WrongCondition(written.span, found=described(value), way_out=way_out)


def wrong_key(key: spec.Value, takes: str, detail: str) -> Problem:
    """A key that a table cannot have."""
    return WrongArguments(key.span, function="{ }", takes=takes, detail=detail)


def no_entry(written: spec.Index, value: Constant, index: Constant) -> Problem:
    """Nothing stands at this place, or by this key; or the value has neither."""
    if isinstance(value, Mapping):
        return _bad_index(written, "table", "key", index, _keys(value, index))
    if not isinstance(value, tuple):
        found = shown(value)[:40]
        return NotIndexed(written.value.span, what=described(value), found=found)
    last = len(value) - 1
    places = f"the places are 0 to {last}" if last > 0 else "the only place is 0"
    return _bad_index(written, "list", "place", index, places if value else "the list is empty")


def _keys(table: Mapping[Constant, Constant], index: Constant) -> str:
    keys = [shown(key) for key in table]
    if not keys:
        return "the table is empty"
    known = ", ".join(keys[:_MOST_KEYS]) + ", ..." * (len(keys) > _MOST_KEYS)
    is_unquoted = isinstance(index, str) and index in keys
    return f"the keys are {known}" + f"; write {index} without quotes" * is_unquoted


def _bad_index(written: spec.Index, what: str, noun: str, index: Constant, way_out: str) -> Problem:
    is_plain = isinstance(written.index, spec.Number | spec.Text)
    detail = f"no such {noun}" if is_plain else f"this is {shown(index)}"
    place = f"{noun} {shown(index)}"
    return BadIndex(written.index.span, index=place, what=what, detail=detail, way_out=way_out)


def unknown_attribute(written: spec.Attribute, type: Tensor) -> Problem:
    """A value of this type does not answer what it is asked."""
    word = written.name.text
    answered = [known for known in ATTRIBUTES if attribute(type, known) is not None]
    near = None if word in ATTRIBUTES else meant(word, answered)
    advice = advise(word, near, f"it has {quoted(answered)}")
    return UnknownAttribute(
        written.name.span,
        near=near,
        advice=advice,
        value=source_text(written.value.span),
        name=word,
        detail=f"this value is {type}",
    )


def no_attributes(written: spec.Attribute, value: Constant) -> Problem:
    """A constant, which answers nothing."""
    word = source_text(written.value.span)
    return UnknownAttribute(
        written.name.span,
        near=None,
        advice="only values, and `in`, can be asked",
        value=word,
        name=written.name.text,
        detail=f"`{word}` is {described(value)}",
    )


def unknown_value(written: spec.Value, frame: Frame, otherwise: str = "") -> Problem:
    """No value has this name, where one is asked for something."""
    word, values = source_text(written.span), frame.scope.all_values()
    near = meant(word, values)
    advice = advise(word, near, otherwise or f"the values so far are {quoted(values[-8:])}")
    return UnknownValue(written.span, near=near, advice=advice, name=word)
