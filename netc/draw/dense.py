"""Dense blocks: runs of layers that each read what all layers before them made.

They are written as joins in a row, `x = concat(x, layer(x))`. As the join of a join is the join of
all, layer number l reads l values directly, which makes L(L+1)/2 connections among L layers
(Huang, Liu, van der Maaten, Weinberger, 2017, figure 1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netc.draw.flow import Scope, Step, readers_of
from netc.draw.units import Unit, common_scope

MARK = "dense"
"""Ends the scope of a dense run; no scope of a net holds a space, so ` dense` is another."""

_SHORTEST = 3
_LONGEST = 128
"""Layers of a run beyond which its arcs, some L*L/2, would only be a blot."""

_LARGEST = 40
"""Steps of one layer of a run."""


@dataclass(frozen=True)
class _Link:
    """One join `made = concat(base, last step of part)`, with the steps between."""

    base: str
    part: tuple[Step, ...]
    join: Step


def dense_runs(
    steps: Sequence[Step], roots: frozenset[str], repeated: Mapping[Scope, int]
) -> tuple[list[Unit], list[Step]]:
    """The boxes of all dense runs, and the steps that they take the place of."""
    links = _links(steps, roots)
    joined = {link.join.value for link in links.values()}
    units: list[Unit] = []
    taken: list[Step] = []
    for link in links.values():
        if link.base in joined:
            continue
        run = [link]
        while run[-1].join.value in links:
            run.append(links[run[-1].join.value])
        own = [step for each in run for step in (*each.part, each.join)]
        if _SHORTEST <= len(run) <= _LONGEST and not any(
            _within(step.scope, repeated) for step in own
        ):
            number = sum(unit.gathers for unit in units) + 1
            units += _units(run, common_scope(step.scope for step in own), number)
            taken += own
    return units, taken


def _within(scope: Scope, repeated: Mapping[Scope, int]) -> bool:
    return any(scope[:n] in repeated for n in range(1, len(scope) + 1))


def _units(run: list[_Link], scope: Scope, number: int) -> list[Unit]:
    scope = (*scope, f" {MARK} {number}")
    read = [run[0].base]
    units = []
    for place, link in enumerate(run, 1):
        units.append(Unit(list(link.part), scope, tuple(read), part=place))
        read.append(link.part[-1].value)
    return [*units, Unit([run[-1].join], scope, tuple(read), gathers=True)]


def _links(steps: Sequence[Step], roots: frozenset[str]) -> dict[str, _Link]:
    """The links by the value they begin with."""
    places = {step.value: place for place, step in enumerate(steps)}
    readers = readers_of(steps)
    links: dict[str, _Link] = {}
    for step in steps:
        if type(step.layer).name != "concat" or len(step.inputs) != 2:
            continue
        for base, end in (step.inputs, step.inputs[::-1]):
            link = _link(steps, places, readers, roots, base, end, step)
            if link is not None and base not in links:
                links[base] = link
                break
    return links


def _link(
    steps: Sequence[Step],
    places: Mapping[str, int],
    readers: Mapping[str, list[int]],
    roots: frozenset[str],
    base: str,
    end: str,
    join: Step,
) -> _Link | None:
    """The link from `base` to `join`, if all between them is between them alone."""
    part: set[int] = set()
    waiting = [end]
    while waiting:
        value = waiting.pop()
        if value == base:
            continue
        if value not in places or value in roots or len(part) > _LARGEST:
            return None
        if places[value] not in part:
            part.add(places[value])
            waiting += steps[places[value]].inputs
    inside = {*part, places[join.value]}
    made = [steps[place].value for place in part]
    made += [base] if base in places and type(steps[places[base]].layer).name == "concat" else []
    if not part or not all(reader in inside for value in made for reader in readers[value]):
        return None
    return _Link(base, tuple(steps[place] for place in sorted(part)), join)
