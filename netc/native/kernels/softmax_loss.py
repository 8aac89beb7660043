"""The loss of a classifier and its gradient, and how many of its answers are right."""

from dataclasses import dataclass
from typing import NamedTuple

from netc.native.elementary import exp, log
from netc.native.function import ZERO, Function
from netc.native.kernel import UNITS, Argument, Kernel, pointers, shared
from netc.native.kernels.columns import Column, Columns, Labels
from netc.native.kernels.doubles import add_doubles, double_type, store_total
from netc.native.kernels.softmax import greatest_of
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import Target

VALID = Argument("valid", "integer")


class _Softmax(NamedTuple):
    """What is known of the scores of a vector of places; `wanted` is that of the right class, and
    `sum` of all, both less `greatest`."""

    greatest: str
    total: str
    wanted: str
    sum: str


@dataclass(frozen=True)
class OfLabels(Kernel):
    """What these kernels share: they sum something over the labels that count.

    Labels are integers of 64 bits, those of an example side by side. The first `valid` examples of
    the block count. The sum goes to `sum`, a double. Each unit of work is a vector of places, with
    all its channels.
    """

    layout: Layout
    vector: int
    ignore: int | None = None

    @property
    def units(self) -> int:
        return self.columns.count

    @property
    def columns(self) -> Columns:
        return Columns(self.layout, self.vector)

    @property
    def labels(self) -> Labels:
        return Labels(self.columns, self.ignore)

    def lanes(self, target: Target) -> int:
        return self.vector


@dataclass(frozen=True)
class LossOfLabels(OfLabels):
    """The sum of the losses. With a tail also the gradient, `made`: `dy` is the number that the
    gradient of the mean loss is multiplied by, and `count`, an integer, how many labels count in
    the whole batch. It is 0 where a label does not count, whatever the scores are."""

    tail: Tail | None = None

    @property
    def arguments(self) -> tuple[Argument, ...]:
        gradient = (*pointers("dy", "count"), *self.tail.arguments) if self.tail else ()
        return (*shared("scores"), *pointers("label", "sum"), *gradient, VALID, *UNITS)


@dataclass(frozen=True)
class SoftmaxLoss(LossOfLabels):
    """Of a classifier: the logarithm of what its softmax gives to the right class."""

    smoothing: float = 0.0

    def emit(self, f: Function, target: Target) -> None:
        share = share_of(f) if self.tail else ""
        kind = double_type(f)
        with self.columns.loop(f, [ZERO], type=kind) as column:
            label, counts = self.labels.load(f, column)
            found = self._softmax(f, column, label)
            loss = f.select(counts, self._loss(f, found), ZERO)
            column.new = [add_doubles(f, column.given[0], loss)]
            if self.tail:
                own = f.select(counts, f.splat(share), ZERO)
                self._gradient(f, self.tail, column, label, counts, found, own)
        store_total(f, column.out[0], "%sum")

    def _softmax(self, f: Function, column: Column, label: str) -> _Softmax:
        columns = self.columns
        greatest = greatest_of(f, columns, "scores", column)
        with f.loop(0, self.layout.channels, carry=[ZERO] * 3) as loop:
            total, wanted, sum_ = loop.given
            shifted = f.fsub(columns.load(f, "scores", loop.counter, column), greatest)
            is_right = self.labels.is_class(f, label, loop.counter)
            total = f.fadd(total, exp(f, shifted))
            sum_ = f.fadd(sum_, shifted) if self.smoothing else sum_
            loop.new = [total, f.select(is_right, shifted, wanted), sum_]
        return _Softmax(greatest, *loop.out)

    def _loss(self, f: Function, found: _Softmax) -> str:
        wanted = found.wanted
        if self.smoothing:
            wanted = f.fmul(wanted, f.constant(1 - self.smoothing))
            each = f.constant(self.smoothing / self.layout.channels)
            wanted = f.fma(found.sum, each, wanted)
        return f.fsub(log(f, found.total), wanted)

    def _gradient(
        self,
        f: Function,
        tail: Tail,
        column: Column,
        label: str,
        counts: str,
        found: _Softmax,
        share: str,
    ) -> None:
        """(softmax - wanted) * share, for each class."""
        columns, channels = self.columns, self.layout.channels
        scale = f.fdiv(share, found.total)
        others = f.fmul(share, f.constant(self.smoothing / channels))
        right = f.fma(share, f.constant(1 - self.smoothing), others)
        with f.loop(0, channels) as loop:
            shifted = f.fsub(columns.load(f, "scores", loop.counter, column), found.greatest)
            is_right = self.labels.is_class(f, label, loop.counter)
            wanted = f.select(is_right, right, others)
            slope = f.fsub(f.fmul(exp(f, shifted), scale), wanted)
            applied = tail.on(f, loop.counter)
            applied.apply(f.select(counts, slope, ZERO), column.offset, column.mask)
            applied.finish()


@dataclass(frozen=True)
class Accuracy(OfLabels):
    """How many labels have a score that fewer than `top` others reach."""

    top: int = 1

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*shared("scores"), *pointers("label", "sum"), VALID, *UNITS)

    def emit(self, f: Function, target: Target) -> None:
        columns, channels = self.columns, self.layout.channels
        one = f.constant(1)
        with columns.loop(f, [ZERO], type=double_type(f)) as column:
            label, counts = self.labels.load(f, column)
            right = score_of(f, columns, self.labels, column, label)
            with f.loop(0, channels, carry=[ZERO]) as count:
                score = columns.load(f, "scores", count.counter, column)
                is_lower = f.compare("olt", score, right)
                count.new = [f.fadd(count.given[0], f.select(is_lower, one, ZERO))]
            # Counting what is lower, not what is higher, makes NaN a miss.
            enough = f.compare("oge", count.out[0], f.constant(channels - self.top))
            hit = f.select(f.both(enough, counts), one, ZERO)
            column.new = [add_doubles(f, column.given[0], hit)]
        store_total(f, column.out[0], "%sum")


def score_of(f: Function, columns: Columns, labels: Labels, column: Column, label: str) -> str:
    """The score of the right class, in each place."""
    with f.loop(0, columns.layout.channels, carry=[ZERO]) as loop:
        score = columns.load(f, "scores", loop.counter, column)
        is_right = labels.is_class(f, label, loop.counter)
        loop.new = [f.select(is_right, score, loop.given[0])]
    return loop.out[0]


def share_of(f: Function) -> str:
    """dy / max(1, count)."""
    count = f.op(f"sitofp i64 {f.most(f.load_int('%count'), 1)} to {f.number}")
    return f.op(f"fdiv {f.number} {f.load('%dy')}, {count}")
