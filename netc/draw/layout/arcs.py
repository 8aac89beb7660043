"""A dense block: its layers in a column, and an arc for each value that passes a layer by."""

from collections.abc import Sequence

from netc.draw.layout.level import Level, Line, Node
from netc.draw.layout.scene import Point

_GAP = 17.0
_DOT = 14.0
_OFF = 4.0
"""Arcs leave a box below its middle and arrive above it."""


def dense_level(
    nodes: Sequence[Node],
    lines: Sequence[Line],
    first: Sequence[int],
    last: Sequence[int],
    gap: float,
) -> Level:
    """Nodes `first` and `last` at the edges, and all others one below the other; `gap` is before
    what leaves the block."""
    rims = {*first, *last}
    column = [number for number in range(len(nodes)) if number not in rims]
    place = {number: at for at, number in enumerate(column)} | dict.fromkeys(first, -1)
    along = [0.0] * len(nodes)
    at = _DOT + _GAP + 3
    for number in column:
        along[number] = at
        at += nodes[number].length + _GAP
    end = at - _GAP + gap
    for number in last:
        along[number] = end
    edge = max(node.left for node in nodes)
    paths: list[tuple[Point, ...]] = []
    widest = 0.0
    for line in lines:
        steps = place.get(line.target, len(column)) - place[line.source]
        if steps == 1 or line.target in last:
            begin = along[line.source] + nodes[line.source].length
            paths.append(((0.0, begin), (0.0, along[line.target])))
            continue
        swing = 16 + 13 * steps**0.85
        widest = max(widest, 0.75 * swing)
        paths.append(_arc(nodes, along, line, edge + swing, set(first)))
    return Level(
        [0.0] * len(nodes),
        along,
        -edge,
        max([edge + widest, *(node.right for node in nodes)]),
        end,
        paths,
        [(0.0, _DOT)] if first else [],
    )


def _arc(
    nodes: Sequence[Node], along: Sequence[float], line: Line, out: float, first: set[int]
) -> tuple[Point, ...]:
    end = along[line.target] + nodes[line.target].length / 2 - _OFF
    if line.source in first:
        begin: Point = (0.0, _DOT)
    else:
        source = nodes[line.source]
        begin = (source.left, along[line.source] + source.length / 2 + _OFF)
    return begin, (out, begin[1]), (out, end), (nodes[line.target].left, end)
