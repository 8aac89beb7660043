"""Instructions as LLVM text: integers that fold, branches and loops.

Text is written rather than built from objects because it is ten times as fast, and because each
instruction is then exactly what was meant: code generation follows without any optimizing pass.
An operand is a string (`%v7`, or a constant as LLVM writes it); an integer of 64 bits may also be
a Python `int`, and arithmetic on those is done here and now.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

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


class Writer:
    """Writes the body of one function, for numbers of one type in vectors of `lanes`; those of the
    processor have `widest`, and sums in memory have room for as many."""

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
        kind = self.vector if type is None else type
        kinds = [kind] * len(carry) if isinstance(kind, str) else list(kind)
        body, after, before = self.new_label(), self.new_label(), self._label
        guard = guard and not known
        self._enter(body, after, (start, stop) if guard else None)
        head = len(self.lines)
        loop = Loop(self._name("i"), [self._name("c") for _ in carry])
        loop.new = list(loop.given)
        yield loop
        following = self.op(f"add nsw i64 {loop.counter}, {step}")
        more = self.op(f"icmp slt i64 {following}, {stop}")
        self.do(f"br i1 {more}, label %{body}, label %{after}")
        last = self._label
        phi = f"phi i64 [ {start}, %{before} ], [ {following}, %{last} ]"
        new = _phis(kinds, zip(carry, loop.new, strict=True), before, last)
        self.lines[head:head] = [
            f"  {name} = {text}"
            for name, text in zip((loop.counter, *loop.given), (phi, *new), strict=True)
        ]
        self.start(after)
        loop.out = [self.op(text) for text in new] if guard else loop.new

    def _enter(self, body: str, after: str, guard: tuple[Int, Int] | None) -> None:
        """Go to the body of a loop; past it, where a guard says that there is nothing to do."""
        if guard is None:
            self.do(f"br label %{body}")
        else:
            any_ = self.op(f"icmp slt i64 {guard[0]}, {guard[1]}")
            self.do(f"br i1 {any_}, label %{body}, label %{after}")
        self.start(body)

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """Write what runs only where a condition (i1) holds; it may store but gives no value."""
        inside, after = self.new_label(), self.new_label()
        self.do(f"br i1 {condition}, label %{inside}, label %{after}")
        self.start(inside)
        yield
        self.do(f"br label %{after}")
        self.start(after)


def _phis(
    kinds: Sequence[str], pairs: Iterable[tuple[str, str]], before: str, last: str
) -> list[str]:
    """What vectors are that come from before a loop or from its last block."""
    return [
        f"phi {kind} [ {old}, %{before} ], [ {new}, %{last} ]"
        for kind, (old, new) in zip(kinds, pairs, strict=True)
    ]
