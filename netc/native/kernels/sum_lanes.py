"""The sums of a tail, collected from all threads."""

from dataclasses import dataclass

from netc.native.function import Function
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


def part_stride(f: Function, channels: int) -> int:
    """Numbers from the sums of one thread to those of the next."""
    line = 64 // f.item_bytes
    return -(-channels * f.lanes // line) * line
