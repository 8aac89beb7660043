"""Values of a spec as text: no more brackets than they need, numbers as people write them."""

import re
from collections.abc import Callable, Iterable
from math import isinf
from typing import Any

from netc import spec
from netc.formats.net.documents import Bracket, Document, Step, on_one_line

_SHORT = 16
"""Letters that are left on a line with what is around them."""

_CONDITIONAL, _NOT, _SIGN, _POSTFIX = 0, 3, 7, 9
"""How tightly things bind; a binary operator says so in the table."""

_BINARY: dict[str, tuple[int, int, int]] = {
    "or": (1, 1, 2),
    "and": (2, 2, 3),
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in", "not in"), (4, 5, 5)),
    **dict.fromkeys(("+", "-"), (5, 5, 6)),
    **dict.fromkeys(("*", "/", "//", "%"), (6, 6, 7)),
    "**": (8, 9, 7),
}
"""How tightly an operator binds, and how tightly what stands left and right of it must."""


_Part = spec.Value | spec.Range | spec.Step | spec.Statement
_Writer = Callable[[Any], Document]
_WRITERS: dict[type, _Writer] = {
    spec.Boolean: lambda written: "true" if written.value else "false",
    spec.Name: lambda written: written.text,
    spec.Number: lambda written: number(written.value),
    spec.Text: lambda written: f'"{written.value}"',
}
"""How each part of a tree is written."""


def writes(kind: type) -> Callable[[_Writer], _Writer]:
    """Enter a function as the writer of a kind of value, step or statement."""

    def enter(writer: _Writer) -> _Writer:
        _WRITERS[kind] = writer
        return writer

    return enter


def document(written: _Part) -> Document:
    """A part of a tree as it stands where nothing binds it."""
    return _WRITERS[type(written)](written)


def documents(written: Iterable[_Part]) -> tuple[Document, ...]:
    """Many parts, each as it stands alone."""
    return tuple(map(document, written))


def text_of(written: _Part) -> str:
    """A part of a tree on one line."""
    return on_one_line(document(written))


def flow(steps: Iterable[spec.Value | spec.Step]) -> Document:
    """Steps led into each other by `->`."""
    first, *others = documents(steps)
    return (first, *(Step(("-> ", step)) for step in others))


def bracketed(open: str, items: tuple[Document, ...], close: str, end: str = ",") -> Document:
    """Items in brackets, which are broken only where that gives a line worth the name."""
    words = [item for item in items if isinstance(item, str)]
    text = f"{open}{', '.join(words)}{close}"
    is_short = len(words) == len(items) and len(text) <= _SHORT
    return text if is_short else Bracket(open, items, close, end)


def number(written: int | float) -> str:
    """A number in the shortest form that reads back as the same: `1e-5`, and not `1e-05`."""
    if isinstance(written, int):
        return str(written)
    if isinf(written):
        return "1e999" if written > 0 else "-1e999"
    return re.sub(r"e([+-]?)0*(\d)", lambda e: f"e{e[1].strip('+')}{e[2]}", repr(written))


@writes(spec.Call)
def _call(written: spec.Call) -> Document:
    return (written.type.text, bracketed("(", tuple(map(_argument, written.arguments)), ")"))


def _argument(argument: spec.Argument) -> Document:
    given = argument.value
    if isinstance(given, spec.Chain):
        return flow(given.steps)
    return (f"{argument.name.text}: ", document(given)) if argument.name else document(given)


def _bound(written: spec.Value, least: int) -> Document:
    """A value where something binds it: in brackets, unless it binds itself at least as tightly."""
    return document(written) if _tightness(written) >= least else ("(", document(written), ")")


def _tightness(written: spec.Value) -> int:
    if isinstance(written, spec.Binary):
        return _BINARY[written.operator.text][0]
    if isinstance(written, spec.Unary):
        return _NOT if written.operator.text == "not" else _SIGN
    if isinstance(written, spec.Number) and number(written.value).startswith("-"):
        return _SIGN
    return _CONDITIONAL if isinstance(written, spec.Conditional) else _POSTFIX


@writes(spec.Unary)
def _unary(written: spec.Unary) -> Document:
    if written.operator.text == "not":
        return ("not ", _bound(written.operand, _NOT))
    return ("-", _bound(written.operand, _SIGN))


@writes(spec.Binary)
def _binary(written: spec.Binary) -> Document:
    _, left, right = _BINARY[written.operator.text]
    operator = f" {written.operator.text} "
    return (_bound(written.left, left), operator, _bound(written.right, right))


@writes(spec.Conditional)
def _conditional(written: spec.Conditional) -> Document:
    condition, chosen, otherwise = documents((written.condition, written.chosen, written.otherwise))
    return ("if ", condition, " then ", chosen, " else ", otherwise)


@writes(spec.Index)
def _index(written: spec.Index) -> Document:
    return (_bound(written.value, _POSTFIX), "[", document(written.index), "]")


@writes(spec.Attribute)
def _attribute(written: spec.Attribute) -> Document:
    return (_bound(written.value, _POSTFIX), f".{written.name.text}")


@writes(spec.List)
def _list(written: spec.List) -> Document:
    return bracketed("[", documents(written.items), "]")


@writes(spec.Table)
def _table(written: spec.Table) -> Document:
    entries = ((document(entry.key), ": ", document(entry.value)) for entry in written.entries)
    return bracketed("{", tuple(entries), "}")
