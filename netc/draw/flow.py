"""The layers of a graph as far as a picture shows them, without those that only pass a value on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import prod

from netc.ir import Graph, Node, at_sizes, open_sizes
from netc.layers import Layer
from netc.types import Tensor

Scope = tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One layer: where it stands, what it reads and makes.

    `stored` are its weights and states. Those that layers share are params of the first of them,
    which `shares` names for the others.
    """

    name: str
    scope: Scope
    layer: Layer
    inputs: tuple[str, ...]
    value: str
    type: Tensor
    types: tuple[Tensor, ...]
    stored: tuple[str, ...]
    params: int
    macs: int
    shares: str | None = None

    @property
    def family(self) -> str:
        """The family of the layer type."""
        return type(self.layer).family


def steps_of(graph: Graph) -> list[Step]:
    """The layers in their order; shapes are the written ones, numbers those at known sizes."""
    known = at_sizes(graph, open_sizes(graph))
    owners: dict[str, str] = {}
    return [_step(graph, known, node, owners) for node in known.nodes]


def _step(graph: Graph, known: Graph, node: Node, owners: dict[str, str]) -> Step:
    types = tuple(known.types[value] for value in node.inputs)
    stored = tuple(value for value in node.reads if value in known.stored)
    learned = [name for name in stored if name in known.weights]
    new = [name for name in learned if owners.setdefault(name, node.name) == node.name]
    others = [owners[name] for name in learned if name not in new]
    return Step(
        node.name,
        tuple(node.name.split(".")[:-1]),
        node.layer,
        node.inputs,
        node.value,
        graph.types[node.value],
        types,
        stored,
        sum(prod(known.weights[name].shape) for name in new),
        node.layer.macs(*types),
        others[0] if others else None,
    )


def without_identities(steps: Iterable[Step], roots: frozenset[str]) -> list[Step]:
    """Steps that pass a value on become the value itself, unless it is asked for by its name."""
    instead: dict[str, str] = {}
    kept = []
    for step in steps:
        step = reading(step, instead)
        if type(step.layer).name == "identity" and step.value not in roots:
            instead[step.value] = step.inputs[0]
        else:
            kept.append(step)
    return kept


def reading(step: Step, instead: Mapping[str, str]) -> Step:
    """The step with other values in place of some that it reads."""
    if not any(value in instead for value in step.inputs):
        return step
    return replace(step, inputs=tuple(instead.get(value, value) for value in step.inputs))


def readers_of(steps: Iterable[Step]) -> dict[str, list[int]]:
    """The places of the steps that read each value."""
    readers: dict[str, list[int]] = {}
    for place, step in enumerate(steps):
        for value in dict.fromkeys(step.inputs):
            readers.setdefault(value, []).append(place)
    return readers
