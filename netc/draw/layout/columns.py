"""The whole picture: frames in rows, and rows in columns where one column would be too long."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import log

from netc.draw.layout.level import Line
from netc.draw.layout.measure import Measure
from netc.draw.layout.nest import Nest, Nested, Wire
from netc.draw.layout.ranks import ranks_of
from netc.draw.layout.scene import Point, Route, Scene
from netc.draw.picture import Picture

_LONGEST = 1150.0
"""A picture up to this long stays in one column."""

_SHORTEST = 250.0
"""No column is begun for less than this."""

_WORTH = 0.75
"""Columns are made where they are no longer than so much of the whole."""

_ASPECT = 1.5
"""Width over height that a picture in columns comes near to."""

_GUTTER = 56.0
_TURN = 16.0


def lay_out(picture: Picture, *, right: bool = False, columns: int | None = None) -> Scene:
    """Give everything in a picture its place.

    `columns` says into how many columns it may be cut; by itself a long picture is cut where a
    single value flows, so that it becomes about as wide as it is high.
    """
    measure = Measure(right)
    nest = Nest(picture, measure)
    children = {child.id: nest.child(child) for child in picture.root.children}
    wires = list(nest.wires[picture.root.id].values())
    parts = _parts(children, wires, measure, columns)
    scene = _side_by_side(nest, children, wires, parts)
    return scene.turned() if right else scene


def _parts(
    children: dict[str, Nested], wires: Sequence[Wire], measure: Measure, columns: int | None
) -> list[int]:
    """The number of the column of each child."""
    numbers = {name: number for number, name in enumerate(children)}
    lines = [Line(numbers[w.source or ""], numbers[w.target or ""], w.key) for w in wires]
    ranks = ranks_of(len(children), [(line.source, line.target) for line in lines], (), ())
    count = max(ranks, default=0) + 1
    gap = measure.gap([wire.edge for wire in wires])
    lengths, widths = [0.0] * count, [0.0] * count
    for nested, rank in zip(children.values(), ranks, strict=True):
        lengths[rank] = max(lengths[rank], nested.node.length + gap)
        widths[rank] += nested.node.left + nested.node.right + 22
    down = list(accumulate(lengths, initial=0.0))
    cuts = {
        row
        for row in _cuts(lines, ranks, count)
        if min(down[row], down[-1] - down[row]) > _SHORTEST
    }
    starts = _starts(lengths, widths, cuts, columns)
    column_of = [0] * count
    for rank in range(1, count):
        column_of[rank] = column_of[rank - 1] + (rank in starts)
    return [column_of[rank] for rank in ranks]


def _cuts(lines: Sequence[Line], ranks: Sequence[int], count: int) -> set[int]:
    """The rows before which one value flows, and no other."""
    last: dict[str, tuple[int, int]] = {}
    for line in lines:
        begin, end = last.get(line.key, (ranks[line.source], 0))
        last[line.key] = (begin, max(end, ranks[line.target]))
    change = [0] * (count + 1)
    for begin, end in last.values():
        change[begin + 1] += 1
        change[end + 1] -= 1
    flowing, cuts = 0, set()
    for row in range(count):
        flowing += change[row]
        if row and flowing == 1:
            cuts.add(row)
    return cuts


def _starts(
    lengths: Sequence[float], widths: Sequence[float], cuts: set[int], columns: int | None
) -> set[int]:
    """The rows that begin a column."""
    total = sum(lengths)
    if columns is not None:
        return set(_filled(lengths, cuts, total, columns))
    if total <= _LONGEST:
        return set()
    best: list[int] = []
    distance, shortest = None, total
    likely = round((_ASPECT * total / (max(widths) + _GUTTER)) ** 0.5)
    for count in range(max(likely - 3, 1), min(len(cuts) + 1, likely + 4) + 1):
        starts = _filled(lengths, cuts, total, count)
        spans = list(pairwise([0, *starts, len(lengths)]))
        height = max(sum(lengths[a:b]) for a, b in spans)
        width = sum(max(widths[a:b]) + _GUTTER for a, b in spans)
        new = abs(log(width / height / _ASPECT))
        if distance is None or (new < distance and height < 0.95 * shortest):
            best, distance, shortest = starts, new, height
    spans = list(pairwise([0, *best, len(lengths)]))
    height = max(sum(lengths[a:b]) for a, b in spans)
    return set(best) if height < _WORTH * total else set()


def _filled(lengths: Sequence[float], cuts: set[int], total: float, count: int) -> list[int]:
    """Where columns begin that are as equal as they can be: the shortest height that does."""
    low, high = total / count, total
    starts = _greedy(lengths, cuts, high)
    for _ in range(14):
        middle = (low + high) / 2
        found = _greedy(lengths, cuts, middle)
        if len(found) < count:
            starts, high = found, middle
        else:
            low = middle
    return starts


def _greedy(lengths: Sequence[float], cuts: set[int], height: float) -> list[int]:
    starts: list[int] = []
    at = since = 0.0
    possible: int | None = None
    for row, length in enumerate(lengths):
        if row in cuts:
            possible, since = row, 0.0
        if at + length > height and possible is not None and possible not in starts[-1:]:
            starts.append(possible)
            at = since
        at, since = at + length, since + length
    return starts


# ---- the columns


def _side_by_side(
    nest: Nest, children: dict[str, Nested], wires: Sequence[Wire], parts: Sequence[int]
) -> Scene:
    part_of = dict(zip(children, parts, strict=True))
    columns = []
    for number in range(max(parts, default=0) + 1):
        own = {name: child for name, child in children.items() if part_of[name] == number}
        columns.append(nest.part(own, _within(wires, part_of, number)))
    scene = Scene()
    inset = _TURN if len(columns) > 1 else 0
    lefts = []
    for column in columns:
        lefts.append(scene.width)
        scene.take(column.scene, scene.width, inset)
        scene.width += column.scene.width + _GUTTER
    scene.width -= _GUTTER
    ends = [column.scene.height for column in columns]
    scene.height = max(ends, default=0) + 2 * inset
    seen = set()
    for wire in wires:
        source, target = part_of[wire.source or ""], part_of[wire.target or ""]
        if source == target or (wire.key, target) in seen:
            continue
        seen.add((wire.key, target))
        from_, to = columns[source], columns[target]
        out = lefts[source] + from_.origin[0] + from_.node.outs[wire.key]
        into = lefts[target] + to.origin[0] + to.node.ins[wire.key]
        low = max(ends[source:target]) + inset + _TURN * 0.75
        points: tuple[Point, ...] = (
            (out, ends[source] + inset),
            (out, low),
            (lefts[target] - _GUTTER / 2, low),
            (lefts[target] - _GUTTER / 2, inset * 0.25),
            (into, inset * 0.25),
            (into, inset),
        )
        scene.routes.append(Route(wire.edge.source, wire.edge.target, points, False, "corner"))
    return scene


def _within(wires: Sequence[Wire], part_of: dict[str, int], number: int) -> list[Wire]:
    """The pieces of lines that lie in a column."""
    own: dict[tuple[str | None, str | None, str], Wire] = {}
    for wire in wires:
        starts = part_of[wire.source or ""] == number
        ends = part_of[wire.target or ""] == number
        if starts or ends:
            source, target = (wire.source if starts else None), (wire.target if ends else None)
            own.setdefault((source, target, wire.key), Wire(source, target, wire.edge))
    return list(own.values())
