"""What can be wrong with a list of layers of ConvNetJS; it takes most of this in silence itself."""

from netc.formats.convnetjs.problems.meaning import (
    DiffersFromOriginal,
    SeveralNets,
    SeveralTrainers,
    WrongFeeding,
)
from netc.formats.convnetjs.problems.options import (
    AbsentOption,
    IdleOption,
    IgnoredOption,
    UnusableOption,
)
from netc.formats.convnetjs.problems.order import (
    AbsentLoss,
    DoubledLayer,
    MisplacedLoss,
    NoLossLayer,
)
from netc.formats.convnetjs.problems.sizes import (
    LeftOverChannels,
    SizeMismatch,
    TrimmedEdge,
    UnfitWindow,
)
from netc.formats.convnetjs.problems.words import (
    NotADefinition,
    UnknownActivation,
    UnknownLayerType,
    UnknownMethod,
)

__all__ = [
    "AbsentLoss",
    "AbsentOption",
    "DiffersFromOriginal",
    "DoubledLayer",
    "IdleOption",
    "IgnoredOption",
    "LeftOverChannels",
    "MisplacedLoss",
    "NoLossLayer",
    "NotADefinition",
    "SeveralNets",
    "SeveralTrainers",
    "SizeMismatch",
    "TrimmedEdge",
    "UnfitWindow",
    "UnknownActivation",
    "UnknownLayerType",
    "UnknownMethod",
    "UnusableOption",
    "WrongFeeding",
]
