"""Examples that lie one after the other come side by side into a block, and back."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from netc.native.function import NUMBERS, Function, Int
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.layout import Layout
from netc.native.target import Target
from netc.native.transpose import transposed
from netc.types import Dtype

_PLACES = 64
"""Places of a plane in a unit of work: a multiple of the lanes of every vector."""


@dataclass(frozen=True)
class Arrange(Kernel):
    """Base of both ways. `plain` is the first example of the block; `valid` of the block's
    examples are there, at least one, and memory beyond them is not touched. Any block will do."""

    layout: Layout

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers("plain", "block"), Argument("valid", "integer"), *UNITS)

    @property
    def units(self) -> int:
        return self._planes * self._parts

    @property
    def _planes(self) -> int:
        """Planes with a gap between them; where there are none all channels are one plane."""
        return self.layout.channels if self.layout.pad else 1

    @property
    def _places(self) -> int:
        return prod(self.layout.shape) // self._planes

    @property
    def _parts(self) -> int:
        return -(-self._places // _PLACES)

    def emit(self, f: Function, target: Target) -> None:
        places = self._places
        all_, some = (f.op(f"icmp {c} i64 %valid, {self.layout.block}") for c in ("eq", "ne"))
        with f.loop("%first", "%stop", guard=True) as units:
            plane = f.div(units.counter, self._parts)
            start = f.mul(f.rem(units.counter, self._parts), _PLACES)
            stop = f.least(f.add(start, _PLACES), places)
            base, plain = f.mul(plane, self.layout.plane), f.mul(plane, places)
            with f.when(all_), f.loop(start, stop, f.lanes) as tiles:
                # The last tile of a plane lies over the one before it.
                place = f.least(tiles.counter, max(places - f.lanes, 0))
                for example, count in self._examples(f):
                    inside = f.sum(base, (place, self.layout.block), example)
                    outside = f.sum(plain, place, (example, prod(self.layout.shape)))
                    self._tile(f, inside, outside, count)
            with f.when(some), f.loop(start, stop) as single:
                inside = f.sum(base, (single.counter, self.layout.block))
                self._single(f, inside, f.add(plain, single.counter))

    def _examples(self, f: Function) -> Iterator[tuple[Int, int]]:
        """The examples of a block, as many at a time as fit in a vector."""
        full = self.layout.block // f.lanes * f.lanes
        if full:
            with f.loop(0, full, f.lanes) as loop:
                yield loop.counter, f.lanes
        if full < self.layout.block:
            yield full, self.layout.block - full

    @abstractmethod
    def _tile(self, f: Function, inside: Int, outside: Int, count: int) -> None:
        """Move a vector of places of `count` examples, given where the first number lies in the
        block and among the plain examples."""

    @abstractmethod
    def _single(self, f: Function, inside: Int, outside: Int) -> None:
        """Move one place of those examples that are there."""


@dataclass(frozen=True)
class ToBlock(Arrange):
    """Fills a block. In the place of those that are not there come copies of the last example:
    what layers make of them are numbers, where zeros may have no logarithm. The plain numbers may
    be of another type, and are multiplied by `scale`."""

    source: Dtype = "f32"
    scale: float = 1.0

    def _tile(self, f: Function, inside: Int, outside: Int, count: int) -> None:
        width, size = min(f.lanes, self._places), prod(self.layout.shape)
        rows = [self._taken(f, f.add(outside, t * size), width) for t in range(count)]
        columns = transposed(f, _square(f, [_widened(f, row, width) for row in rows]))
        for t, column in enumerate(columns[:width]):
            _put(f, column, "%block", f.add(inside, t * self.layout.block), count)

    def _single(self, f: Function, inside: Int, outside: Int) -> None:
        with f.loop(0, self.layout.block) as examples:
            example = f.least(examples.counter, f.sub("%valid", 1))
            place = f.sum(outside, (example, prod(self.layout.shape)))
            number = f.op(f"extractelement <1 x {f.number}> {self._taken(f, place, 1)}, i32 0")
            f.store(number, "%block", f.add(inside, examples.counter))

    def _taken(self, f: Function, offset: Int, count: int) -> str:
        """Plain numbers as they are in the block."""
        given, wanted = f"<{count} x {_MEMORY[self.source]}>", f"<{count} x {f.number}>"
        place = f.at("%plain", offset, _MEMORY[self.source])
        taken = f.op(f"load {given}, ptr {place}, align 1")
        if given != wanted:
            taken = f.op(f"{_conversion(self.source, self.dtype)} {given} {taken} to {wanted}")
        if self.scale == 1:
            return taken
        factors = ", ".join([f"{f.number} {f.scalar(self.scale)}"] * count)
        return f.op(f"fmul {wanted} {taken}, <{factors}>")


@dataclass(frozen=True)
class FromBlock(Arrange):
    """Writes out those examples of a block that are there."""

    def _tile(self, f: Function, inside: Int, outside: Int, count: int) -> None:
        width, size = min(f.lanes, self._places), prod(self.layout.shape)
        kind = f"<{count} x {f.number}>"
        columns = []
        for t in range(width):
            place = f.at("%block", f.add(inside, t * self.layout.block))
            taken = f.op(f"load {kind}, ptr {place}, align {f.item_bytes}")
            columns.append(_widened(f, taken, count))
        for t, row in enumerate(transposed(f, _square(f, columns))[:count]):
            _put(f, row, "%plain", f.add(outside, t * size), width)

    def _single(self, f: Function, inside: Int, outside: Int) -> None:
        with f.loop(0, "%valid", guard=True) as there:
            number = f.load("%block", f.add(inside, there.counter))
            f.store(number, "%plain", f.sum(outside, (there.counter, prod(self.layout.shape))))


_MEMORY: dict[Dtype, str] = {**NUMBERS, "u8": "i8"}


def _conversion(source: Dtype, wanted: Dtype) -> str:
    if source == "u8":
        return "uitofp"
    return "fpext" if wanted == "f64" else "fptrunc"


def _square(f: Function, vectors: list[str]) -> list[str]:
    return [*vectors, *["poison"] * (f.lanes - len(vectors))]


def _widened(f: Function, short: str, count: int) -> str:
    """A vector with `count` numbers of a shorter one in front."""
    if count == f.lanes:
        return short
    lanes = ", ".join(f"i32 {min(t, count)}" for t in range(f.lanes))
    kind = f"<{count} x {f.number}>"
    return f.op(f"shufflevector {kind} {short}, {kind} poison, <{f.lanes} x i32> <{lanes}>")


def _put(f: Function, vector: str, pointer: str, offset: Int, count: int) -> None:
    """Store the first numbers of a vector, and touch no memory beyond."""
    kind = f"<{count} x {f.number}>"
    if count < f.lanes:
        vector = f.shuffle(vector, "poison", range(count))
    f.do(f"store {kind} {vector}, ptr {f.at(pointer, offset)}, align {f.item_bytes}")
