"""Passes over flat arrays in plain order: weights moved, and their gradients measured."""

from dataclasses import dataclass

from netc.native.formula import Formula
from netc.native.function import NUMBERS, ZERO, Function, Int
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import ITEM_BYTES, Target
from netc.types import Dtype

_UNROLLED = 4


@dataclass(frozen=True)
class Update(Kernel):
    """Computes a formula for the numbers `first` to `stop - 1` of flat arrays, which need not be
    aligned; `scalar` reads one number for all."""

    formula: Formula

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*self._tail.arguments, *UNITS)

    @property
    def _tail(self) -> Tail:
        # All is one channel, so the places are the numbers of the array and no plane counts.
        flat = Layout((1,), 1)
        names = (*self.formula.names("value"), *self.formula.writes)
        return Tail(self.formula, tuple((name, flat) for name in dict.fromkeys(names)))

    def emit(self, f: Function, target: Target) -> None:
        applied = self._tail.on(f, 0)
        step = _UNROLLED * f.lanes
        whole = f.mul(f.div(f.sub("%stop", "%first"), step), step)
        middle = f.add("%first", whole)
        with f.loop("%first", middle, step, guard=True) as rounds:
            for t in range(_UNROLLED):
                applied.apply(None, f.add(rounds.counter, t * f.lanes))
        with f.loop(middle, "%stop", f.lanes, guard=True) as rest:
            left = f.first_lanes(f.sub("%stop", rest.counter))
            applied.apply(None, rest.counter, left)


@dataclass(frozen=True)
class SquareSum(Kernel):
    """Adds the squares of the numbers `first` to `stop - 1` to the first number of `total`, in
    float64, where no square of a float32 is too large."""

    source: Dtype

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers("values", "total"), *UNITS)

    def emit(self, f: Function, target: Target) -> None:
        step = _UNROLLED * f.lanes
        whole = f.mul(f.div(f.sub("%stop", "%first"), step), step)
        middle = f.add("%first", whole)
        with f.loop("%first", middle, step, [ZERO] * _UNROLLED, guard=True) as rounds:
            for t, total in enumerate(rounds.given):
                value = self._taken(f, f.add(rounds.counter, t * f.lanes), f"<{f.lanes} x", ">")
                rounds.new[t] = f.fma(value, value, total)
        a, b, c, d = rounds.out
        vectors = f.total(f.fadd(f.fadd(a, b), f.fadd(c, d)))
        start = f.op(f"fadd double {vectors}, {f.load('%total')}")
        with f.loop(middle, "%stop", 1, [start], type="double", guard=True) as rest:
            value = self._taken(f, rest.counter)
            square = f.op(f"fmul double {value}, {value}")
            rest.new = [f.op(f"fadd double {rest.given[0]}, {square}")]
        f.store(rest.out[0], "%total")

    def _taken(self, f: Function, offset: Int, before: str = "", after: str = "") -> str:
        """A number as float64, or a vector of them with the text of its type around."""
        number = NUMBERS[self.source]
        kind, wanted = (f"{before} {n}{after}" for n in (number, "double"))
        place = f.at("%values", offset, number)
        taken = f.op(f"load {kind}, ptr {place}, align {ITEM_BYTES[self.source]}")
        return taken if kind == wanted else f.op(f"fpext {kind} {taken} to {wanted}")
