"""Which places each window of a pooling holds along one axis, and which windows hold each place."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from netc.native.geometry import Side

Holder = tuple[int, int, float]
"""A window that holds a place: its number, that of the tap which is the place, and its share."""


@dataclass(frozen=True)
class Run:
    """Windows that are alike: `count` of them from `first` on, whose `taps` places begin at
    `start`, and `step` further on with each window. `skipped` taps lie in the padding before."""

    first: int
    count: int
    start: int
    step: int
    taps: int
    skipped: int
    share: float


@dataclass(frozen=True)
class Group:
    """Places that are held alike: `count` times `len(places)` of them from `first` on.

    `places` has the holders of each, numbered from `window` on; with each time windows are `shift`
    further on.
    """

    first: int
    count: int
    window: int
    shift: int
    places: tuple[tuple[Holder, ...], ...]


@dataclass(frozen=True)
class Windows:
    """Windows over an axis of `size` places: window `o` is `spans[o]` of them, a start and a stop.

    A tap is a place as counted from the beginning of its window, which may lie in the padding;
    no window has more than `taps`. A mean multiplies what is in a window by its share.
    """

    size: int
    taps: int
    begins: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    shares: tuple[float, ...]

    @property
    def count(self) -> int:
        return len(self.spans)

    def runs(self) -> list[Run]:
        """The windows in order."""
        runs: list[Run] = []
        for o, ((start, stop), begin) in enumerate(zip(self.spans, self.begins, strict=True)):
            new = Run(o, 1, start, 0, stop - start, start - begin, self.shares[o])
            if runs and (longer := _joined(runs[-1], new)):
                runs[-1] = longer
            else:
                runs.append(new)
        return runs

    def holders(self, *, numbered: bool) -> list[list[Holder]]:
        """The windows of each place; taps count as 0 where their numbers do not matter."""
        found: list[list[Holder]] = [[] for _ in range(self.size)]
        for o, (start, stop) in enumerate(self.spans):
            for place in range(start, stop):
                tap = place - self.begins[o] if numbered else 0
                found[place].append((o, tap, self.shares[o]))
        return found

    def groups(self, *, numbered: bool) -> list[Group]:
        """The places in order, as few groups as a period finds."""
        held = self.holders(numbered=numbered)
        step = self.begins[1] - self.begins[0] if self.count > 1 else 1
        found = [_groups(held, 1, 0), _groups(held, max(step, 1), 1)]
        return min(found, key=lambda groups: sum(len(g.places) for g in groups))


def sliding(side: Side, *, count_pad: bool) -> Windows:
    """Windows of a kernel with a stride; a mean counts the padding or only the image, and never
    what is beyond the padding."""
    begins = tuple(o * side.stride - side.pad for o in range(side.out))
    ends = [begin + side.kernel for begin in begins]
    spans = [(max(b, 0), min(e, side.size)) for b, e in zip(begins, ends, strict=True)]
    low, high = (-side.pad, side.size + side.pad) if count_pad else (0, side.size)
    counts = [min(e, high) - max(b, low) for b, e in zip(begins, ends, strict=True)]
    return Windows(
        side.size, side.kernel, begins, tuple(spans), tuple(1 / max(n, 1) for n in counts)
    )


def summing(side: Side) -> Windows:
    """The same, but for sums."""
    made = sliding(side, count_pad=True)
    return Windows(made.size, made.taps, made.begins, made.spans, (1.0,) * side.out)


def spanning(size: int, spans: Sequence[slice], *, mean: bool) -> Windows:
    """Windows anywhere, each given by its places; there may be none in one."""
    pairs = tuple((s.start, s.stop) for s in spans)
    counts = [stop - start for start, stop in pairs]
    shares = tuple(1 / max(n, 1) if mean else 1.0 for n in counts)
    return Windows(size, max(*counts, 1), tuple(start for start, _ in pairs), pairs, shares)


def even(size: int, count: int) -> Windows:
    """Windows that cut an axis into equal parts, for means; where it is not divided by `count`,
    neighbours overlap by a place."""
    spans = [slice(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]
    return spanning(size, spans, mean=True)


def nearest(size: int, out: int) -> Windows:
    """For each of `size` places, which of the `out` places of a resized image show it."""
    edges = [-(-place * out // size) for place in range(size + 1)]
    spans = [slice(*pair) for pair in pairwise(edges)]
    return spanning(out, spans, mean=False)


def _joined(run: Run, new: Run) -> Run | None:
    """A run with one more window, if it is alike."""
    step = new.start - run.start - (run.count - 1) * run.step
    alike = (run.taps, run.skipped, run.share) == (new.taps, new.skipped, new.share)
    if not alike or (run.count > 1 and step != run.step) or step < 0:
        return None
    return Run(run.first, run.count + 1, run.start, step, run.taps, run.skipped, run.share)


def _groups(held: list[list[Holder]], period: int, shift: int) -> list[Group]:
    groups: list[Group] = []
    for number, first in enumerate(range(0, len(held), period)):
        base = number * shift
        places = tuple(
            tuple((window - base, tap, share) for window, tap, share in holders)
            for holders in held[first : first + period]
        )
        last = groups[-1] if groups else None
        if last and last.places == places:
            groups[-1] = Group(last.first, last.count + 1, last.window, shift, places)
        else:
            groups.append(Group(first, 1, base, shift, places))
    return groups
