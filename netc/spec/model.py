"""A network as it was written: statements in their order, every word with its place.

All formats end here and all tools start here. A spec knows no layer type: whether `conv` is one,
and whether `kernel` is an option of it, is for the builder to find out.
"""

from dataclasses import dataclass

from netc.diag import Source, Span


@dataclass(frozen=True)
class Name:
    """A word that names something: a value, a layer type, an option, a choice."""

    text: str
    span: Span


@dataclass(frozen=True)
class Number:
    value: int | float
    span: Span


@dataclass(frozen=True)
class Text:
    """A text in quotes."""

    value: str
    span: Span


@dataclass(frozen=True)
class Boolean:
    value: bool
    span: Span


@dataclass(frozen=True)
class List:
    items: tuple["Value", ...]
    span: Span


@dataclass(frozen=True)
class Argument:
    """One argument of a call; `name` is absent where it is given by its position."""

    name: Name | None
    value: "Value"
    span: Span


@dataclass(frozen=True)
class Call:
    """A type with arguments: a layer in a chain, or a value such as `gaussian(std: 0.1)`."""

    type: Name
    arguments: tuple[Argument, ...]
    span: Span


Value = Number | Text | Boolean | Name | List | Call


@dataclass(frozen=True)
class Tuple:
    """Several values that start a chain together: `(a, b) -> add`."""

    names: tuple[Name, ...]
    span: Span


Step = Name | Call | Tuple
"""A bare name is a layer type without arguments or, at the start of a chain, a value."""


@dataclass(frozen=True)
class Input:
    """`input image [1, 28, 28]`, or `input label class(10)`."""

    name: Name
    type: List | Call
    span: Span


@dataclass(frozen=True)
class Chain:
    """`name = step -> step`. Without a source it goes on from the chain above."""

    name: Name | None
    steps: tuple[Step, ...]
    span: Span


@dataclass(frozen=True)
class Role:
    """A chain whose value is an `output`, a `loss` or a `metric` of the net."""

    role: Name
    chain: Chain
    span: Span


Statement = Input | Chain | Role


@dataclass(frozen=True)
class NetSpec:
    name: Name
    body: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True)
class Setting:
    """A line of the `train` section: `batch 64`."""

    name: Name
    value: Value
    span: Span


@dataclass(frozen=True)
class TrainSpec:
    settings: tuple[Setting, ...]
    span: Span


@dataclass(frozen=True)
class Comment:
    text: str
    span: Span


@dataclass(frozen=True)
class Spec:
    """What a file says: a net, how to train it, and the remarks of its author."""

    source: Source
    net: NetSpec
    train: TrainSpec | None
    comments: tuple[Comment, ...] = ()
