"""Which points of its source each output of a convolution reads, along one axis."""

from dataclasses import dataclass
from math import gcd

from netc.native.geometry import Side


@dataclass(frozen=True)
class Sweep:
    """Output `u` reads at its tap `t` the point `u * step + start + t * apart` of the source, where
    the source has it, times the weight of the kernel's point `first + t * every`.

    The outputs are those at `offset`, `offset + spread`... of the axis that they lie on.
    """

    size: int
    out: int
    taps: int = 1
    step: int = 1
    start: int = 0
    apart: int = 1
    first: int = 0
    every: int = 1
    offset: int = 0
    spread: int = 1

    @property
    def is_plain(self) -> bool:
        """Whether each output reads the point at its own place."""
        return self == Sweep(self.size, self.size)

    @property
    def is_inside(self) -> bool:
        """Whether every output finds all its points."""
        ends = (self.start, self.start + (self.taps - 1) * self.apart)
        return min(ends) >= 0 and (self.out - 1) * self.step + max(ends) < self.size


def forward(side: Side) -> Sweep:
    """Outputs read the image."""
    return Sweep(side.size, side.out, side.kernel, side.stride, -side.pad, side.dilation)


def backward(side: Side) -> list[Sweep]:
    """Points of the image read the gradients of the outputs they were part of: points a stride
    apart meet the same part of the kernel, so there is one sweep for each point of a stride."""
    return [_phase(side, point) for point in range(min(side.stride, side.size))]


def _phase(side: Side, point: int) -> Sweep:
    out = -(-(side.size - point) // side.stride)
    origin = point + side.pad
    met = [t for t in range(side.kernel) if (origin - t * side.dilation) % side.stride == 0]
    every = side.stride // gcd(side.dilation, side.stride)
    first = met[0] if met else 0
    return Sweep(
        side.out,
        out,
        len(met),
        1,
        (origin - first * side.dilation) // side.stride,
        -every * side.dilation // side.stride,
        first,
        every,
        point,
        side.stride,
    )


def flattened(rows: Sweep, columns: Sweep) -> tuple[Sweep, Sweep]:
    """The same as one long row, where each output reads the point at its own place."""
    if not rows.is_plain or not columns.is_plain:
        return rows, columns
    places = rows.size * columns.size
    return Sweep(1, 1), Sweep(places, places)
