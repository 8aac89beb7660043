"""Frames in frames: each is arranged by itself, and is then one node for the frame around it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from netc.draw.layout.arcs import dense_level
from netc.draw.layout.level import Level, Line, Node, arrange
from netc.draw.layout.measure import PAD, Measure, stacked
from netc.draw.layout.scene import Label, Rect, Route, Scene
from netc.draw.picture import Box, Edge, Group, Picture, groups_of
from netc.draw.text import SMALL, width_of


@dataclass(frozen=True)
class Wire:
    """A piece of an edge within one frame, between children, or from or to its rim (None)."""

    source: str | None
    target: str | None
    edge: Edge

    @property
    def key(self) -> str:
        """What runs in one line: a value of a box."""
        return f"{self.edge.source} {self.edge.value}"


@dataclass
class Nested:
    """A frame or a part of the picture with places, and as a node of what is around it."""

    node: Node
    scene: Scene
    origin: tuple[float, float]
    """Where in the scene the lines of the node meet it."""


@dataclass
class Nest:
    """Arranges a picture from the inside out."""

    picture: Picture
    measure: Measure
    wires: dict[str, dict[tuple[str | None, str | None, str], Wire]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def __post_init__(self) -> None:
        paths = dict(_paths(self.picture.root, ()))
        for edge in self.picture.edges:
            self._cut(edge, paths[edge.source], paths[edge.target])
        self.comes_in = Counter(edge.target for edge in self.picture.edges)
        self.labels: Counter[str] = Counter()
        inside = {
            box.id
            for group in groups_of(self.picture.root)
            for box in group.children
            if group.dense and box.kind != "gather"  # type: ignore[union-attr]
        }
        for edge in self.picture.edges:
            if edge.source not in inside:
                width = round(width_of(edge.label, SMALL))
                self.labels[edge.source] = max(self.labels[edge.source], width)

    def _cut(self, edge: Edge, source: Sequence[str], target: Sequence[str]) -> None:
        """Cut an edge where it goes through the rim of a frame."""
        same = 0
        while source[same] == target[same]:
            same += 1
        self._add(source[same - 1], Wire(source[same], target[same], edge))
        for frame, child in zip(source[same:], source[same + 1 :], strict=False):
            self._add(frame, Wire(child, None, edge))
        for frame, child in zip(target[same:], target[same + 1 :], strict=False):
            self._add(frame, Wire(None, child, edge))

    def _add(self, frame: str, wire: Wire) -> None:
        self.wires[frame].setdefault((wire.source, wire.target, wire.key), wire)

    # ---- from the inside out

    def child(self, child: Box | Group) -> Nested:
        """A box, or a frame with all that is in it."""
        return self._box(child) if isinstance(child, Box) else self.frame(child)

    def _box(self, box: Box) -> Nested:
        if self.measure.right:
            box = stacked(box)
        width, length = self.measure.box(box, self.comes_in[box.id])
        scene = Scene(width, length, [(box, Rect(0, 0, width, length))])
        reach = max(width / 2 - 14, 0)
        right = max(width / 2, 0 if self.measure.right else self.labels[box.id] + 9)
        return Nested(Node(width / 2, right, length, reach), scene, (width / 2, 0))

    def frame(self, group: Group) -> Nested:
        """A frame around its children."""
        children = {child.id: self.child(child) for child in group.children}
        wires = list(self.wires[group.id].values())
        inner = self.part(children, wires, group if group.dense else None)
        pads, node = self.measure, inner.node
        before = pads.before + (0 if node.ins else PAD)
        length = before + node.length + (0 if node.outs else PAD)
        left, right = node.left + pads.left, node.right + PAD
        if pads.right:
            short = max(sum(pads.header(group)) - length, 0)
            before, length = before + short / 2, length + short
        else:
            header = pads.header(group)
            short = max(header[0] - left, header[1] - right, 0)
            left, right = left + short, right + short
        scene = Scene(left + right, length)
        scene.frames.append((group, Rect(0, 0, left + right, length)))
        scene.take(inner.scene, left - inner.origin[0], before)
        own = slice(len(scene.routes) - len(wires), None)
        end = before + node.length
        scene.routes[own] = [_to_rim(r, before, end, length) for r in scene.routes[own]]
        return Nested(Node(left, right, length, ins=node.ins, outs=node.outs), scene, (left, 0))

    def part(
        self, children: dict[str, Nested], wires: Sequence[Wire], dense: Group | None = None
    ) -> Nested:
        """Children with places, and the lines between them, without a frame."""
        entries = list(dict.fromkeys(wire.key for wire in wires if wire.source is None))
        exits = list(dict.fromkeys(wire.key for wire in wires if wire.target is None))
        numbers: dict[tuple[str, str], int] = {}
        for kind, names in (("", children), ("in", entries), ("out", exits)):
            for name in names:
                numbers[kind, name] = len(numbers)
        nodes = [child.node for child in children.values()]
        nodes += [Node(6, 6, 0)] * (len(entries) + len(exits))
        lines = [
            Line(
                numbers[("", w.source) if w.source is not None else ("in", w.key)],
                numbers[("", w.target) if w.target is not None else ("out", w.key)],
                w.key,
            )
            for w in wires
        ]
        first = [numbers["in", key] for key in entries]
        last = [numbers["out", key] for key in exits]
        gap = self.measure.gap([w.edge for w in wires if dense is None or not w.edge.dense])
        if dense is None:
            level = arrange(nodes, lines, first, last, gap)
        else:
            level = dense_level(nodes, lines, first, last, gap)
        scene = Scene(level.right - level.left, level.length)
        for child, number in zip(children.values(), range(len(children)), strict=True):
            x = level.across[number] - child.origin[0] - level.left
            scene.take(child.scene, x, level.along[number])
        self._draw(scene, wires, level, dense is not None)
        anchor = _anchor(level, first, last)
        ins = {key: level.across[n] - anchor for key, n in zip(entries, first, strict=True)}
        outs = {key: level.across[n] - anchor for key, n in zip(exits, last, strict=True)}
        node = Node(anchor - level.left, level.right - anchor, level.length, ins=ins, outs=outs)
        return Nested(node, scene, (anchor - level.left, 0))

    def _draw(self, scene: Scene, wires: Sequence[Wire], level: Level, dense: bool) -> None:
        told: set[str] = set()
        hues: dict[str, int] = {}
        for wire, path in zip(wires, level.paths, strict=True):
            points = tuple((x - level.left, y) for x, y in path)
            arrow = wire.target == wire.edge.target
            arc = dense and len(points) == 4
            hue = hues.setdefault(wire.key, len(hues)) if arc else None
            ends = wire.edge.source, wire.edge.target
            scene.routes.append(Route(*ends, points, arrow, "arc" if arc else "smooth", hue))
            told_here = (
                wire.source == wire.edge.source
                and wire.edge.label
                and not (dense and wire.edge.dense)
            )
            if told_here and wire.key not in told:
                told.add(wire.key)
                scene.labels.append(Label(*points[0], wire.edge.label))
        scene.dots += [(x - level.left, y) for x, y in level.dots]


def _anchor(level: Level, first: Sequence[int], last: Sequence[int]) -> float:
    """Where the lines of a part meet it: at its only way in, or out, or in the middle."""
    for rim in (first, last):
        if len(rim) == 1:
            return level.across[rim[0]]
    return (level.left + level.right) / 2


def _to_rim(route: Route, begin: float, end: float, length: float) -> Route:
    """A line that enters or leaves a frame, lengthened to the frame's own edge."""
    points = route.points
    if points[0][1] == begin and route.bend == "smooth":
        points = ((points[0][0], 0.0), *points)
    if points[-1][1] == end and not route.arrow:
        points = (*points, (points[-1][0], length))
    return replace(route, points=points)


def _paths(group: Group, above: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """For each box, the frames it stands in from the outermost on, and itself."""
    inside = (*above, group.id)
    found: list[tuple[str, tuple[str, ...]]] = []
    for child in group.children:
        if isinstance(child, Box):
            found.append((child.id, (*inside, child.id)))
        else:
            found += _paths(child, inside)
    return found
