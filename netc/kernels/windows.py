"""How windows lie along the axes of an image."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

Place = tuple[slice, ...]
"""A part of [channels, axes of the image..., n]."""


@dataclass(frozen=True)
class Axis:
    """Windows along one axis: output `o`, tap `t` reads place `first + o * stride + t * step`.

    Places outside 0..size-1 are zeros: `first` is minus the padding.
    """

    size: int
    out: int
    taps: int
    first: int
    stride: int = 1
    step: int = 1

    def reach(self, start: int, stop: int) -> tuple[int, int]:
        """The first place that outputs `start..stop-1` read, and the one after the last."""
        low = self.first + start * self.stride
        return low, low + (stop - start - 1) * self.stride + (self.taps - 1) * self.step + 1

    @property
    def is_padded(self) -> bool:
        """Whether any window reaches beyond the image."""
        low, high = self.reach(0, self.out)
        return low < 0 or high > self.size

    def tap(self, t: int) -> tuple[slice, slice]:
        """The outputs whose tap `t` lies inside, and the places these read."""
        begin = self.first + t * self.step
        low = max(0, -(begin // self.stride))
        high = max(low, min(self.out, (self.size - 1 - begin) // self.stride + 1))
        start = begin + low * self.stride
        return slice(low, high), slice(start, start + (high - low) * self.stride, self.stride)


Axes = tuple[Axis, ...]
"""The windows along every axis of an image."""


def taps(axes: Axes) -> Iterator[tuple[Place, Place]]:
    """For each tap of the kernel, row by row: the outputs that have it, and the places it reads."""
    every = slice(None)
    for along in product(*([axis.tap(t) for t in range(axis.taps)] for axis in axes)):
        yield (every, *(out for out, _ in along)), (every, *(place for _, place in along))


def are_apart(axes: Axes) -> bool:
    """Whether no place lies in two windows."""
    return all(axis.stride >= axis.taps for axis in axes)


def are_whole(axes: Axes) -> bool:
    """Whether each place lies in exactly one window."""
    return all(
        axis.stride == axis.taps and axis.reach(0, axis.out)[1] >= axis.size for axis in axes
    )
