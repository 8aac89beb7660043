"""The numbers that some places of a convolution read, brought together as a panel: a row for each
tap of each channel, and in it a number for each place."""

from dataclasses import dataclass

from netc.native.function import ZERO, Function, Int
from netc.native.kernels.sweep import Sweep


@dataclass(frozen=True)
class Gather:
    """Places are numbered through rows, columns and the `block` examples; `plane` is from channel
    to channel of the source. A row of the panel has `room` numbers of which those before `before`
    and after the places may be written, too."""

    rows: Sweep
    columns: Sweep
    block: int
    plane: int
    places: int
    lanes: int

    @property
    def taps(self) -> int:
        """Rows of the panel for each channel."""
        return self.rows.taps * self.columns.taps

    @property
    def before(self) -> int:
        """The places of a panel begin here in each of its rows."""
        return 0 if self.columns.step == 1 else self.block

    @property
    def room(self) -> int:
        # A vector that begins at the last place, or at the last example of its point, fits in.
        # An odd number of vectors from row to row keeps rows out of each other's cache sets.
        least = self.before + self.places + self.block + self.lanes
        return (-(-least // self.lanes) | 1) * self.lanes

    @property
    def line(self) -> int:
        """Places of one row of outputs."""
        return self.columns.out * self.block

    def emit(
        self, f: Function, source: str, channels: Int, start: Int, stop: Int, panel: str
    ) -> None:
        """Fill a panel with what the places from `start` to `stop` read of some channels."""
        taps = self.columns.taps
        with (
            f.loop(0, channels) as c,
            f.loop(0, self.rows.taps) as a,
            f.loop(0, taps) as b,
        ):
            row = f.sum((c.counter, self.taps), (a.counter, taps), b.counter)
            into = f.at(panel, f.sum((row, self.room), self.before))
            plane = f.at(source, f.mul(c.counter, self.plane))
            self.fill(f, plane, (a.counter, b.counter), start, stop, into)

    def fill(
        self, f: Function, plane: str, tap: tuple[Int, Int], start: Int, stop: Int, into: str
    ) -> None:
        """One row of a panel: what a tap reads of one channel."""
        first, last = f.div(start, self.line), f.add(f.div(f.sub(stop, 1), self.line), 1)
        a, b = tap
        low, high = self._inside(f, b)
        with f.loop(first, last) as i:
            y = f.sum((i.counter, self.rows.step), (a, self.rows.apart), self.rows.start)
            line = f.mul(i.counter, self.line)
            begin = f.most(f.sub(start, line), 0)
            end = f.least(f.sub(stop, line), self.line)
            column = f.sum((b, self.columns.apart), self.columns.start)
            source = f.at(plane, f.mul(f.sum((y, self.columns.size), column), self.block))
            self._row(f, source, f.at(into, f.sub(line, start)), y, begin, end, low, high)

    def _inside(self, f: Function, tap: Int) -> tuple[Int, Int]:
        """The columns of outputs from the first to below the last that find a tap's point."""
        s = self.columns
        origin = f.sum((tap, s.apart), s.start)
        low = f.div(f.most(f.sub(s.step - 1, origin), 0), s.step)
        high = f.div(f.most(f.sub(s.size + s.step - 1, origin), 0), s.step)
        return f.least(low, s.out), f.least(high, s.out)

    def _row(
        self,
        f: Function,
        source: str,
        into: str,
        y: Int,
        begin: Int,
        end: Int,
        low: Int,
        high: Int,
    ) -> None:
        """The places `begin` to `end - 1` of a row of outputs; `low` and `high` bound the columns
        that lie inside the source."""
        if self.columns.step != 1:
            # Whole points are copied, also where only some of their examples are asked for.
            begin = f.mul(f.div(begin, self.block), self.block)
            end = f.mul(f.div(f.add(end, self.block - 1), self.block), self.block)
        if self.rows.is_inside and self.columns.is_inside:
            self._copy(f, source, into, begin, end)
            return
        left = f.least(f.most(f.mul(low, self.block), begin), end)
        right = f.most(f.least(f.mul(high, self.block), end), left)
        if not self.rows.is_inside:
            there = f.op(f"icmp ult i64 {y}, {self.rows.size}")
            left = f.op(f"select i1 {there}, i64 {left}, i64 {end}")
            right = f.op(f"select i1 {there}, i64 {right}, i64 {end}")
        self._clear(f, into, begin, left)
        self._copy(f, source, into, left, right)
        self._clear(f, into, right, end)

    def _clear(self, f: Function, into: str, begin: Int, end: Int) -> None:
        if _is_nothing(begin, end):
            return
        # What is written after the end is written again by what follows.
        with f.loop(begin, end, f.lanes, guard=True) as t:
            f.vstore(ZERO, into, t.counter)

    def _copy(self, f: Function, source: str, into: str, begin: Int, end: Int) -> None:
        if _is_nothing(begin, end):
            return
        if self.columns.step == 1:
            self._copy_numbers(f, source, 0, into, begin, end)
        elif f.lanes % self.block == 0:
            self._copy_apart(f, source, into, begin, end)
        else:
            self._copy_points(f, source, into, begin, end)

    def _copy_numbers(
        self, f: Function, source: str, origin: Int, into: str, begin: Int, end: Int
    ) -> None:
        whole = f.sub(end, f.rem(f.sub(end, begin), f.lanes))
        if not _is_nothing(begin, whole):
            with f.loop(begin, whole, f.lanes, guard=True) as t:
                f.vstore(f.vload(source, f.add(origin, t.counter)), into, t.counter)
        if whole == end:
            return
        with f.when(f.op(f"icmp slt i64 {whole}, {end}")):
            mask = f.first_lanes(f.sub(end, whole))
            f.vstore(f.vload_some(source, f.add(origin, whole), mask), into, whole)

    def _copy_points(self, f: Function, source: str, into: str, begin: Int, end: Int) -> None:
        """Point after point, where examples do not fill vectors evenly."""
        with f.loop(begin, end, self.block, guard=True) as t:
            origin = f.mul(t.counter, self.columns.step)
            place = f.at(into, t.counter)
            self._copy_numbers(f, source, origin, place, 0, self.block)

    def _copy_apart(self, f: Function, source: str, into: str, begin: Int, end: Int) -> None:
        """Points a step apart, picked out of the vectors that hold them."""
        full = self._span(f.lanes)
        whole = f.sub(end, f.rem(f.sub(end, begin), f.lanes))
        if not _is_nothing(begin, whole):
            with f.loop(begin, whole, f.lanes, guard=True) as t:
                origin = f.mul(t.counter, self.columns.step)
                f.vstore(self._picked(f, source, origin, full), into, t.counter)
        rest = f.sub(end, whole)
        with f.when(f.op(f"icmp sgt i64 {rest}, 0")):
            # So many numbers from the first point to the end of the last.
            span = f.sum((rest, self.columns.step), -(self.columns.step - 1) * self.block)
            origin = f.mul(whole, self.columns.step)
            f.vstore(self._picked(f, source, origin, span), into, whole)

    def _span(self, numbers: int) -> int:
        return numbers * self.columns.step - (self.columns.step - 1) * self.block

    def _picked(self, f: Function, source: str, origin: Int, span: Int) -> str:
        """A vector of points; `span` numbers of the source hold those that are wanted."""
        lanes, block = f.lanes, self.block
        wanted = [t // block * block * self.columns.step + t % block for t in range(lanes)]
        picked = ZERO
        for part in range(-(-self._span(lanes) // lanes)):
            inside = [part * lanes <= w < (part + 1) * lanes for w in wanted]
            if not any(inside):
                continue
            mask = f.first_lanes(f.sub(span, part * lanes))
            vector = f.vload_some(source, f.add(origin, part * lanes), mask)
            lane = [
                lanes + w - part * lanes if here else t
                for t, (w, here) in enumerate(zip(wanted, inside, strict=True))
            ]
            picked = f.shuffle(picked, vector, lane)
        return picked


def _is_nothing(begin: Int, end: Int) -> bool:
    """Whether a range is known to be empty."""
    return isinstance(begin, int) and isinstance(end, int) and end <= begin
