"""Networks of ConvNetJS: `layer_defs` as JavaScript or as JSON, and saved networks."""

from netc.diag import Problem, Source
from netc.formats.convnetjs.counterparts import (
    BIAS_BEFORE_RELU,
    LAYERS,
    LEARNING,
    LOSSES,
    RULES,
)
from netc.formats.convnetjs.from_json import listing_of, saved_inside
from netc.formats.convnetjs.listing import Listing
from netc.formats.convnetjs.lower import lower
from netc.formats.convnetjs.manual import ALSO, Manual
from netc.formats.convnetjs.sizes import Size
from netc.formats.convnetjs.words import ACTIVATIONS, METHODS, SUGAR, TRAINING, TYPES, Option
from netc.spec import Spec


def parse(source: Source) -> Spec | list[Problem]:
    """The spec that a JavaScript text with `layer_defs` means; nothing in it is ever run."""
    from netc.formats.convnetjs.script import read_script

    listing = read_script(source)
    return lower(listing) if isinstance(listing, Listing) else listing


__all__ = [
    "ACTIVATIONS",
    "ALSO",
    "BIAS_BEFORE_RELU",
    "LAYERS",
    "LEARNING",
    "LOSSES",
    "METHODS",
    "RULES",
    "SUGAR",
    "TRAINING",
    "TYPES",
    "Listing",
    "Manual",
    "Option",
    "Size",
    "listing_of",
    "lower",
    "parse",
    "saved_inside",
]
