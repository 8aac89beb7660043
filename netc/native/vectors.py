"""Numbers, vectors and masks: arithmetic, lanes moved and added up."""

import struct
from collections.abc import Sequence

from netc.native.writer import ZERO, Int, Writer


class Vectors(Writer):
    """A writer that knows arithmetic on numbers and vectors."""

    @property
    def _suffix(self) -> str:
        return "f32" if self.dtype == "f32" else "f64"

    def scalar(self, number: float) -> str:
        """A number as LLVM writes it: the bits of the double nearest to it."""
        if self.dtype == "f32":
            number = struct.unpack("<f", struct.pack("<f", number))[0]
        return f"0x{struct.unpack('<Q', struct.pack('<d', number))[0]:016X}"

    def constant(self, number: float) -> str:
        """A vector of one number."""
        if number == 0:
            return ZERO
        return f"<{', '.join([f'{self.number} {self.scalar(number)}'] * self.lanes)}>"

    def splat(self, scalar: str) -> str:
        """A number in all lanes."""
        return self._splat(self.vector, self.number, scalar)

    def _splat(self, vector: str, number: str, scalar: str) -> str:
        one = self.op(f"insertelement {vector} poison, {number} {scalar}, i32 0")
        lanes = f"<{self.lanes} x i32> zeroinitializer"
        return self.op(f"shufflevector {vector} {one}, {vector} poison, {lanes}")

    def splat_int(self, value: Int, bits: int = 64) -> str:
        """The last bits of an integer in all lanes."""
        kind = f"i{bits}"
        if isinstance(value, int):
            return f"<{', '.join([f'{kind} {value}'] * self.lanes)}>"
        short = value if bits == 64 else self.op(f"trunc i64 {value} to {kind}")
        return self._splat(f"<{self.lanes} x {kind}>", kind, short)

    def both(self, a: str, b: str) -> str:
        """Where two masks hold."""
        return self.op(f"and {self.mask} {a}, {b}")

    def fma(self, a: str, b: str, c: str) -> str:
        """a * b + c, rounded once where the processor can do it at once; elsewhere exactness would
        cost a call for each number."""
        kinds = [(self.vector, x) for x in (a, b, c)]
        return self.call(self.vector, f"llvm.fmuladd.v{self.lanes}{self._suffix}", *kinds)

    def fadd(self, a: str, b: str) -> str:
        return self.op(f"fadd {self.vector} {a}, {b}")

    def fsub(self, a: str, b: str) -> str:
        return self.op(f"fsub {self.vector} {a}, {b}")

    def fmul(self, a: str, b: str) -> str:
        return self.op(f"fmul {self.vector} {a}, {b}")

    def fdiv(self, a: str, b: str) -> str:
        return self.op(f"fdiv {self.vector} {a}, {b}")

    def intrinsic(self, name: str, x: str) -> str:
        """One of LLVM's own functions of a number: sqrt, floor, fabs..."""
        return self.call(self.vector, f"llvm.{name}.v{self.lanes}{self._suffix}", (self.vector, x))

    def fabs(self, x: str) -> str:
        return self.intrinsic("fabs", x)

    def fneg(self, x: str) -> str:
        return self.op(f"fneg {self.vector} {x}")

    def compare(self, order: str, a: str, b: str) -> str:
        """A mask; orders are those of `fcmp`: ogt, oeq, une..."""
        return self.op(f"fcmp {order} {self.vector} {a}, {b}")

    def select(self, mask: str, a: str, b: str) -> str:
        """a where the mask holds, else b."""
        return self.op(f"select {self.mask} {mask}, {self.vector} {a}, {self.vector} {b}")

    def fmax(self, a: str, b: str) -> str:
        """The greater; b where one is no number."""
        return self.select(self.compare("ogt", a, b), a, b)

    def fmin(self, a: str, b: str) -> str:
        """The smaller; b where one is no number."""
        return self.select(self.compare("olt", a, b), a, b)

    def shuffle(self, a: str, b: str, lanes: Sequence[int]) -> str:
        """Lanes of two vectors, those of b counted on from those of a."""
        picked = ", ".join(f"i32 {lane}" for lane in lanes)
        kinds = f"{self.vector} {a}, {self.vector} {b}"
        return self.op(f"shufflevector {kinds}, <{len(lanes)} x i32> <{picked}>")

    def total(self, vector: str) -> str:
        """The sum of all lanes, as a number; the order is fixed by the code."""
        name = f"llvm.vector.reduce.fadd.v{self.lanes}{self._suffix}"
        self.declarations[f"declare {self.number} @{name}({self.number}, {self.vector})"] = None
        given = f"{self.number} {self.scalar(-0.0)}, {self.vector} {vector}"
        return self.op(f"call reassoc {self.number} @{name}({given})")

    def totals(self, vectors: Sequence[str]) -> str:
        """The sums of the lanes of up to `lanes` vectors, in the first lanes of one vector.

        Pairs are folded: two shuffles and an addition for each.
        """
        count = 1
        while count < len(vectors):
            count *= 2
        folded = [*vectors, *[vectors[-1]] * (count - len(vectors))]
        group = self.lanes
        while group > 1:
            half = group // 2
            single = len(folded) == 1
            sources = (0,) if single else (0, 1)
            picks = [
                [
                    s * self.lanes + q * group + part * half + t
                    for s in sources
                    for q in range(self.lanes // group)
                    for t in range(half)
                ]
                for part in (0, 1)
            ]
            if single:
                picks = [p + p[:1] * (self.lanes - len(p)) for p in picks]
                pairs = [(folded[0], folded[0])]
            else:
                pairs = list(zip(folded[::2], folded[1::2], strict=True))
            folded = [self.fadd(*(self.shuffle(a, b, p) for p in picks)) for a, b in pairs]
            group = half
        return folded[0]
