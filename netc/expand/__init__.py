"""A net written out: no blocks, no loops, no choices, every layer with a name and its options."""

from netc.expand.expand import Expanded, expand
from netc.expand.same import is_same_graph

__all__ = ["Expanded", "expand", "is_same_graph"]
