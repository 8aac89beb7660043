"""The layers of a graph as far as a picture shows them, without those that only pass a value on."""

from collections.abc import Container, Iterable, Mapping
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


def without_identities(
    steps: Iterable[Step], outputs: Container[str], judged: Container[str]
) -> tuple[list[Step], dict[str, str]]:
    """The steps without those that pass a value of a layer on; and the value that each stood for.

    A loss or metric stays, and an output that would be an input otherwise.
    """
    instead: dict[str, str] = {}
    kept: list[Step] = []
    made: set[str] = set()
    for step in steps:
        step = reading(step, instead)
        passes = type(step.layer).name == "identity" and step.value not in judged
        if passes and (step.inputs[0] in made or step.value not in outputs):
            instead[step.value] = step.inputs[0]
        else:
            made.add(step.value)
            kept.append(step)
    return kept, instead


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
