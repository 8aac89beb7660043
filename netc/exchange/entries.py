"""Layers of ConvNetJS as its `makeLayers` lists them: none of them stands for two."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import NamedTuple

from netc.ir import Node

Value = int | float


class Size(NamedTuple):
    """The sides of a volume, in ConvNetJS's order."""

    sx: int
    sy: int
    depth: int

    @property
    def numbers(self) -> int:
        """How many numbers a volume of these sides has."""
        return prod(self)

    @property
    def is_flat(self) -> bool:
        """Whether it is a row of numbers, and no image."""
        return self.sx == self.sy == 1

    def __str__(self) -> str:
        return f"{self.sx}x{self.sy}x{self.depth}"


@dataclass(frozen=True)
class Entry:
    """A layer with its options in ConvNetJS's words, all of them, and the volumes before and
    behind it. `node` is the layer of the graph, whose weights it has."""

    type: str
    before: Size
    after: Size
    options: Mapping[str, Value] = field(default_factory=dict)
    node: Node | None = field(default=None, compare=False)

    def without(self, **defaults: Value) -> dict[str, Value]:
        """The options but those that are what ConvNetJS takes for them anyway."""
        return {
            name: value
            for name, value in self.options.items()
            if name not in defaults or defaults[name] != value
        }
