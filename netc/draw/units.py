"""Layers that are drawn in one box: convolution, normalization, activation in a row."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from netc.draw.captions import LIGHT
from netc.draw.flow import Scope, Step, readers_of


@dataclass
class Unit:
    """Steps in a row, of which each but the first reads the one before it and nothing else.

    `scope` is where the box stands: the innermost scope that holds more than the unit. `part` is
    the number of the layer in a dense run, and `gathers` says that this is the join at its end.
    """

    steps: list[Step]
    scope: Scope
    inputs: tuple[str, ...]
    part: int | None = None
    gathers: bool = False

    @property
    def value(self) -> str:
        """What the last step makes."""
        return self.steps[-1].value


def units_of(
    steps: Sequence[Step],
    roots: frozenset[str],
    *,
    elsewhere: Sequence[Step] = (),
    kept_whole: Container[Scope] = (),
) -> list[Unit]:
    """Put the steps into boxes: what is light joins the layer before it, where the same block
    holds both, or begins the box of the layer after it.

    Steps `elsewhere` are drawn otherwise, but read values and fill scopes too.
    """
    every = (*steps, *elsewhere)
    counts = Counter(step.scope[:n] for step in every for n in range(1, len(step.scope) + 1))
    readers = readers_of(every)
    unit_of: dict[str, Unit] = {}
    units: list[Unit] = []
    for step in steps:
        unit = unit_of.get(step.inputs[0]) if len(step.inputs) == 1 else None
        if unit is not None and _joins(unit, step, readers, roots):
            unit.steps.append(step)
            unit.scope = _lifted(unit.steps, counts, kept_whole)
        else:
            unit = Unit([step], _lifted([step], counts, kept_whole), step.inputs)
            units.append(unit)
        unit_of[step.value] = unit
    return units


def _joins(unit: Unit, step: Step, readers: dict[str, list[int]], roots: frozenset[str]) -> bool:
    if unit.value != step.inputs[0] or unit.value in roots or len(readers[unit.value]) > 1:
        return False
    if unit.scope != step.scope or type(step.layer).roles or step.family == "softmax":
        return False
    return step.family in LIGHT or all(s.family in LIGHT for s in unit.steps)


def common_scope(scopes: Iterable[Scope]) -> Scope:
    """The innermost scope that holds all of these."""
    first, *others = scopes
    for scope in others:
        same = 0
        while same < min(len(first), len(scope)) and first[same] == scope[same]:
            same += 1
        first = first[:same]
    return first


def _lifted(steps: list[Step], counts: Counter[Scope], kept_whole: Container[Scope]) -> Scope:
    """The scope of steps, without inner ones that hold nothing else."""
    scope = common_scope(step.scope for step in steps)
    while scope and counts[scope] == len(steps) and scope not in kept_whole:
        scope = scope[:-1]
    return scope
