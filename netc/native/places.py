"""Where values lie in each other: views, copies that need not be made, and parts of joined ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

import numpy as np

from netc.native.layout import Layout
from netc.types import NUMPY_DTYPES, Dtype, Tensor

_PERIOD = 4096
"""Bytes after which addresses fall into the same sets of the first cache."""

_PAD = 320
"""Bytes that part planes which would be a multiple of the period apart."""


@dataclass
class Places:
    """Which values are parts of others. `channel` counts planes of the outer value.

    A value in `flat` has its planes without gaps: it is also read as one row of numbers.
    """

    types: Mapping[str, Tensor]
    block: int
    outer: dict[str, tuple[str, int]] = field(default_factory=dict)
    flat: set[str] = field(default_factory=set)
    _counted: tuple[int, int] = (0, 0)
    _found: set[str] = field(default_factory=set)

    def lay(self, value: str, outer: str, channel: int = 0) -> bool:
        """Make a value a part of another from a channel on, unless it is a part already."""
        if value in self.outer or self.root(outer)[0] == value:
            return False
        self.outer[value] = outer, channel
        return True

    def move(self, value: str, other: str) -> None:
        """Let what is a part of one value be that of another of the same shape."""
        for part, (outer, channel) in self.outer.items():
            if outer == value:
                self.outer[part] = other, channel

    def root(self, value: str) -> tuple[str, int]:
        """The value whose memory this one is in, and where: an offset in numbers."""
        offset = 0
        while value in self.outer:
            value, channel = self.outer[value]
            offset += channel * self.layout(value).plane
        return value, offset

    def start(self, value: str) -> int:
        """Where a value begins in the one whose memory it is in: numbers of an example."""
        offset = 0
        while value in self.outer:
            value, channel = self.outer[value]
            offset += channel * prod(self.types[value].shape[1:])
        return offset

    def layout(self, value: str) -> Layout:
        """How a batched value lies in a block."""
        type = self.types[value]
        used = prod(type.shape[1:]) * self.block * item_bytes(type.dtype)
        is_flat = self.whole(value) in self._flat_wholes()
        pad = 0 if is_flat or used % _PERIOD else _PAD // item_bytes(type.dtype)
        return Layout(type.shape, self.block, pad)

    def whole(self, value: str) -> str:
        while value in self.outer:
            value = self.outer[value][0]
        return value

    def _flat_wholes(self) -> set[str]:
        counts = len(self.outer), len(self.flat)
        if counts != self._counted:
            self._counted, self._found = counts, {self.whole(value) for value in self.flat}
        return self._found


def item_bytes(dtype: Dtype) -> int:
    return np.dtype(NUMPY_DTYPES[dtype]).itemsize
