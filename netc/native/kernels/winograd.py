"""Convolutions of 3 by 3 taps and their input gradients with fewer multiplications, by tiles."""

from dataclasses import dataclass, replace

from netc.native.function import ZERO, Function, Int
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.winograd_points import Points
from netc.native.kernels.winograd_taps import TAPS, nine
from netc.native.kernels.winograd_tiles import Tiles
from netc.native.tail import Tail
from netc.native.target import Target


@dataclass(frozen=True)
class Winograd(Kernel):
    """Makes `filters` from `channels`, in tiles of as many outputs as the points make.

    Units are vectors of tiles or, `by_filters`, as many filters as a vector has lanes. `columns`
    vectors of tiles and `most` filters are summed at a time; weights for `share` filters are turned
    into values at a time. `turned` is set where filters are read and channels made.
    """

    source: str
    points: Points
    tiles: Tiles
    channels: int
    filters: int
    plane: int
    tail: Tail
    turned: bool
    most: int
    width: int
    columns: int
    share: int
    by_filters: bool

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers(self.source, "weight", "scratch"), *self.tail.arguments, *UNITS)

    @property
    def units(self) -> int:
        return -(-self.filters // self.tiles.lanes) if self.by_filters else self._vectors

    def lanes(self, target: Target) -> int:
        return self.tiles.lanes

    @property
    def _vectors(self) -> int:
        return self.tiles.rows * self.tiles.vectors

    # What is in the scratch: values of the source, of the weights, and products. A vector between
    # the values at different points keeps them out of each other's cache sets.

    @property
    def _line(self) -> int:
        """Numbers of one channel at one point: the vectors of tiles."""
        return self.columns * self.tiles.lanes

    @property
    def _read_step(self) -> int:
        return self.channels * self._line + self.tiles.lanes

    @property
    def _made_step(self) -> int:
        return self.share * self._line + self.tiles.lanes

    @property
    def _weight_line(self) -> int:
        """From one row of weights to the next: rows are as in the weight, and their numbers run
        over the channels of the network's input."""
        inner = self.share if self.turned else self.channels
        lanes = self.tiles.lanes
        return (-(-inner // lanes) | 1) * lanes

    @property
    def _weight_step(self) -> int:
        outer = self.channels if self.turned else self.share
        return outer * self._weight_line + self.tiles.lanes

    @property
    def scratch(self) -> int:
        steps = self._read_step + self._made_step + self._weight_step
        return self.points.count**2 * steps

    @property
    def _made_at(self) -> int:
        return self.points.count**2 * self._read_step

    @property
    def _weights_at(self) -> int:
        return self._made_at + self.points.count**2 * self._made_step

    def emit(self, f: Function, target: Target) -> None:
        part = self._part(f)
        if self._turns_once:
            self._turn(f, part)
        with f.loop(part.start, part.stop, self.columns, guard=True) as column:
            until = f.least(f.add(column.counter, self.columns), part.stop)
            chunk = replace(part, start=column.counter, stop=until)
            self._read(f, chunk)
            if self._turns_once:
                self._make(f, chunk)
                return
            with f.loop(part.first, part.last, self.share, guard=True) as filter:
                last = f.least(f.add(filter.counter, self.share), part.last)
                share = replace(chunk, first=filter.counter, last=last)
                self._turn(f, share)
                self._make(f, share)

    @property
    def _turns_once(self) -> bool:
        return self.share >= self.filters

    def _part(self, f: Function) -> "_Part":
        """What the units of a call are."""
        if not self.by_filters:
            return _Part(0, self.filters, "%first", "%stop")
        lanes = self.tiles.lanes
        last = f.least(f.mul("%stop", lanes), self.filters)
        return _Part(f.mul("%first", lanes), last, 0, self._vectors)

    def _read(self, f: Function, part: "_Part") -> None:
        """The values of the source at all points, [point, channel, vector of tiles]."""
        count = self.points.count
        with f.loop(part.start, part.stop) as vector:
            inputs = self.tiles.inputs(vector.counter, f)
            column = f.mul(f.sub(vector.counter, part.start), f.lanes)
            with f.loop(0, self.channels) as channel:
                plane = f.at(f"%{self.source}", f.mul(channel.counter, self.plane))
                into = f.at("%scratch", f.sum((channel.counter, self._line), column))
                rows = [self.points.of_input(f, inputs.row(plane, a)) for a in range(count)]
                for b in range(count):
                    made = self.points.of_input(f, [row[b] for row in rows])
                    for a, value in enumerate(made):
                        f.vstore(value, into, (a * count + b) * self._read_step)

    def _turn(self, f: Function, part: "_Part") -> None:
        """The values of the weights of some filters, [point, row, number]."""
        count = f.sub(part.last, part.first)
        row_step = TAPS * (self.filters if self.turned else self.channels)
        known = self.filters if self.turned else self.channels
        rows, numbers = (self.channels, count) if self.turned else (count, self.channels)
        first = f.mul(part.first, TAPS if self.turned else row_step)
        whole = f.sub(numbers, f.rem(numbers, f.lanes))
        with f.loop(0, rows) as row:
            weight = f.at("%weight", f.sum(first, (row.counter, row_step)))
            into = f.at("%scratch", f.sum((row.counter, self._weight_line), self._weights_at))
            if whole != 0:
                with f.loop(0, whole, f.lanes, guard=True) as t:
                    self._turn_some(f, weight, into, t.counter, f.lanes)
            if rest := known % f.lanes:
                with f.when(f.op(f"icmp slt i64 {whole}, {numbers}")):
                    self._turn_some(f, weight, into, whole, rest)

    def _turn_some(self, f: Function, weight: str, into: str, place: Int, count: int) -> None:
        """A vector of weights, all taps of each."""
        many = self.points.count
        taps = nine(f, f.at(weight, f.mul(place, TAPS)), count)
        if self.turned:
            taps = taps[::-1]
        rows = [self.points.of_weight(f, taps[3 * a : 3 * a + 3]) for a in range(3)]
        for b in range(many):
            for a, value in enumerate(self.points.of_weight(f, [row[b] for row in rows])):
                f.vstore(value, into, f.sum(place, (a * many + b) * self._weight_step))

    def _make(self, f: Function, part: "_Part") -> None:
        """Multiply at all points, and bring the products back to the places of the image."""
        filters = f.sub(part.last, part.first)
        with f.loop(0, self.points.count**2) as point:
            self._multiply(f, point.counter, filters)
        with f.loop(part.start, part.stop) as vector, f.loop(0, filters) as filter:
            column = f.mul(f.sub(vector.counter, part.start), f.lanes)
            cell = f.sum((filter.counter, self._line), column, self._made_at)
            of = f.add(part.first, filter.counter)
            self._finish(f, vector.counter, of, f.at("%scratch", cell))

    def _multiply(self, f: Function, point: Int, filters: Int) -> None:
        """The products at one point for all vectors of a chunk."""
        read = f.at("%scratch", f.mul(point, self._read_step))
        made = f.at("%scratch", f.sum((point, self._made_step), self._made_at))
        weights = f.at("%scratch", f.sum((point, self._weight_step), self._weights_at))
        whole = f.sub(filters, f.rem(filters, self.most))
        with f.loop(0, self.columns, self.width) as strip:
            column = f.mul(strip.counter, f.lanes)
            of = f.at(read, column), f.at(made, column)
            if whole != 0:
                with f.loop(0, whole, self.most, guard=True) as filter:
                    self._tile(f, weights, *of, filter.counter, self.most)
            if rest := self.filters % self.most:
                with f.when(f.op(f"icmp slt i64 {whole}, {filters}")):
                    self._tile(f, weights, *of, whole, rest)

    def _tile(
        self, f: Function, weights: str, read: str, made: str, filter: Int, size: int
    ) -> None:
        line = self._weight_line
        row, number = (1, line) if self.turned else (line, 1)
        weights = f.at(weights, f.mul(filter, row))
        with f.loop(0, self.channels, 1, [ZERO] * (size * self.width)) as channel:
            place = f.mul(channel.counter, self._line)
            given = [f.vload(read, f.sum(place, t * f.lanes)) for t in range(self.width)]
            factors = f.at(weights, f.mul(channel.counter, number))
            sums = list(channel.given)
            for o in range(size):
                factor = f.broadcast(factors, o * row)
                for t in range(self.width):
                    cell = o * self.width + t
                    sums[cell] = f.fma(factor, given[t], sums[cell])
            channel.new = sums
        into = f.at(made, f.mul(filter, self._line))
        for o in range(size):
            for t in range(self.width):
                f.vstore(channel.out[o * self.width + t], into, o * self._line + t * f.lanes)

    def _finish(self, f: Function, vector: Int, filter: Int, products: str) -> None:
        """One vector of tiles of one filter."""
        points, tiles = self.points, self.tiles
        count, outputs = points.count, tiles.outputs(vector, f)
        columns = []
        for b in range(count):
            steps = [(a * count + b) * self._made_step for a in range(count)]
            columns.append(points.of_output(f, [f.vload(products, step) for step in steps]))
        for r in range(points.made):
            with f.when(outputs.is_there(r)):
                made = points.of_output(f, [given[r] for given in columns])
                applied = self.tail.on(f, filter)
                for value, place, mask in outputs.row(made, r):
                    applied.apply(value, place, mask)
                applied.finish()


@dataclass(frozen=True)
class _Part:
    """Filters from `first` to below `last`, vectors of tiles from `start` to below `stop`."""

    first: Int
    last: Int
    start: Int
    stop: Int
