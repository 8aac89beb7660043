"""The sums of a tail, collected from all threads."""

from dataclasses import dataclass

from netc.native.function import ZERO, Function
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.target import Target


@dataclass(frozen=True)
class SumLanes(Kernel):
    """`sums[c]` becomes the sum over threads and lanes of `parts` [threads, channels, lanes], the
    parts of each thread beginning in a cache line of their own."""

    channels: int
    threads: int

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers("parts", "sums"), *UNITS)

    @property
    def units(self) -> int:
        return self.channels

    def emit(self, f: Function, target: Target) -> None:
        stride = part_stride(f, self.channels)
        with f.loop("%first", "%stop", guard=True) as channels:
            place = f.mul(channels.counter, f.lanes)
            total = f.vload("%parts", place)
            for thread in range(1, self.threads):
                total = f.fadd(total, f.vload("%parts", f.sum(place, thread * stride)))
            f.store(f.total(total), "%sums", channels.counter)


@dataclass(frozen=True)
class SumAll(Kernel):
    """`sums[0]` becomes the sum over threads, channels and lanes of such parts."""

    channels: int
    threads: int

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return pointers("parts", "sums")

    def emit(self, f: Function, target: Target) -> None:
        stride = part_stride(f, self.channels)
        total = ZERO
        for thread in range(self.threads):
            with f.loop(0, self.channels * f.lanes, f.lanes, [total]) as loop:
                part = f.vload("%parts", f.sum(loop.counter, thread * stride))
                loop.new = [f.fadd(loop.given[0], part)]
            total = loop.out[0]
        f.store(f.total(total), "%sums")


def part_stride(f: Function, channels: int) -> int:
    """Numbers from the sums of one thread to those of the next."""
    line = 64 // f.item_bytes
    return -(-channels * f.lanes // line) * line


_CHUNK = 1024


@dataclass(frozen=True)
class SumParts(Kernel):
    """`sums` [size] becomes the sum of `parts` [threads, size], the parts of each thread beginning
    in a cache line of their own."""

    size: int
    threads: int

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers("parts", "sums"), *UNITS)

    @property
    def units(self) -> int:
        return -(-self.size // _CHUNK)

    def emit(self, f: Function, target: Target) -> None:
        line = 64 // f.item_bytes
        stride = -(-self.size // line) * line
        start, stop = f.mul("%first", _CHUNK), f.least(f.mul("%stop", _CHUNK), self.size)
        with f.loop(start, stop, f.lanes, guard=True) as loop:
            mask = f.first_lanes(f.sub(self.size, loop.counter))
            total = f.vload_some("%parts", loop.counter, mask)
            for thread in range(1, self.threads):
                part = f.sum(loop.counter, thread * stride)
                total = f.fadd(total, f.vload_some("%parts", part, mask))
            f.vstore_some(total, "%sums", loop.counter, mask)
