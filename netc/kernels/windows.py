"""How windows lie along one axis of an image."""

from dataclasses import dataclass


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
