"""What is written where a value is wanted: words, numbers, texts, and expressions over them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netc.diag import Span

if TYPE_CHECKING:
    from netc.spec.statements import Chain, Step


@dataclass(frozen=True)
class Name:
    """A word that names something: a value, a layer type, an option, a choice, a constant."""

    text: str
    span: Span


MOST_DIGITS = 300
"""Digits of a whole number; one of more is taken for infinity, so that any fits a real number."""


@dataclass(frozen=True)
class Number:
    value: int | float
    span: Span


@dataclass(frozen=True)
class Text:
    """A text in quotes. `computed` is set where it is the value of an expression instead: then it
    may also stand for a word, such as a choice."""

    value: str
    span: Span
    computed: bool = False


@dataclass(frozen=True)
class Boolean:
    value: bool
    span: Span


@dataclass(frozen=True)
class List:
    items: tuple["Value", ...]
    span: Span


@dataclass(frozen=True)
class Entry:
    """One line of a table: `18: [2, 2, 2, 2]`."""

    key: "Value"
    value: "Value"
    span: Span


@dataclass(frozen=True)
class Table:
    """Values by keys, to be looked up: `{18: 2, 34: 3}[depth]`."""

    entries: tuple[Entry, ...]
    span: Span


@dataclass(frozen=True)
class Unary:
    """`-x` or `not x`."""

    operator: Name
    operand: "Value"
    span: Span


@dataclass(frozen=True)
class Binary:
    """Two values and an operator between them, `not in` among the operators."""

    operator: Name
    left: "Value"
    right: "Value"
    span: Span


@dataclass(frozen=True)
class Conditional:
    """`if condition then chosen else otherwise`."""

    condition: "Value"
    chosen: "Value"
    otherwise: "Value"
    span: Span


@dataclass(frozen=True)
class Index:
    """`value[index]`: of a list by place from 0, of a table by key."""

    value: "Value"
    index: "Value"
    span: Span


@dataclass(frozen=True)
class Attribute:
    """`value.name`, such as `in.channels`; also how the dotted name of a value is read."""

    value: "Value"
    name: Name
    span: Span


@dataclass(frozen=True)
class Argument:
    """One argument of a call; `name` is absent where it is given by its position.

    A chain is a value that is made on the spot: `softmax_loss(h -> dense(10), label)`.
    """

    name: Name | None
    value: "Value | Chain"
    span: Span


@dataclass(frozen=True)
class Call:
    """A type with arguments: a layer in a chain, a function such as `min(a, b)`, or a value such
    as `gaussian(std: 0.1)`."""

    type: Name
    arguments: tuple[Argument, ...]
    span: Span


Value = (
    Number
    | Text
    | Boolean
    | Name
    | List
    | Table
    | Call
    | Unary
    | Binary
    | Conditional
    | Index
    | Attribute
)


def dotted(value: "Value | Step") -> Name | None:
    """The name of a value with dots in it, which as an expression reads like an attribute."""
    if isinstance(value, Attribute):
        before = dotted(value.value)
        return before and Name(f"{before.text}.{value.name.text}", value.span)
    return value if isinstance(value, Name) else None
