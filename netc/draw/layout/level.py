"""One level of a picture: nodes in rows, lines between them, whatever the nodes hold inside."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from netc.draw.layout.order import Rows, ordered
from netc.draw.layout.place import Sides, placed
from netc.draw.layout.ranks import ranks_of
from netc.draw.layout.scene import Point

_LANES = 100_000
"""Lanes in one level; a line that has none goes straight through what is in its way."""

ASIDE = 22.0
"""Between nodes of one row."""

LANE = 5.0
"""Half the room that a line takes which passes a row."""

_MIDDLE = 40.0
"""How much longer than a node its row may be for it to stand in the middle."""

STEM = 15.0
"""How far a line goes straight from a box before it swings: its shape is written there."""


@dataclass(frozen=True)
class Node:
    """How far something reaches to both sides of where its lines meet, and along the flow.

    `ins` and `outs` say how far aside the lines of some values meet it instead. Lines that come
    in side by side do so up to `reach` from the middle.
    """

    left: float
    right: float
    length: float
    reach: float = 0
    ins: dict[str, float] = field(default_factory=dict)
    outs: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """A value that goes from node to node, by number."""

    source: int
    target: int
    key: str


@dataclass
class Level:
    """The nodes with their places: `across` of where lines meet, `along` of where each begins."""

    across: list[float]
    along: list[float]
    left: float
    right: float
    length: float
    paths: list[tuple[Point, ...]]
    dots: list[Point] = field(default_factory=list)


def arrange(
    nodes: Sequence[Node],
    lines: Sequence[Line],
    first: Sequence[int],
    last: Sequence[int],
    gap: float,
) -> Level:
    """Put nodes into rows, nodes `first` and `last` at the edges; `gap` is between rows."""
    wires = [(line.source, line.target) for line in lines]
    ranks = ranks_of(len(nodes), wires, first, last)
    grid = _Grid(nodes, lines, ranks, first)
    rows = ordered(grid.rows, grid.above, grid.below)
    sides = Sides(grid.left, grid.right, ASIDE)
    across = placed(rows, grid.above, grid.below, sides, grid.lanes)
    edges = set(first) | set(last)
    tops, bottoms = _rows(rows, nodes, edges, gap)
    along = [
        _top(tops[rank], bottoms[rank], nodes[number], is_source=not grid.above[number])
        for number, rank in enumerate(ranks)
    ]
    everything = range(len(grid.left))
    return Level(
        across[: len(nodes)],
        along,
        min((across[n] - grid.left[n] for n in everything), default=0),
        max((across[n] + grid.right[n] for n in everything), default=0),
        bottoms[-1] if bottoms else 0,
        [grid.path(number, across, along, tops, bottoms) for number in range(len(lines))],
    )


def _top(top: float, bottom: float, node: Node, *, is_source: bool) -> float:
    """Where a node begins: in the middle of its row. In one that is far longer, near what it
    reads, or near its readers if it reads nothing."""
    room = bottom - top - node.length
    if room <= _MIDDLE:
        return top + room / 2
    return top + room if is_source else top


def _rows(
    rows: Rows, nodes: Sequence[Node], edges: set[int], gap: float
) -> tuple[list[float], list[float]]:
    """Where each row begins and ends; a row of nodes at the edge has no length."""
    tops, bottoms = [], []
    at = 0.0
    for row in rows:
        tops.append(at)
        at += max((nodes[node].length for node in row if node < len(nodes)), default=0)
        bottoms.append(at)
        thin = all(node in edges for node in row)
        at += gap * 0.62 if thin else gap
    return tops, bottoms


class _Grid:
    """The nodes, and the points in each row that a longer line passes: its lanes."""

    def __init__(
        self, nodes: Sequence[Node], lines: Sequence[Line], ranks: list[int], first: Sequence[int]
    ) -> None:
        self.nodes, self.lines, self.ranks = nodes, lines, ranks
        self.left = [node.left for node in nodes]
        self.right = [node.right for node in nodes]
        self.above: list[list[int]] = [[] for _ in nodes]
        self.below: list[list[int]] = [[] for _ in nodes]
        self.lanes: set[int] = set()
        self.passed: list[list[int]] = []
        self.rank_of = list(ranks)
        longest = self._longest()
        for line in lines:
            far = ranks[line.target] - ranks[line.source] > longest
            self.passed.append([] if far else self._lay(line))
        self.rows = self._first_order(set(first))

    def _longest(self) -> int:
        """How many rows a line may pass in lanes of its own, so that all lanes are not too many."""
        spans = sorted(self.ranks[line.target] - self.ranks[line.source] for line in self.lines)
        room = _LANES
        for span in spans:
            room -= span
            if room < 0:
                return span - 1
        return spans[-1] if spans else 0

    def _lay(self, line: Line) -> list[int]:
        """Add the lanes of a line; of lines of one value that go on together, each its own."""
        before, lanes = line.source, []
        for rank in range(self.ranks[line.source] + 1, self.ranks[line.target]):
            lane = len(self.left)
            self.left.append(LANE)
            self.right.append(LANE)
            self.above.append([before])
            self.below.append([])
            self.below[before].append(lane)
            self.rank_of.append(rank)
            self.lanes.add(lane)
            lanes.append(lane)
            before = lane
        self.below[before].append(line.target)
        self.above[line.target].append(before)
        return lanes

    def _first_order(self, first: set[int]) -> Rows:
        """Rows in the order in which one meets the nodes going down, the first line first."""
        rows: Rows = [[] for _ in range(max(self.rank_of, default=-1) + 1)]
        seen: set[int] = set()
        starts = sorted(
            range(len(self.nodes)), key=lambda n: (bool(self.above[n]), n not in first, n)
        )
        for start in starts:
            waiting = [start]
            while waiting:
                node = waiting.pop()
                if node not in seen:
                    seen.add(node)
                    rows[self.rank_of[node]].append(node)
                    waiting += reversed(self.below[node])
        return rows

    def _aside(self, target: int, from_: int, across: list[float]) -> float:
        """How far from the middle of a joint a line comes in: side by side with the others, and
        straight from above where one does."""
        around = sorted(set(self.above[target]), key=across.__getitem__)
        if len(around) == 1:
            return 0
        reach = self.nodes[target].reach
        straight = [n for n in around if abs(across[n] - across[target]) < 0.5]
        at = around.index(from_)
        if not straight:
            return reach * (2 * at / (len(around) - 1) - 1)
        middle = around.index(straight[0])
        beside = middle if at < middle else len(around) - 1 - middle
        return reach * (at - middle) / max(beside, 1)

    def path(
        self,
        number: int,
        across: list[float],
        along: list[float],
        tops: list[float],
        bottoms: list[float],
    ) -> tuple[Point, ...]:
        """The points of a line: straight through rows, aside between them."""
        line, lanes = self.lines[number], self.passed[number]
        source, target = self.nodes[line.source], self.nodes[line.target]
        x = across[line.source] + source.outs.get(line.key, 0)
        leaves = bottoms[self.ranks[line.source]]
        points = [(x, along[line.source] + source.length), (x, leaves)]
        for lane in lanes:
            row = self.rank_of[lane]
            points += [(across[lane], tops[row]), (across[lane], bottoms[row])]
        end = across[line.target] + target.ins.get(line.key, 0)
        before = lanes[-1] if lanes else line.source
        if target.reach and before in self.above[line.target]:
            end += self._aside(line.target, before, across)
        points += [(end, tops[self.ranks[line.target]]), (end, along[line.target])]
        if abs(points[2][0] - x) > 0.5 and points[2][1] - leaves > 2 * STEM:
            points.insert(2, (x, leaves + STEM))
        return _simple(points)


def _simple(points: list[Point]) -> tuple[Point, ...]:
    """Without points in the middle of a straight line."""
    kept: list[Point] = []
    for point in points:
        if kept and abs(kept[-1][0] - point[0]) < 0.5:
            point = (kept[-1][0], point[1])
        if len(kept) > 1 and kept[-1][0] == kept[-2][0] == point[0]:
            kept.pop()
        if not kept or kept[-1] != point:
            kept.append(point)
    return tuple(kept)
