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
        numbers = ", ".join(f"i32 {t}" for t in range(self.lanes))
        start, stop = f.splat_int(column.offset, 32), f.splat_int("%valid", 32)
        offsets = f.op(f"add {kind} {start}, <{numbers}>")
        examples = f.op(f"urem {kind} {offsets}, {f.splat_int(block, 32)}")
        found = f.op(f"icmp slt {kind} {examples}, {stop}")
        return found if column.mask is None else f.both(found, column.mask)


@dataclass(frozen=True)
class Labels:
    """The labels of a block, at `%label`: `%row` from those of a place to those of the next.

    Where blocks are no whole vectors, `row` is taken to be the block.
    """

    columns: Columns
    ignore: int | None = None

    def load(self, f: Function, column: Column) -> tuple[str, str]:
        """The labels of a vector, as integers, and the mask of those that count."""
        lanes = self.columns.lanes
        address = f.at("%label", self._offset(f, column), "i64")
        counts = self.columns.valid(f, column)
        found = load_integers(f, address, counts)
        if self.ignore is not None:
            ignored = f.splat_int(self.ignore)
            counts = f.both(counts, f.op(f"icmp ne <{lanes} x i64> {found}, {ignored}"))
        return found, counts

    def is_class(self, f: Function, label: str, channel: Int) -> str:
        """The mask of the labels that say a class."""
        kind = f"<{self.columns.lanes} x i64>"
        return f.op(f"icmp eq {kind} {label}, {f.splat_int(channel)}")

    def _offset(self, f: Function, column: Column) -> Int:
        block = self.columns.layout.block
        if not self.columns.is_wide or self.columns.layout.used == block:
            return column.offset
        place = f.div(column.offset, block)
        return f.sum((place, "%row"), f.rem(column.offset, block))


def load_integers(f: Function, address: str, mask: str) -> str:
    """The lanes of a vector of integers where a mask holds, and 0."""
    kind = f"<{f.lanes} x i64>"
    return f.call(
        kind,
        f"llvm.masked.load.v{f.lanes}i64.p0",
        *(("ptr", address), ("i32", "8"), (f.mask, mask), (kind, "zeroinitializer")),
    )
