"""What can be wrong with a script of ConvNetJS before anyone asks what its layers mean."""

from netc.formats.convnetjs.script.problems.code import (
    AssumedCode,
    CopiedText,
    SkippedCode,
    UnreadCode,
)
from netc.formats.convnetjs.script.problems.nets import (
    NoLayerDefs,
    NoScript,
    SecondNet,
    UnfitAgent,
    UnknownConstructor,
)
from netc.formats.convnetjs.script.problems.values import (
    BadScript,
    UndefinedVariable,
    UnknownNumber,
    UnreadArgument,
)

__all__ = [
    "AssumedCode",
    "BadScript",
    "CopiedText",
    "NoLayerDefs",
    "NoScript",
    "SecondNet",
    "SkippedCode",
    "UndefinedVariable",
    "UnfitAgent",
    "UnknownConstructor",
    "UnknownNumber",
    "UnreadArgument",
    "UnreadCode",
]
