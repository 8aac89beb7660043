"""A function in the making, as LLVM text: what writers and vectors know, and memory."""

from collections.abc import Sequence
from zlib import crc32

from netc.native.vectors import Vectors
from netc.native.writer import NUMBERS, ZERO, Int, Loop, Term

__all__ = ["NUMBERS", "ZERO", "Function", "Int", "Loop", "Term"]


class Function(Vectors):
    """Writes one function. Offsets in memory count numbers."""

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

    def broadcast(self, pointer: str, offset: Int = 0) -> str:
        """A number of memory in all lanes."""
        return self.splat(self.load(pointer, offset))

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

    def text(self, symbol: str, arguments: Sequence[tuple[str, str]]) -> str:
        """The finished function; arguments are types with attributes, and names."""
        given = ", ".join(f"{kind} %{name}" for kind, name in arguments)
        head = f"define internal void @{symbol}({given}) noinline nounwind {{\nentry:"
        return "\n".join([head, *self.lines, "  ret void\n}"])
