"""What each output of an axis reads, tap by tap, and which outputs read alike.

Along a row an output is a vector of numbers, over examples and, where these are few, over places.
All is known beforehand, so that borders need no tests: they are code of their own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from netc.native.function import ZERO, Function, Int
from netc.native.geometry import Side
from netc.native.kernels.cells import vload
from netc.native.kernels.lanes import picked

Tap = tuple[int, int]
"""A point of the kernel, and the place it meets."""

Numbers = tuple[int | None, ...]
"""The number of a row that is in each lane, or none."""

Read = tuple[int, Numbers]
"""A point of the kernel, and what meets it there."""

Reads = tuple[Read, ...]
"""All that an output reads."""


@dataclass(frozen=True)
class Tiles:
    """`count` tiles side by side that read alike: the first one begins at output `first`, and its
    numbers are counted from `start`; with each tile they lie `shift` further on."""

    first: int
    count: int
    start: int
    shift: int
    outputs: tuple[Reads, ...]

    @property
    def size(self) -> int:
        return len(self.outputs)


Meeting = tuple[int, int, int, int]
"""A row and a vector of a patch, and row and column of the point of the kernel that is between
them and what is read."""


@dataclass(frozen=True)
class Patch:
    """Rows by vectors of an output."""

    rows: Tiles
    vectors: Tiles

    def reads(self) -> Iterator[tuple[int, Numbers, list[Meeting]]]:
        """Row and numbers of each vector that is read, and all that it meets, row by row."""
        places = {at for reads in self.rows.outputs for _, (at,) in reads if at is not None}
        wanted = {numbers: None for reads in self.vectors.outputs for _, numbers in reads}
        for place in sorted(places):
            rows = _users(self.rows, (place,))
            for numbers in wanted:
                users = _users(self.vectors, numbers)
                yield place, numbers, [(r, v, i, j) for v, j in users for r, i in rows]


def _users(tiles: Tiles, numbers: Numbers) -> list[tuple[int, int]]:
    """The outputs of a tile that read some numbers, and by which point of the kernel."""
    return [
        (output, point)
        for output, reads in enumerate(tiles.outputs)
        for point, there in reads
        if there == numbers
    ]


@dataclass(frozen=True)
class Axis:
    """The outputs of an axis; `step` outputs further on the same is read `shift` further on."""

    outputs: tuple[Reads, ...]
    step: int
    shift: int

    def tiles(self, size: int) -> list[Tiles]:
        """All outputs in order, in tiles of `size`, a multiple of the step."""
        found: list[Tiles] = []
        shift = size // self.step * self.shift
        for number, first in enumerate(range(0, len(self.outputs), size)):
            start = number * shift
            outputs = tuple(_counted(o, start) for o in self.outputs[first : first + size])
            if found and found[-1].outputs == outputs:
                last = found[-1]
                found[-1] = Tiles(last.first, last.count + 1, last.start, shift, outputs)
            else:
                found.append(Tiles(first, 1, start, shift, outputs))
        return found


def row_axis(side: Side, *, turned: bool) -> Axis:
    """Rows of the output of a convolution; `turned` for the rows of its input gradient."""
    outputs, taps, step, shift = _of(side, turned=turned)
    reads = [tuple((point, (place,)) for point, place in taps(side, o)) for o in range(outputs)]
    return Axis(tuple(reads), step, shift)


def vector_axis(side: Side, block: int, lanes: int, *, turned: bool) -> Axis:
    """The vectors of a row, the last of which may have fewer lanes."""
    outputs, taps, step, shift = _of(side, turned=turned)
    seen = [dict(taps(side, o)) for o in range(outputs)]
    reads = []
    for start in range(0, outputs * block, lanes):
        numbers = range(start, min(start + lanes, outputs * block))
        there = [(seen[number // block], number % block) for number in numbers]
        points = sorted({point for at, _ in there for point in at})
        reads.append(
            tuple(
                (p, tuple(at[p] * block + n if p in at else None for at, n in there))
                for p in points
            )
        )
    if side.stride == 1:
        return Axis(tuple(reads), 1, lanes)
    period = vectors_of_period(side, block, lanes, turned=turned)
    return Axis(tuple(reads), period, period * lanes // (step * block) * shift * block)


def vectors_of_period(side: Side, block: int, lanes: int, *, turned: bool) -> int:
    """After how many vectors of a row the same is read again, further on."""
    if side.stride == 1:
        return 1
    numbers = block * (side.stride if turned else 1)
    count = 1
    while count * lanes % numbers:
        count += 1
    return count


def read_vector(f: Function, pointer: str, base: Int, numbers: Numbers) -> str:
    """The vector of some numbers of a row, in order; nothing is 0. Lanes beyond do not matter."""
    known = [(lane, number) for lane, number in enumerate(numbers) if number is not None]
    first, last = known[0][1], known[-1][1]
    if last - first == known[-1][0] - known[0][0] == len(known) - 1:
        return _neighbours(f, pointer, base, known[0], len(known))
    starts = range(first, last + 1, f.lanes)
    vectors = [vload(f, pointer, f.sum(base, s), min(f.lanes, last + 1 - s)) for s in starts]
    wanted = [
        (len(vectors), 0) if number is None else divmod(number - first, f.lanes)
        for number in numbers
    ]
    return picked(f, [*vectors, ZERO], wanted)


def _neighbours(f: Function, pointer: str, base: Int, first: Tap, count: int) -> str:
    """So many numbers side by side, from a lane on."""
    lane, number = first
    place = f.sum(base, number - lane)
    if count == f.lanes:
        return f.vload(pointer, place)
    lanes = (f"i1 {str(lane <= t < lane + count).lower()}" for t in range(f.lanes))
    return f.vload_some(pointer, place, f"<{', '.join(lanes)}>")


def _counted(reads: Reads, start: int) -> Reads:
    """The same, counted from a place."""
    return tuple(
        (point, tuple(None if n is None else n - start for n in numbers))
        for point, numbers in reads
    )


def _of(side: Side, *, turned: bool) -> tuple[int, Callable[[Side, int], list[Tap]], int, int]:
    """Outputs and their taps; after how many outputs things repeat, and how far on."""
    if turned:
        return side.size, _gradient_taps, side.stride, 1
    return side.out, _forward_taps, 1, side.stride


def _forward_taps(side: Side, output: int) -> list[Tap]:
    first = output * side.stride - side.pad
    places = ((i, first + i * side.dilation) for i in range(side.kernel))
    return [(i, place) for i, place in places if 0 <= place < side.size]


def _gradient_taps(side: Side, place: int) -> list[Tap]:
    """The outputs that a place of the input has a part in."""
    pairs = (
        (i, divmod(place + side.pad - i * side.dilation, side.stride)) for i in range(side.kernel)
    )
    return [(i, output) for i, (output, rest) in pairs if rest == 0 and 0 <= output < side.out]
