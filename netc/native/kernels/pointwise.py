"""A formula over whole values, number by number."""

from dataclasses import dataclass

from netc.native.function import Function
from netc.native.kernel import UNITS, Argument, Kernel
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import Target

_UNROLLED = 4


@dataclass(frozen=True)
class Pointwise(Kernel):
    """Computes a formula at every place of the channels `first` to `stop - 1`."""

    tail: Tail
    layout: Layout

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*self.tail.arguments, *UNITS)

    @property
    def units(self) -> int:
        return self.layout.channels

    def emit(self, f: Function, target: Target) -> None:
        wide = self.layout.used // f.lanes
        rounds, single = divmod(wide, _UNROLLED)
        with f.loop("%first", "%stop", guard=True) as channels:
            applied = self.tail.on(f, channels.counter)
            step = f.lanes * _UNROLLED
            if rounds:
                with applied.loop(0, rounds * step, step) as place:
                    for t in range(_UNROLLED):
                        applied.apply(None, f.sum(place, t * f.lanes))
            for t in range(single):
                applied.apply(None, rounds * step + t * f.lanes)
            if rest := self.layout.used % f.lanes:
                applied.apply(None, wide * f.lanes, f.first_lanes(rest))
            applied.finish()
