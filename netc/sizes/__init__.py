"""Sizes that are not known yet, such as those of an image of any size."""

from netc.sizes.size import (
    WITNESS,
    Size,
    Undecided,
    closed,
    is_open,
    open_names,
    reaches,
    smaller,
    way_to_close,
)

__all__ = [
    "WITNESS",
    "Size",
    "Undecided",
    "closed",
    "is_open",
    "open_names",
    "reaches",
    "smaller",
    "way_to_close",
]
