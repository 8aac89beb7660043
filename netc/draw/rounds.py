"""Rounds of a loop that are exactly alike, of which one stands for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from netc.draw.flow import Scope, Step, readers_of, reading
from netc.ir import Graph


@dataclass
class Rounds:
    """What is left of the steps, and how often each scope that stands for others is repeated."""

    steps: list[Step]
    repeats: dict[Scope, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Round:
    """The steps of one scope, as seen from outside: what flows in, what flows out."""

    scope: Scope
    places: tuple[int, ...]
    entry: str | None
    exit: str | None
    shape: tuple[object, ...]


def fold(graph: Graph, steps: Sequence[Step], roots: frozenset[str]) -> Rounds:
    """Leave out each round that is the same as the one before it, which it reads alone.

    The same are rounds of the same layers with the same options, shapes and ways to start their
    weights, wired in the same way.
    """
    folder = _Folder(graph, list(steps), roots)
    folder.visit((), range(len(steps)))
    for value in folder.instead:
        folder.instead[value] = folder.standing_for(value)
    kept = [s for place, s in enumerate(steps) if place not in folder.dropped]
    return Rounds([reading(step, folder.instead) for step in kept], folder.repeats)


class _Folder:
    def __init__(self, graph: Graph, steps: list[Step], roots: frozenset[str]) -> None:
        self.graph, self.steps, self.roots = graph, steps, roots
        self.readers = readers_of(steps)
        self.dropped: set[int] = set()
        self.instead: dict[str, str] = {}
        self.repeats: dict[Scope, int] = {}

    def visit(self, scope: Scope, places: Sequence[int]) -> None:
        """Fold the scopes directly inside of one, and then inside of those that are kept."""
        inner: dict[Scope, list[int]] = {}
        for place in places:
            own = self.steps[place].scope
            if len(own) > len(scope):
                inner.setdefault(own[: len(scope) + 1], []).append(place)
        first: _Round | None = None
        last: _Round | None = None
        for path, own_places in inner.items():
            round = self._round(path, own_places)
            if first and last and self._follows(last, round) and first.shape == round.shape:
                self._drop(first, round)
                last = round
                continue
            first = last = round
            # An inner round is folded only where the outer one stays, so look into it now.
            self.visit(path, own_places)

    def standing_for(self, value: str) -> str:
        """The value that is left where this one was; rounds lie in rounds, so in several goes."""
        while value in self.instead:
            value = self.instead[value]
        return value

    def _drop(self, first: _Round, round: _Round) -> None:
        self.dropped.update(round.places)
        if first.exit is not None and round.exit is not None:
            self.instead[round.exit] = first.exit
        self.repeats[first.scope] = self.repeats.get(first.scope, 1) + 1

    def _follows(self, before: _Round, after: _Round) -> bool:
        if before.exit is None or after.entry != before.exit:
            return False
        own = set(after.places)
        return all(reader in own for reader in self.readers[before.exit])

    def _round(self, scope: Scope, places: list[int]) -> _Round:
        own = set(places)
        made: dict[str, int] = {}
        outer: dict[str, int] = {}
        shape: list[object] = []
        for number, place in enumerate(places):
            step = self.steps[place]
            wires = tuple(
                made[v] if v in made else -1 - outer.setdefault(v, len(outer)) for v in step.inputs
            )
            shape.append((step.name[len(".".join(scope)) :], repr(step.layer), wires, step.type))
            shape.append((step.types, tuple(self._stored(name, scope) for name in step.stored)))
            made[step.value] = number
        leaving = [v for v in made if any(r not in own for r in self.readers.get(v, ()))]
        asked = any(value in self.roots for value in made)
        entry = next(iter(outer)) if len(outer) == 1 else None
        exit = leaving[0] if len(leaving) == 1 and not asked else None
        return _Round(scope, tuple(places), entry, exit, tuple(shape))

    def _stored(self, name: str, scope: Scope) -> object:
        """A weight or a state as the round sees it: its own, or one that is shared with others."""
        kind: Mapping[str, object] = (
            self.graph.weights if name in self.graph.weights else self.graph.states
        )
        own = ".".join(scope) + "."
        return (name.removeprefix(own), name.startswith(own), repr(kind.get(name)))
