"""What can be wrong with a network whose text is right."""

from netc.ir.problems.flow import (
    BadInput,
    NoInput,
    NotALayer,
    NothingFlows,
    UnusedInput,
    UnusedValue,
    WrongInputs,
    WrongRole,
)
from netc.ir.problems.names import (
    RepeatedName,
    ReservedName,
    UnknownLayer,
    UnknownValue,
    UnknownWord,
)
from netc.ir.problems.options import (
    BadValue,
    MissingOption,
    RepeatedOption,
    UnknownKind,
    UnknownOption,
    UnnamedOption,
    WrongKind,
)
from netc.ir.problems.shapes import (
    BadShape,
    TooLarge,
    UnreadEdge,
)

__all__ = [
    "BadInput",
    "BadShape",
    "BadValue",
    "MissingOption",
    "NoInput",
    "NotALayer",
    "NothingFlows",
    "RepeatedName",
    "RepeatedOption",
    "ReservedName",
    "TooLarge",
    "UnknownKind",
    "UnknownLayer",
    "UnknownOption",
    "UnknownValue",
    "UnknownWord",
    "UnnamedOption",
    "UnreadEdge",
    "UnusedInput",
    "UnusedValue",
    "WrongInputs",
    "WrongKind",
    "WrongRole",
]
