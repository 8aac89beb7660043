"""A function in the making, as LLVM text: integers that fold, loops, memory, and vectors.

Text is written rather than built from objects because it is ten times as fast, and because each
instruction is then exactly what was meant: code generation follows without any optimizing pass.
An operand is a string (`%v7`, or a constant as LLVM writes it); an integer of 64 bits may also be
a Python `int`, and arithmetic on those is done here and now.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from zlib import crc32

from netc.native.target import ITEM_BYTES
from netc.types import Dtype

Int = int | str
Term = Int | tuple[Int, Int]

NUMBERS: dict[Dtype, str] = {"f32": "float", "f64": "double"}
ZERO = "zeroinitializer"


@dataclass
class Loop:
    """The inside of a loop: its counter, the vectors that go round, and what they become."""

    counter: Int
    given: list[str]
    new: list[str] = field(default_factory=list)
    out: list[str] = field(default_factory=list)


class Function:
    """Writes one function for numbers of one type in vectors of `lanes`; the processor's have
    `widest`, and sums in memory have room for as many."""

    def __init__(self, dtype: Dtype, lanes: int, widest: int | None = None) -> None:
        self.dtype, self.lanes, self.widest = dtype, lanes, widest or lanes
        self.number = NUMBERS[dtype]
        self.item_bytes = ITEM_BYTES[dtype]
        self.vector = f"<{lanes} x {self.number}>"
        self.mask = f"<{lanes} x i1>"
        self.lines: list[str] = []
        self.declarations: dict[str, None] = {}
        self._count = 0
        self._label = "entry"

    # Instructions ---------------------------------------------------------------------------

    def op(self, text: str) -> str:
        """Write an instruction that gives a value."""
        name = self._name("v")
        self.lines.append(f"  {name} = {text}")
        return name

    def do(self, text: str) -> None:
        """Write an instruction that gives none."""
        self.lines.append(f"  {text}")

    def call(self, kind: str, function: str, *operands: tuple[str, str]) -> str:
        """Call an intrinsic or a function of the C library: operands are types and values."""
        types = ", ".join(type for type, _ in operands)
        self.declarations[f"declare {kind} @{function}({types})"] = None
        given = ", ".join(f"{type} {value}" for type, value in operands)
        if kind == "void":
            self.do(f"call void @{function}({given})")
            return ""
        return self.op(f"call {kind} @{function}({given})")

    def _name(self, prefix: str) -> str:
        self._count += 1
        return f"%{prefix}{self._count}"

    def new_label(self) -> str:
        self._count += 1
        return f"l{self._count}"

    def start(self, label: str) -> None:
        """Begin the basic block of a label."""
        self.lines.append(f"{label}:")
        self._label = label

    @property
    def here(self) -> str:
        """The label of the basic block that is being written."""
        return self._label

    # Integers -------------------------------------------------------------------------------

    def add(self, a: Int, b: Int) -> Int:
        if isinstance(a, int) and isinstance(b, int):
            return a + b
        if a == 0:
            return b
        return a if b == 0 else self.op(f"add nsw i64 {a}, {b}")

    def sub(self, a: Int, b: Int) -> Int:
        if isinstance(a, int) and isinstance(b, int):
            return a - b
        return a if b == 0 else self.op(f"sub nsw i64 {a}, {b}")

    def mul(self, a: Int, b: Int) -> Int:
        if isinstance(a, int) and isinstance(b, int):
            return a * b
        if a == 0 or b == 0:
            return 0
        if a == 1:
            return b
        return a if b == 1 else self.op(f"mul nsw i64 {a}, {b}")

    def div(self, a: Int, b: int) -> Int:
        """a // b rounded down for any a, for b above 0."""
        if isinstance(a, int):
            return a // b
        if b & (b - 1) == 0:
            return a if b == 1 else self.op(f"ashr i64 {a}, {b.bit_length() - 1}")
        quotient = self.op(f"sdiv i64 {a}, {b}")
        rest = self.op(f"srem i64 {a}, {b}")
        under = self.op(f"icmp slt i64 {rest}, 0")
        return self.add(quotient, self.op(f"sext i1 {under} to i64"))

    def rem(self, a: Int, b: int) -> Int:
        """What `div` leaves, from 0 to b - 1."""
        if isinstance(a, int):
            return a % b
        if b & (b - 1) == 0:
            return self.op(f"and i64 {a}, {b - 1}")
        return self.sub(a, self.mul(self.div(a, b), b))

    def least(self, a: Int, b: Int) -> Int:
        return self._chosen("slt", min, a, b)

    def most(self, a: Int, b: Int) -> Int:
        return self._chosen("sgt", max, a, b)

    def _chosen(self, order: str, now: Callable[[int, int], int], a: Int, b: Int) -> Int:
        if isinstance(a, int) and isinstance(b, int):
            return now(a, b)
        first = self.op(f"icmp {order} i64 {a}, {b}")
        return self.op(f"select i1 {first}, i64 {a}, i64 {b}")

    def sum(self, *terms: Term) -> Int:
        """Terms and products of pairs added up, all that is known in one constant at the end, so
        that it becomes part of an address."""
        known = 0
        total: Int = 0
        for term in terms:
            value = self.mul(*term) if isinstance(term, tuple) else term
            if isinstance(value, int):
                known += value
            else:
                total = self.add(total, value)
        return self.add(total, known)

    # Control --------------------------------------------------------------------------------

    @contextmanager
    def loop(
        self,
        start: Int,
        stop: Int,
        step: int = 1,
        carry: Sequence[str] = (),
        *,
        type: str | Sequence[str] | None = None,
        guard: bool = False,
    ) -> Iterator[Loop]:
        """Count from `start` to below `stop`. The inside sets `new` to what `given` becomes, and
        afterwards `out` holds it. The inside runs at least once unless there is a guard, which is
        written where bounds are not known and there may be nothing to do.
        """
        known = isinstance(start, int) and isinstance(stop, int)
        if known and stop <= start:  # type: ignore[operator]
            raise ValueError("a loop must have something to do")
        if known and stop - start <= step:  # type: ignore[operator]
            once = Loop(start, list(carry), list(carry))
            yield once
            once.out = once.new
            return
        kinds = (
            [type or self.vector] * len(carry) if type is None or isinstance(type, str) else type
        )
        guard = guard and not known
        body, after, before = self.new_label(), self.new_label(), self._label
        if guard:
            any_ = self.op(f"icmp slt i64 {start}, {stop}")
            self.do(f"br i1 {any_}, label %{body}, label %{after}")
        else:
            self.do(f"br label %{body}")
        self.start(body)
        head = len(self.lines)
        counter = self._name("i")
        given = [self._name("c") for _ in carry]
        loop = Loop(counter, given, list(given))
        yield loop
        following = self.op(f"add nsw i64 {counter}, {step}")
        more = self.op(f"icmp slt i64 {following}, {stop}")
        self.do(f"br i1 {more}, label %{body}, label %{after}")
        heads = [f"  {counter} = phi i64 [ {start}, %{before} ], [ {following}, %{self._label} ]"]
        heads += [
            f"  {g} = phi {kind} [ {c}, %{before} ], [ {n}, %{self._label} ]"
            for kind, g, c, n in zip(kinds, given, carry, loop.new, strict=True)
        ]
        self.lines[head:head] = heads
        last = self._label
        self.start(after)
        loop.out = loop.new
        if guard and carry:
            loop.out = [
                self.op(f"phi {kind} [ {c}, %{before} ], [ {n}, %{last} ]")
                for kind, c, n in zip(kinds, carry, loop.new, strict=True)
            ]

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """Write what runs only where a condition (i1) holds; it may store but gives no value."""
        inside, after = self.new_label(), self.new_label()
        self.do(f"br i1 {condition}, label %{inside}, label %{after}")
        self.start(inside)
        yield
        self.do(f"br label %{after}")
        self.start(after)

    # Memory; offsets count numbers ----------------------------------------------------------

    def at(self, pointer: str, offset: Int, type: str | None = None) -> str:
        """The address of an element."""
        if offset == 0:
            return pointer
        kind = type or self.number
        return self.op(f"getelementptr inbounds {kind}, ptr {pointer}, i64 {offset}")

    def load(self, pointer: str, offset: Int = 0) -> str:
        """One number."""
        return self.op(
            f"load {self.number}, ptr {self.at(pointer, offset)}, align {self.item_bytes}"
        )

    def store(self, value: str, pointer: str, offset: Int = 0) -> None:
        place = self.at(pointer, offset)
        self.do(f"store {self.number} {value}, ptr {place}, align {self.item_bytes}")

    def load_int(self, pointer: str, offset: Int = 0) -> str:
        """One integer of 64 bits."""
        return self.op(f"load i64, ptr {self.at(pointer, offset, 'i64')}, align 8")

    def vload(self, pointer: str, offset: Int = 0, *, aligned: bool = False) -> str:
        """A vector; `aligned` only where address and offset are proven multiples of its size."""
        align = self.lanes * self.item_bytes if aligned else self.item_bytes
        return self.op(f"load {self.vector}, ptr {self.at(pointer, offset)}, align {align}")

    def vstore(self, value: str, pointer: str, offset: Int = 0, *, aligned: bool = False) -> None:
        align = self.lanes * self.item_bytes if aligned else self.item_bytes
        place = self.at(pointer, offset)
        self.do(f"store {self.vector} {value}, ptr {place}, align {align}")

    def vload_some(self, pointer: str, offset: Int, mask: str, rest: str = ZERO) -> str:
        """The lanes of a vector where a mask holds; no other memory is touched."""
        name = f"llvm.masked.load.v{self.lanes}{self._suffix}.p0"
        return self.call(
            self.vector,
            name,
            ("ptr", self.at(pointer, offset)),
            ("i32", str(self.item_bytes)),
            (self.mask, mask),
            (self.vector, rest),
        )

    def vstore_some(self, value: str, pointer: str, offset: Int, mask: str) -> None:
        """Store the lanes where a mask holds."""
        self.call(
            "void",
            f"llvm.masked.store.v{self.lanes}{self._suffix}.p0",
            (self.vector, value),
            ("ptr", self.at(pointer, offset)),
            ("i32", str(self.item_bytes)),
            (self.mask, mask),
        )

    def first_lanes(self, count: Int) -> str:
        """The mask of the first `count` lanes."""
        if isinstance(count, int):
            lanes = ", ".join(f"i1 {'true' if t < count else 'false'}" for t in range(self.lanes))
            return f"<{lanes}>"
        kind = f"<{self.lanes} x i64>"
        numbers = ", ".join(f"i64 {t}" for t in range(self.lanes))
        wide = self._splat(kind, "i64", str(count))
        return self.op(f"icmp slt {kind} <{numbers}>, {wide}")

    def prefetch(
        self, pointer: str, offset: Int = 0, *, write: bool = False, level: int = 1
    ) -> None:
        """Ask for a line of memory that is wanted soon, in a level of the cache."""
        place = self.at(pointer, offset)
        self.call(
            "void",
            "llvm.prefetch.p0",
            *(("ptr", place), ("i32", str(int(write))), ("i32", str(4 - level)), ("i32", "1")),
        )

    def table(self, numbers: Sequence[int]) -> str:
        """A pointer to integers of 64 bits that are part of the code."""
        return self._table("i64", [str(n) for n in numbers])

    def number_table(self, numbers: Sequence[float]) -> str:
        """A pointer to numbers that are part of the code."""
        return self._table(self.number, [self.scalar(n) for n in numbers])

    def _table(self, kind: str, items: Sequence[str]) -> str:
        given = ", ".join(f"{kind} {item}" for item in items)
        name = f"@table{crc32(given.encode())}"
        head = f"{name} = private unnamed_addr constant [{len(items)} x {kind}]"
        self.declarations[f"{head} [{given}]"] = None
        return name

    # Numbers and vectors --------------------------------------------------------------------

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

    def broadcast(self, pointer: str, offset: Int = 0) -> str:
        """A number of memory in all lanes."""
        return self.splat(self.load(pointer, offset))

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

    def text(self, symbol: str, arguments: Sequence[tuple[str, str]]) -> str:
        """The finished function; arguments are types with attributes, and names."""
        given = ", ".join(f"{kind} %{name}" for kind, name in arguments)
        head = f"define internal void @{symbol}({given}) noinline nounwind {{\nentry:"
        return "\n".join([head, *self.lines, "  ret void\n}"])
