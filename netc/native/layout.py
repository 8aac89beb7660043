"""How a value lies in the memory of one block of examples."""

from dataclasses import dataclass
from math import prod

from netc.types import Shape


@dataclass(frozen=True)
class Layout:
    """The examples of a block are innermost: element (c, i, j, n) is at
    `c * plane + (i * width + j) * block + n`.

    `shape` is that of one example, its channels first. `pad` numbers after each plane are not
    used: planes that are multiples of 4096 bytes apart would fall into the same few cache sets.
    """

    shape: Shape
    block: int
    pad: int = 0

    @property
    def channels(self) -> int:
        return self.shape[0] if self.shape else 1

    @property
    def sides(self) -> Shape:
        """Height and width, or whatever the axes after the channels are."""
        return self.shape[1:]

    @property
    def used(self) -> int:
        """Numbers of a plane."""
        return prod(self.sides) * self.block

    @property
    def plane(self) -> int:
        """From one channel to the next, in numbers."""
        return self.used + self.pad

    @property
    def size(self) -> int:
        """Numbers of the whole value in a block."""
        return self.channels * self.plane
