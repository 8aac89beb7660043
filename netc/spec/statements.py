"""The lines of a body: what flows where, and what is repeated, chosen, named and claimed."""

from dataclasses import dataclass

from netc.diag import Span
from netc.spec.values import Call, List, Name, Value


@dataclass(frozen=True)
class Tuple:
    """Several values that start a chain together: `(a, b) -> add`."""

    names: tuple[Name, ...]
    span: Span


@dataclass(frozen=True)
class Join:
    """`add { ... }`: every line inside is a branch from the current value; the layer joins them."""

    type: Name | Call
    body: tuple["Statement", ...]
    span: Span


Step = Name | Call | Tuple | Join
"""A bare name is a layer type without arguments or, at the start of a chain, a value."""


@dataclass(frozen=True)
class Let:
    """`let k = 32`: a constant."""

    name: Name
    value: Value
    span: Span


@dataclass(frozen=True)
class Input:
    """`input image [1, 28, 28]`, or `input label class(10)`; `input text class(96) [50]`, where
    `sizes` says how many class numbers an example has."""

    name: Name
    type: List | Call
    span: Span
    sizes: List | None = None

    @property
    def lists(self) -> tuple[List, ...]:
        """What lists sizes on the line: at most one does."""
        return tuple(each for each in (self.type, self.sizes) if isinstance(each, List))


@dataclass(frozen=True)
class Chain:
    """`name = step -> step`. Without a source it goes on from the chain above."""

    name: Name | None
    steps: tuple[Step, ...]
    span: Span


@dataclass(frozen=True)
class Role:
    """A chain whose value is an `output`, a `loss` or a `metric`; in a block `output` is the
    block's result."""

    role: Name
    chain: Chain
    span: Span


@dataclass(frozen=True)
class Shared:
    """`layer tower = digest()`: one instance, whose weights every use of `tower` shares."""

    name: Name
    made: Name | Call
    span: Span


@dataclass(frozen=True)
class Range:
    """`start..stop`: whole numbers from `start` up to, not including, `stop`."""

    start: Value
    stop: Value
    span: Span


@dataclass(frozen=True)
class For:
    """`for name in values { ... }`: the body once for each value."""

    name: Name
    values: Value | Range
    body: tuple["Statement", ...]
    span: Span


@dataclass(frozen=True)
class Repeat:
    """`repeat count { ... }`."""

    count: Value
    body: tuple["Statement", ...]
    span: Span


@dataclass(frozen=True)
class If:
    """`if condition { ... } else { ... }`; `else if` is an `If` alone in `otherwise`, which is None
    where there is no `else`."""

    condition: Value
    body: tuple["Statement", ...]
    otherwise: tuple["Statement", ...] | None
    span: Span


@dataclass(frozen=True)
class When:
    """`when train { ... }` or `when test { ... }`: for one phase only."""

    phase: Name
    body: tuple["Statement", ...]
    span: Span


@dataclass(frozen=True)
class Assert:
    """`assert params < 30_000_000`: what `netc check` must find true."""

    condition: Value
    span: Span


Statement = Let | Input | Chain | Role | Shared | For | Repeat | If | When | Assert
