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
    undecided,
    way_to_close,
    where,
    witnesses,
)
from netc.sizes.size import WITNESS, Size
from netc.sizes.undecided import Undecided, way_to_give

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
    "undecided",
    "way_to_close",
    "way_to_give",
    "where",
    "witnesses",
]
