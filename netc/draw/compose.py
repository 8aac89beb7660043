"""A graph as a picture: which layers share a box, which blocks are open, what is drawn once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from netc.diag import amount
from netc.draw.captions import LIGHT, closed_lines, lines_of, shape_text, short, title_of
from netc.draw.dense import dense_runs
from netc.draw.flow import Scope, Step, steps_of, without_identities
from netc.draw.picture import THEN, Box, Edge, Group, Kind, Line, Picture
from netc.draw.rounds import Rounds, fold
from netc.draw.tree import Frame, best_depth, is_dense, tree_of
from netc.draw.units import Unit, units_of
from netc.ir import Graph

_MANY = 60
"""Boxes from which on rounds that are alike are drawn once."""

_LIMIT = 140.0
"""How much a picture holds that opens its blocks by itself; a layer of a dense run counts less."""


def picture(graph: Graph, *, depth: int | None = None, all_rounds: bool | None = None) -> Picture:
    """The picture of a graph.

    `depth` says how many levels of blocks are open: as many as stay legible, where it is None.
    Rounds that are exactly alike are drawn once where there are many, or as `all_rounds` says.
    """
    judged = {*(loss.value for loss in graph.losses), *graph.metrics}
    every = steps_of(graph)
    steps, instead = without_identities(every, graph.outputs, judged)
    roots = frozenset(instead.get(value, value) for value in graph.roots)
    rounds = Rounds(steps)
    units = units_of(steps, roots)
    if all_rounds is False or (all_rounds is None and len(units) > _MANY):
        rounds = fold(graph, steps, roots)
    units = _units(rounds, roots)
    root = tree_of(units, rounds.repeats)
    if depth is None:
        depth = best_depth(root, _weigh, _LIMIT)
    drawing = _Drawing(graph, every, rounds.repeats, instead)
    whole = drawing.whole(root, depth)
    return Picture(
        graph.name,
        _facts(every),
        whole,
        tuple(drawing.edges(units)),
        _notes(whole, drawing),
    )


def _units(rounds: Rounds, roots: frozenset[str]) -> list[Unit]:
    """The boxes in an order in which each comes after all it reads."""
    dense, taken = dense_runs(rounds.steps, roots, rounds.repeats)
    out = {step.value for step in taken}
    rest = [step for step in rounds.steps if step.value not in out]
    units = units_of(rest, roots, elsewhere=taken, kept_whole=rounds.repeats)
    places = {step.value: place for place, step in enumerate(rounds.steps)}
    return sorted((*units, *dense), key=lambda unit: places[unit.steps[0].value])


def _weigh(child: Frame | Unit) -> float:
    return 0.25 if isinstance(child, Unit) and child.part else 1


def _facts(steps: Sequence[Step]) -> str:
    params, macs = sum(step.params for step in steps), sum(step.macs for step in steps)
    layers = "1 layer" if len(steps) == 1 else f"{len(steps):,} layers"
    parts = [layers, f"{params:,} params", f"{amount(macs)} multiply-adds for each example"]
    return " · ".join(parts)


def _notes(whole: Group, drawing: "_Drawing") -> tuple[str, ...]:
    notes = []
    if drawing.repeated:
        notes.append("×n: so many rounds, one after the other, that are exactly alike")
    if drawing.dense:
        notes.append("arcs: each layer of a dense block reads what all layers before it made")
    return tuple(notes)


@dataclass
class _Drawing:
    """Boxes are numbered in the order they run; `places` says in which box a value is made."""

    graph: Graph
    steps: Sequence[Step]
    repeats: Mapping[Scope, int]
    instead: Mapping[str, str]
    places: dict[str, str] = field(default_factory=dict)
    box_of: dict[int, str] = field(default_factory=dict)
    count: Counter[str] = field(default_factory=Counter)
    pills: list[tuple[str, str, str]] = field(default_factory=list)
    repeated: bool = False
    dense: bool = False
    inside: dict[Scope, list[Step]] = field(default_factory=dict)

    def whole(self, root: Frame, depth: int) -> Group:
        for step in self.steps:
            for n in range(1, len(step.scope) + 1):
                self.inside.setdefault(step.scope[:n], []).append(step)
        children = tuple(self._child(child, (), depth) for child in root.children)
        inputs = self._inputs(list(root.units()))
        outputs = tuple(self._output(value) for value in dict.fromkeys(self.graph.outputs))
        return Group("g0", self.graph.name, "", (*inputs, *children, *outputs))

    def _id(self, letter: str) -> str:
        self.count[letter] += 1
        return f"{letter}{self.count[letter]}"

    # ---- boxes and frames

    def _child(self, child: Frame | Unit, above: Scope, depth: int) -> Box | Group:
        if isinstance(child, Unit):
            return self._box(child)
        path = tuple(word for word in child.shown if not word.startswith(" "))
        label = short(".".join(path[len(above) :])) or "dense block"
        repeat = self.repeats.get(child.path, 1)
        title = ".".join(path)
        if depth == 0:
            return self._closed(child, path, label, title, repeat)
        self.repeated |= repeat > 1
        id = self._id("g")
        children = tuple(self._child(inner, path, depth - 1) for inner in child.children)
        if not is_dense(child):
            return Group(id, label, title, children, repeat)
        self.dense = True
        layers = len(children) - 1
        note = f"{layers} layers, {layers * (layers + 1) // 2} connections"
        return Group(id, label, title, children, repeat, dense=True, note=note)

    def _closed(self, frame: Frame, path: Scope, label: str, title: str, repeat: int) -> Box:
        self.repeated |= repeat > 1
        id = self._id("b")
        for unit in frame.units():
            self.places[unit.value] = id
            self.box_of[id_of(unit)] = id
        lines = closed_lines(label + (f"  ×{repeat}" if repeat > 1 else ""), self.inside[path])
        return Box(id, "block", "block", lines, title)

    def _box(self, unit: Unit) -> Box:
        id = self._id("b")
        self.places[unit.value] = id
        self.box_of[id_of(unit)] = id
        heavy = next((step for step in unit.steps if step.family not in LIGHT), unit.steps[0])
        title = "\n".join(title_of(step) for step in unit.steps)
        return Box(id, self._kind(unit), heavy.family, self._lines(unit), title)

    def _kind(self, unit: Unit) -> Kind:
        if unit.gathers:
            return "gather"
        if any(loss.value == unit.value for loss in self.graph.losses):
            return "loss"
        return "metric" if unit.value in self.graph.metrics else "layer"

    def _lines(self, unit: Unit) -> tuple[Line, ...]:
        if unit.part:
            heavy = [step for step in unit.steps if step.family not in LIGHT] or unit.steps
            words = [line.text for line in lines_of(heavy) if line.strong]
            return (Line(THEN.join(words), strong=True),)
        weights = [loss.weight for loss in self.graph.losses if loss.value == unit.value]
        weighed = [Line(f"weight {weight:g}") for weight in weights if weight != 1]
        return (*lines_of(unit.steps, self.graph.outputs), *weighed)

    # ---- inputs and outputs

    def _inputs(self, units: Iterable[Unit]) -> tuple[Box, ...]:
        """One for each input; but what only losses and metrics read stands beside each of them."""
        readers: dict[str, list[Unit]] = {name: [] for name in self.graph.inputs}
        for unit in units:
            for value in dict.fromkeys(unit.inputs):
                if value in readers:
                    readers[value].append(unit)
        boxes = []
        for name, its in readers.items():
            parts: dict[object, list[Unit]] = {}
            judged = all(self._kind(unit) in ("loss", "metric") for unit in its)
            for unit in its:
                others = tuple(self.places.get(v) for v in unit.inputs if v not in readers)
                parts.setdefault(others if judged else None, []).append(unit)
            for part in parts.values() or [[]]:
                box = self._pill("input", name)
                boxes.append(box)
                into = dict.fromkeys(self.box_of[id_of(unit)] for unit in part)
                self.pills += [(box.id, target, name) for target in into]
        return tuple(boxes)

    def _output(self, value: str) -> Box:
        box = self._pill("output", value)
        maker = self.instead.get(value, value)
        if maker in self.places:
            self.pills.append((self.places[maker], box.id, maker))
        return box

    def _pill(self, kind: Kind, value: str) -> Box:
        type = self.graph.types[value]
        lines = (Line(short(value), strong=True), Line(short(shape_text(type)) or "number"))
        return Box(self._id("b"), kind, kind, lines, f"{kind} {value} {type}")

    # ---- edges

    def edges(self, units: Iterable[Unit]) -> Iterable[Edge]:
        """Each value once from box to box, in the order the boxes run."""
        seen: set[tuple[str, str, str]] = set()
        for source, target, value in (*self._flows(units), *self.pills):
            if source == target or (source, target, value) in seen:
                continue
            seen.add((source, target, value))
            label = "" if value in self.graph.inputs else short(shape_text(self.graph.types[value]))
            yield Edge(source, target, value, label, (target, value) in self._direct)

    def _flows(self, units: Iterable[Unit]) -> Iterable[tuple[str, str, str]]:
        self._direct: set[tuple[str, str]] = set()
        for unit in units:
            target = self.box_of[id_of(unit)]
            for value in unit.inputs:
                if unit.part or unit.gathers:
                    self._direct.add((target, value))
                if value in self.places:
                    yield self.places[value], target, value


def id_of(unit: Unit) -> int:
    """What tells boxes apart while the picture is made."""
    return id(unit)
