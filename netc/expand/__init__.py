"""A net written out: no blocks, no loops, no choices, every layer with a name and its options."""

from netc.expand.expand import MIDDLES, Expanded, Middle, expand
from netc.expand.same import is_same_graph

__all__ = ["MIDDLES", "Expanded", "Middle", "expand", "is_same_graph"]
