"""Losses of scores against the right class: of margins, and of logarithms."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import NamedTuple

from netc.native.elementary import log
from netc.native.function import ZERO, Function, Int
from netc.native.kernels.columns import Column
from netc.native.kernels.doubles import add_doubles, double_type, store_total
from netc.native.kernels.softmax_loss import LossOfLabels, score_of, share_of
from netc.native.tail import Tail
from netc.native.target import Target


class Cost(NamedTuple):
    """What a score costs, and its slope."""

    cost: str
    slope: str


@dataclass(frozen=True)
class ClassByClass(LossOfLabels):
    """Of all scores, each by itself."""

    def emit(self, f: Function, target: Target) -> None:
        share = f.splat(share_of(f)) if self.tail else ""
        columns, kind = self.columns, double_type(f)
        with columns.loop(f, [ZERO], type=kind) as column:
            label, counts = self.labels.load(f, column)
            with f.loop(0, self.layout.channels, 1, column.given, type=kind) as loop:
                score = columns.load(f, "scores", loop.counter, column)
                found = self.cost(f, score, self.labels.is_class(f, label, loop.counter))
                cost = f.select(counts, found.cost, ZERO)
                loop.new = [add_doubles(f, loop.given[0], cost)]
                if self.tail:
                    applied = self.tail.on(f, loop.counter)
                    slope = f.select(counts, f.fmul(found.slope, share), ZERO)
                    applied.apply(slope, column.offset, column.mask)
                    applied.finish()
            column.new = loop.out
        store_total(f, column.out[0], "%sum")

    @abstractmethod
    def cost(self, f: Function, score: str, is_right: str) -> Cost:
        """What scores of one class cost; the mask says where it is the right one."""


@dataclass(frozen=True)
class HingeLoss(ClassByClass):
    """max(0, 1 - s) for the right class and max(0, 1 + s) for the others, or the square of it."""

    squared: bool = False

    def cost(self, f: Function, score: str, is_right: str) -> Cost:
        one, two = f.constant(1), f.constant(2)
        sign = f.select(is_right, f.constant(-1), one)
        miss = f.fmax(ZERO, f.fma(sign, score, one))
        if self.squared:
            return Cost(f.fmul(miss, miss), f.fmul(f.fmul(two, miss), sign))
        return Cost(miss, f.select(f.compare("ogt", miss, ZERO), sign, ZERO))


@dataclass(frozen=True)
class SvmLoss(LossOfLabels):
    """max(0, s - r + margin) for each wrong class, with r the score of the right one."""

    margin: float = 1.0

    def emit(self, f: Function, target: Target) -> None:
        share = f.splat(share_of(f)) if self.tail else ""
        with self.columns.loop(f, [ZERO], type=double_type(f)) as column:
            label, counts = self.labels.load(f, column)
            right = score_of(f, self.columns, self.labels, column, label)
            with f.loop(0, self.layout.channels, carry=[ZERO] * 2) as loop:
                total, misses = loop.given
                miss, missed = self._miss(f, column, loop.counter, label, right)
                loop.new = [f.fadd(total, miss), f.fadd(misses, missed)]
            total, misses = loop.out
            column.new = [add_doubles(f, column.given[0], f.select(counts, total, ZERO))]
            if self.tail:
                own = f.select(counts, share, ZERO)
                self._gradient(f, self.tail, column, label, right, misses, own)
        store_total(f, column.out[0], "%sum")

    def _miss(
        self, f: Function, column: Column, channel: Int, label: str, right: str
    ) -> tuple[str, str]:
        """By how much the score of a class is too high, and 1 if it is; 0 of the right class."""
        score = self.columns.load(f, "scores", channel, column)
        is_right = self.labels.is_class(f, label, channel)
        miss = f.fadd(f.fsub(score, right), f.constant(self.margin))
        miss = f.select(is_right, ZERO, f.fmax(ZERO, miss))
        return miss, f.select(f.compare("ogt", miss, ZERO), f.constant(1), ZERO)

    def _gradient(
        self,
        f: Function,
        tail: Tail,
        column: Column,
        label: str,
        right: str,
        misses: str,
        share: str,
    ) -> None:
        """The share for each score that is too high, taken from the right one."""
        with f.loop(0, self.layout.channels) as loop:
            _, missed = self._miss(f, column, loop.counter, label, right)
            is_right = self.labels.is_class(f, label, loop.counter)
            slope = f.select(is_right, f.fneg(misses), missed)
            applied = tail.on(f, loop.counter)
            applied.apply(f.fmul(slope, share), column.offset, column.mask)
            applied.finish()


@dataclass(frozen=True)
class LogLoss(ClassByClass):
    """Minus the logarithm of the probability of the right class; those below `least` count as
    that, and have no slope."""

    least: float = 0.0

    def cost(self, f: Function, score: str, is_right: str) -> Cost:
        taken = f.fmax(f.constant(self.least), score)
        learns = f.both(is_right, f.compare("oge", score, f.constant(self.least)))
        slope = f.fdiv(f.constant(-1), taken)
        cost = f.select(is_right, f.fneg(log(f, taken)), ZERO)
        return Cost(cost, f.select(learns, slope, ZERO))
