"""Losses that are a sum over all numbers, each by itself, and their gradients."""

from dataclasses import dataclass

from netc.native.arithmetic import apply
from netc.native.formula import Formula
from netc.native.function import ZERO, Function, Int
from netc.native.kernel import UNITS, Argument, Kernel, pointers, shared
from netc.native.kernels.columns import Column, Columns
from netc.native.kernels.doubles import add_doubles, double_type, store_total
from netc.native.kernels.softmax_loss import share_of
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import Target


@dataclass(frozen=True)
class PointwiseLoss(Kernel):
    """The sum of a formula's `cost` over all numbers of the first `valid` examples, a double at
    `sum`. All that the formula reads are values, laid out alike but for what is behind planes.

    With a tail also the gradient, `made`: the formula's `slope` times the number `dy` over `count`,
    an integer, and 0 for the examples that do not count.
    """

    formula: Formula
    layouts: tuple[tuple[str, Layout], ...]
    tail: Tail | None = None

    @property
    def arguments(self) -> tuple[Argument, ...]:
        gradient = (*pointers("dy", "count"), *self.tail.arguments) if self.tail else ()
        valid = Argument("valid", "integer")
        given = dict.fromkeys((*shared(*self.formula.reads), *gradient))
        return (*given, *pointers("sum"), valid, *UNITS)

    @property
    def layout(self) -> Layout:
        return self.layouts[0][1]

    @property
    def units(self) -> int:
        return self.layout.channels

    def emit(self, f: Function, target: Target) -> None:
        share = f.splat(share_of(f)) if self.tail else ""
        columns, kind = Columns(self.layout, f.lanes), double_type(f)
        with f.loop("%first", "%stop", carry=[ZERO], type=kind, guard=True) as channels:
            applied = self.tail.on(f, channels.counter) if self.tail else None
            inside = columns.loop(f, channels.given, first=0, stop=columns.count, type=kind)
            with inside as column:
                counts = columns.valid(f, column)
                made = self._made(f, channels.counter, column)
                cost = f.select(counts, made["cost"], ZERO)
                column.new = [add_doubles(f, column.given[0], cost)]
                if applied:
                    slope = f.select(counts, f.fmul(made["slope"], share), ZERO)
                    applied.apply(slope, column.offset, column.mask)
                    applied.finish()
            channels.new = column.out
        store_total(f, channels.out[0], "%sum")

    def _made(self, f: Function, channel: Int, column: Column) -> dict[str, str]:
        found: list[str] = []
        layouts = dict(self.layouts)
        for step in self.formula.steps:
            if step.kind == "value":
                columns = Columns(layouts[step.name], f.lanes)
                found.append(columns.load(f, step.name, channel, column))
            else:
                found.append(apply(f, step, [found[i] for i in step.of]))
        return {name: found[index] for name, index in self.formula.stores}
