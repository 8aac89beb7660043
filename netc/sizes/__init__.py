"""Sizes that are not known yet, such as those of an image of any size."""

from netc.sizes.ask import (
    asking,
    closed,
    is_open,
    open_names,
    reaches,
    smaller,
    way_to_close,
    witnesses,
)
from netc.sizes.size import WITNESS, Size
from netc.sizes.undecided import Undecided

__all__ = [
    "WITNESS",
    "Size",
    "Undecided",
    "asking",
    "closed",
    "is_open",
    "open_names",
    "reaches",
    "smaller",
    "way_to_close",
    "witnesses",
]
