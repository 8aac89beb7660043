"""The vectors of one channel, for kernels that look at all channels of a place together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from netc.native.function import Function, Int, Loop
from netc.native.layout import Layout


@dataclass
class Column(Loop):
    """The inside of a loop over vectors: an offset in the plane of any channel, and the mask of
    the lanes that are there, None where all are."""

    offset: Int = 0
    mask: str | None = None


@dataclass(frozen=True)
class Columns:
    """A plane of a layout, cut into vectors."""

    layout: Layout
    lanes: int

    @property
    def count(self) -> int:
        """How many vectors there are, the last of which need not be full."""
        return -(-self.layout.used // self.lanes)

    @property
    def is_wide(self) -> bool:
        """Whether each vector is of one place."""
        return self.layout.block % self.lanes == 0

    @contextmanager
    def loop(
        self,
        f: Function,
        carry: Sequence[str] = (),
        *,
        first: Int = "%first",
        stop: Int = "%stop",
        type: str | None = None,
    ) -> Iterator[Column]:
        """Write what is done for each of the vectors from `first` to `stop - 1`."""
        with f.loop(first, stop, carry=carry, type=type, guard=True) as loop:
            offset = f.mul(loop.counter, self.lanes)
            is_full = self.layout.used % self.lanes == 0
            mask = None if is_full else f.first_lanes(f.sub(self.layout.used, offset))
            column = Column(loop.counter, loop.given, loop.new, offset=offset, mask=mask)
            yield column
            loop.new = column.new
        column.out = loop.out

    def load(self, f: Function, name: str, channel: Int, column: Column) -> str:
        """The numbers of a channel."""
        offset = f.sum((channel, self.layout.plane), column.offset)
        if column.mask is None:
            return f.vload(f"%{name}", offset)
        return f.vload_some(f"%{name}", offset, column.mask)

    def valid(self, f: Function, column: Column) -> str:
        """The mask of the examples before the one of number `%valid`."""
        block = self.layout.block
        if self.is_wide or self.layout.used == block:
            return f.first_lanes(f.sub("%valid", f.rem(column.offset, block)))
        kind = f"<{self.lanes} x i32>"
        _, examples = self.places(f, column)
        found = f.op(f"icmp slt {kind} {examples}, {f.splat_int('%valid', 32)}")
        return found if column.mask is None else f.both(found, column.mask)

    def places(self, f: Function, column: Column) -> tuple[str, str]:
        """The place and the example of each lane, integers of 32 bits."""
        kind, block = f"<{self.lanes} x i32>", self.layout.block
        lanes = f"<{', '.join(f'i32 {t}' for t in range(self.lanes))}>"
        if self.is_wide:
            place, first = f.div(column.offset, block), f.rem(column.offset, block)
            return f.splat_int(place, 32), f.op(f"add {kind} {f.splat_int(first, 32)}, {lanes}")
        offsets = f.op(f"add {kind} {f.splat_int(column.offset, 32)}, {lanes}")
        place_of, example_of = (
            f.op(f"{operation} {kind} {offsets}, {f.splat_int(block, 32)}")
            for operation in ("udiv", "urem")
        )
        return place_of, example_of


@dataclass(frozen=True)
class Labels:
    """The labels of a block, at `%label`, as they come: those of an example side by side."""

    columns: Columns
    ignore: int | None = None

    def load(self, f: Function, column: Column) -> tuple[str, str]:
        """The labels of a vector, as integers, and the mask of those that count."""
        kind = f"<{f.lanes} x i64>"
        counts = self.columns.valid(f, column)
        sides = self.columns.layout.used // self.columns.layout.block
        if sides == 1:
            found = load_integers(f, f.at("%label", column.offset, "i64"), counts)
        else:
            found = self._gather(f, column, sides, counts)
        if self.ignore is not None:
            taken = f.op(f"icmp ne {kind} {found}, {f.splat_int(self.ignore)}")
            counts = f.both(counts, taken)
        return found, counts

    def is_class(self, f: Function, label: str, channel: Int) -> str:
        """The mask of the labels that say a class."""
        return f.op(f"icmp eq <{f.lanes} x i64> {label}, {f.splat_int(channel)}")

    def _gather(self, f: Function, column: Column, sides: int, mask: str) -> str:
        kind, pointers = f"<{f.lanes} x i64>", f"<{f.lanes} x ptr>"
        place, example = (
            f.op(f"zext <{f.lanes} x i32> {part} to {kind}")
            for part in self.columns.places(f, column)
        )
        start = f.op(f"mul {kind} {example}, {f.splat_int(sides)}")
        index = f.op(f"add {kind} {start}, {place}")
        addresses = f.op(f"getelementptr i64, ptr %label, {kind} {index}")
        return f.call(
            kind,
            f"llvm.masked.gather.v{f.lanes}i64.v{f.lanes}p0",
            *((pointers, addresses), ("i32", "8"), (f.mask, mask), (kind, "zeroinitializer")),
        )


def load_integers(f: Function, address: str, mask: str) -> str:
    """The lanes of a vector of integers where a mask holds, and 0."""
    kind = f"<{f.lanes} x i64>"
    return f.call(
        kind,
        f"llvm.masked.load.v{f.lanes}i64.p0",
        *(("ptr", address), ("i32", "8"), (f.mask, mask), (kind, "zeroinitializer")),
    )
