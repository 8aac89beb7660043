"""Layers of ConvNetJS as its `makeLayers` lists them: none of them stands for two."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from netc.formats import convnetjs
from netc.ir import Node

Value = int | float
Size = convnetjs.Size


@dataclass(frozen=True)
class Entry:
    """A layer with its options in ConvNetJS's words, all of them, and the volumes before and
    behind it. `node` is the layer of the graph, whose weights it has."""

    type: str
    before: Size
    after: Size
    options: Mapping[str, Value] = field(default_factory=dict)
    node: Node | None = field(default=None, compare=False)
