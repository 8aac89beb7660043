"""Which points of a kernel meet which places of an image, along one axis."""

from dataclasses import dataclass

from netc.native.function import Function, Int
from netc.native.geometry import Side

_MOST_WRITTEN_OUT = 16


@dataclass(frozen=True)
class Tap:
    """A point of the kernel and the place it reads, counted from where its output begins."""

    point: int
    offset: int


@dataclass(frozen=True)
class Stripe:
    """The outputs `first`, `first + step`, ... of an axis: `count` of them, all with the same taps.

    Output number q reads the places `q * stride + offset` of a source of `size` places; a place
    outside it counts as nothing. Taps are in the order of their offsets, evenly apart.
    """

    first: int
    step: int
    count: int
    stride: int
    size: int
    taps: tuple[Tap, ...]

    def sees(self, output: int, tap: Tap) -> bool:
        """Whether a tap of an output lies inside the source."""
        return 0 <= output * self.stride + tap.offset < self.size

    def inside(self) -> tuple[int, int]:
        """The outputs whose taps all lie inside the source, from the first to before the last."""
        if not self.taps:
            return 0, self.count
        start = max(0, -(self.taps[0].offset // self.stride))
        stop = min(self.count, (self.size - 1 - self.taps[-1].offset) // self.stride + 1)
        return (start, stop) if start < stop else (self.count, self.count)

    @property
    def may_be_empty(self) -> bool:
        """Whether some output sees nothing of the source."""
        return any(not any(self.sees(q, tap) for tap in self.taps) for q in range(self.count))

    @property
    def reach(self) -> tuple[int, int]:
        """From one tap to the next: points of the kernel, places of the source."""
        if len(self.taps) < 2:
            return 1, 1
        one, two = self.taps[:2]
        return two.point - one.point, two.offset - one.offset

    @property
    def is_long(self) -> bool:
        """Whether there are too many taps to write code for each."""
        return len(self.taps) > _MOST_WRITTEN_OUT


def seen(f: Function, stripe: Stripe, place: Int, count: Int, step: int) -> tuple[Int, Int]:
    """The first and one past the last of `count` taps that lie inside the source, where they are
    `step` apart from `place` on."""
    start = f.most(0, f.sub(0, f.div(place, step)))
    return start, f.least(count, f.add(f.div(f.sub(stripe.size - 1, place), step), 1))


def forward_stripes(side: Side) -> tuple[Stripe, ...]:
    """The outputs of a convolution, which read its input."""
    taps = tuple(Tap(i, i * side.dilation - side.pad) for i in range(side.kernel))
    return (Stripe(0, 1, side.out, side.stride, side.size, taps),)


def gradient_stripes(side: Side) -> tuple[Stripe, ...]:
    """The places of its input, which read the gradient of its output: with a stride, neighbours
    meet different points of the kernel."""
    stripes = []
    for first in range(min(side.stride, side.size)):
        taps = []
        for i in reversed(range(side.kernel)):
            offset, rest = divmod(first + side.pad - i * side.dilation, side.stride)
            if rest == 0:
                taps.append(Tap(i, offset))
        count = (side.size - first - 1) // side.stride + 1
        stripes.append(Stripe(first, side.stride, count, 1, side.out, tuple(taps)))
    return tuple(stripes)
