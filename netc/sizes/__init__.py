"""Sizes that are not known yet, such as those of an image of any size."""

from netc.sizes.ask import (
    asking,
    closed,
    is_equal,
    is_open,
    name_of,
    open_names,
    reaches,
    smaller,
    way_to_close,
    where,
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
    "is_equal",
    "is_open",
    "name_of",
    "open_names",
    "reaches",
    "smaller",
    "way_to_close",
    "where",
    "witnesses",
]
