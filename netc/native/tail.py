"""A formula inside a kernel: what is done to each vector of numbers before it is stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from netc.native.arithmetic import apply
from netc.native.formula import Formula
from netc.native.function import ZERO, Function, Int
from netc.native.kernel import Argument, shared
from netc.native.layout import Layout


@dataclass(frozen=True)
class Tail:
    """A formula and how the values it reads and writes lie; all have the same shape and block.

    Its names are those of the kernel's arguments. An array of `sums` holds a vector of partial
    sums for each channel, [channels, lanes], that calls add to. Where a block may be `ragged`,
    it is one vector wide, and `counted` is a vector of ones and, for what is not there, zeros.
    An array of `moments` holds two vectors of doubles for each channel.
    """

    formula: Formula
    layouts: tuple[tuple[str, Layout], ...]
    ragged: bool = False

    @property
    def arguments(self) -> tuple[Argument, ...]:
        formula = self.formula
        counted = ("counted",) if self.ragged else ()
        return shared(*dict.fromkeys((*formula.reads, *formula.writes)), *counted)

    def on(self, f: Function, channel: Int) -> "Applied":
        """The tail at work on one channel."""
        return Applied(self, f, channel)


class Applied:
    """A tail on one channel: `apply` for each vector, then `finish`.

    `sums` are vectors; a kernel that loops between carries them round, as `loop` does.
    """

    def __init__(self, tail: Tail, f: Function, channel: Int) -> None:
        self._f, self._channel = f, channel
        self._formula, self._layouts = tail.formula, dict(tail.layouts)
        self._plain = len(tail.formula.sums)
        self.sums = [ZERO] * (self._plain + 2 * len(tail.formula.moments))
        self._double = f"<{f.lanes} x double>"
        self._there = f.compare("ogt", f.vload("%counted"), ZERO) if tail.ragged else None
        self._same = {
            index: self._read(step.kind, step.name)
            for index, step in enumerate(tail.formula.steps)
            if step.kind in ("channel", "scalar")
        }
        for index, step in enumerate(tail.formula.steps):
            if step.kind == "there":
                self._same[index] = f.vload("%counted") if tail.ragged else f.constant(1)

    def _read(self, kind: str, name: str) -> str:
        return self._f.broadcast(f"%{name}", self._channel if kind == "channel" else 0)

    def apply(self, made: str | None, place: Int, mask: str | None = None) -> None:
        """Compute and store at an offset inside the plane of the channel; `made` is the vector
        the kernel itself has computed. With a mask only its lanes count."""
        f, found = self._f, dict[int, str](self._same)
        for index, step in enumerate(self._formula.steps):
            if step.kind == "made":
                if made is None:
                    raise ValueError("this kernel makes no number of its own")
                found[index] = made
            elif step.kind == "value":
                offset = self._offset(step.name, place)
                pointer = f"%{step.name}"
                found[index] = (
                    f.vload(pointer, offset)
                    if mask is None
                    else f.vload_some(pointer, offset, mask)
                )
            elif index not in found:
                found[index] = apply(f, step, [found[i] for i in step.of])
        for name, index in self._formula.stores:
            offset = self._offset(name, place)
            if mask is None:
                f.vstore(found[index], f"%{name}", offset)
            else:
                f.vstore_some(found[index], f"%{name}", offset, mask)
        for slot, (_, index) in enumerate(self._formula.sums):
            self.sums[slot] = f.fadd(self.sums[slot], self._counted(found[index], mask))
        for slot, (_, index) in enumerate(self._formula.moments):
            self._add_moments(self._plain + 2 * slot, self._counted(found[index], mask))

    def _counted(self, vector: str, mask: str | None) -> str:
        for only in (mask, self._there):
            vector = vector if only is None else self._f.select(only, vector, ZERO)
        return vector

    def _add_moments(self, slot: int, vector: str) -> None:
        f, kind = self._f, self._double
        if f.dtype == "f32":
            vector = f.op(f"fpext {f.vector} {vector} to {kind}")
        first, second = self.sums[slot : slot + 2]
        self.sums[slot] = f.op(f"fadd {kind} {first}, {vector}")
        given = [(kind, vector), (kind, vector), (kind, second)]
        self.sums[slot + 1] = f.call(kind, f"llvm.fmuladd.v{f.lanes}f64", *given)

    @contextmanager
    def loop(self, start: Int, stop: Int, step: int = 1, *, guard: bool = False) -> Iterator[Int]:
        """A loop of the function that carries the sums round; gives its counter."""
        kinds = [self._f.vector] * self._plain + [self._double] * (len(self.sums) - self._plain)
        with self._f.loop(start, stop, step, list(self.sums), type=kinds, guard=guard) as loop:
            self.sums = list(loop.given)
            yield loop.counter
            loop.new = list(self.sums)
        self.sums = list(loop.out)

    def finish(self) -> None:
        """Add the sums to those in memory."""
        f = self._f
        for (name, _), vector in zip(self._formula.sums, self.sums, strict=False):
            place = f.mul(self._channel, f.widest)
            f.vstore(f.fadd(f.vload(f"%{name}", place), vector), f"%{name}", place)

        for slot, (name, _) in enumerate(self._formula.moments):
            for which, vector in enumerate(self.sums[self._plain + 2 * slot :][:2]):
                place = f.mul(f.sum((self._channel, 2), which), f.widest)
                pointer = f.at(f"%{name}", place, "double")
                old = f.op(f"load {self._double}, ptr {pointer}, align 8")
                new = f.op(f"fadd {self._double} {old}, {vector}")
                f.do(f"store {self._double} {new}, ptr {pointer}, align 8")

    def _offset(self, name: str, place: Int) -> Int:
        return self._f.sum((self._channel, self._layouts[name].plane), place)
