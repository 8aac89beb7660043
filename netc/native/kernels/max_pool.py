"""The greatest of each window, and its gradient, which goes to the place that was it."""

from dataclasses import dataclass

from netc.native.function import ZERO, Function, Int
from netc.native.kernel import Argument, pointers
from netc.native.kernels.cells import mask_of, vload
from netc.native.kernels.pooling import Number, Pooling, State
from netc.native.kernels.spreading import Found, Line, Spreading
from netc.native.windows import Windows


def index_bits(height: Windows, width: Windows) -> int:
    """How many bits of memory the number of a tap takes."""
    count = height.taps * width.taps
    return 8 if count <= 1 << 8 else 16 if count <= 1 << 16 else 32


@dataclass(frozen=True)
class MaxPool(Pooling):
    """Makes the greatest of each window. Where `indexed`, it also writes which tap it was.

    The array `index` has an integer of `index_bits` for each window, [channels, places, block]
    without gaps, which `MaxPoolGradient` reads. Of equal numbers the first, row by row, is chosen.
    """

    indexed: bool

    @property
    def kept(self) -> tuple[Argument, ...]:
        return pointers("index") if self.indexed else ()

    @property
    def index_bytes(self) -> int:
        """The size of `index`."""
        if not self.indexed:
            return 0
        return self.source.channels * self.out_plane * index_bits(self.height, self.width) // 8

    def nothing(self, f: Function) -> State:
        lowest = f.constant(float("-inf"))
        return (lowest, ZERO) if self.indexed else (lowest,)

    def begin(self, f: Function, x: str, number: Number) -> State:
        return (x, self.vector_of(f, number)) if self.indexed else (x,)

    def take(self, f: Function, state: State, x: str, number: Number) -> State:
        # Numbers of taps are kept as floats: they are chosen by the same masks as the values.
        wins = f.compare("ugt", x, state[0])
        best = f.select(wins, x, state[0])
        if not self.indexed:
            return (best,)
        return best, f.select(wins, self.vector_of(f, number), state[1])

    def result(self, f: Function, state: State, row_share: str, share: float) -> str:
        return state[0]

    def keep(self, f: Function, state: State, place: Int, mask: str | None) -> None:
        if not self.indexed:
            return
        bits = index_bits(self.height, self.width)
        kind = f"<{f.lanes} x i{bits}>"
        value = f.op(f"fptoui {f.vector} {state[1]} to {kind}")
        pointer = f.at("%index", place, f"i{bits}")
        if mask is None:
            f.do(f"store {kind} {value}, ptr {pointer}, align {bits // 8}")
            return
        f.call(
            "void",
            f"llvm.masked.store.v{f.lanes}i{bits}.p0",
            *((kind, value), ("ptr", pointer), ("i32", str(bits // 8)), (f.mask, mask)),
        )


@dataclass(frozen=True)
class MaxPoolGradient(Spreading):
    """Makes the gradient of what went into `MaxPool` from dy and `index`."""

    numbered = True

    @property
    def given(self) -> tuple[Argument, ...]:
        return pointers("dy", "index")

    @property
    def _bits(self) -> int:
        return index_bits(self.height, self.width)

    def find(self, f: Function, line: Line, place: Int, count: int) -> Found:
        dy = vload(f, "%dy", f.sum((line.channel, self.source.plane), place), count)
        bits = self._bits
        kind, align = f"<{f.lanes} x i{bits}>", bits // 8
        pointer = f.at("%index", f.sum((line.channel, self.source.used), place), f"i{bits}")
        if (mask := mask_of(f, count)) is None:
            index = f.op(f"load {kind}, ptr {pointer}, align {align}")
        else:
            index = f.call(
                kind,
                f"llvm.masked.load.v{f.lanes}i{bits}.p0",
                *(("ptr", pointer), ("i32", str(align)), (f.mask, mask), (kind, ZERO)),
            )
        first = f.splat_int(self.first_of(f, line), bits)
        return dy, f.op(f"sub {kind} {index}, {first}")

    def first_of(self, f: Function, line: Line) -> Int:
        """The number of the first tap of a row."""
        return f.mul(line.tap, self.width.taps)

    def part(self, f: Function, found: Found, tap: int, share: float) -> str:
        dy, index = found
        wins = f.op(f"icmp eq <{f.lanes} x i{self._bits}> {index}, {f.splat_int(tap, self._bits)}")
        return f.select(wins, dy, ZERO)
