"""The network as meant: a list of nodes between named values, immutable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from netc.diag import Span
from netc.layers import Layer, State, Weight, arguments_of
from netc.types import Phase, Tensor

Port = str | tuple[str, ...]
"""The value bound to an argument of a rule, or the values of a starred one."""


@dataclass(frozen=True)
class Node:
    """One call of one rule of a layer.

    `ports` binds the rule's arguments to values; what is lent to a rule and its work arrays are
    no values and not among them. `inputs` are the values that flow into the layer, the same for
    both rules; `keeps` and `states` are the arguments of those two kinds.

    No two layers have the same name. Layers share a weight or a state where their ports name the
    same one; `tied_to` is set where the `weight` alone is that of another layer.
    """

    name: str
    layer: Layer
    rule: Literal["forward", "backward"]
    ports: Mapping[str, Port]
    inputs: tuple[str, ...]
    keeps: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    span: Span | None = None
    tied_to: str | None = None

    def is_written(self, argument: str) -> bool:
        """Whether the rule fills the array it gets for this argument."""
        if self.rule == "backward":
            return argument.startswith("d") and argument != "dy"
        return argument == "y" or argument in self.keeps

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The values this node needs, states among them."""
        return self._values(a for a in self.ports if not self.is_written(a))

    @cached_property
    def writes(self) -> tuple[str, ...]:
        """The values this node makes; a changed state is not among them."""
        return self._values(a for a in self.ports if self.is_written(a))

    @property
    def value(self) -> str:
        """What the layer gives. A backward node has it only where its rule reads `y`."""
        return str(self.ports["y"])

    @property
    def arguments(self) -> Mapping[str, bool]:
        """The arguments of the rule; True where one may be left out."""
        return arguments_of(type(self.layer), self.rule)

    def _values(self, arguments: Iterable[str]) -> tuple[str, ...]:
        found: list[str] = []
        for argument in arguments:
            port = self.ports[argument]
            found += (port,) if isinstance(port, str) else port
        return tuple(found)


@dataclass(frozen=True)
class Loss:
    """A value that training makes small, and how much it counts beside others."""

    value: str
    weight: float = 1.0


@dataclass(frozen=True)
class Graph:
    """Nodes in the order they run; every value is set once, states aside.

    `phases` names the outputs, losses and metrics that are for one phase only; the others are for
    both. `gradients` says in which value the gradient of a weight is, and `constants` which values
    hold one number throughout; both are filled by the pass that differentiates. `training` says
    that the rules run as in training.
    """

    name: str
    inputs: tuple[str, ...]
    nodes: tuple[Node, ...]
    types: Mapping[str, Tensor]
    weights: Mapping[str, Weight]
    states: Mapping[str, State]
    outputs: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    metrics: tuple[str, ...] = ()
    phases: Mapping[str, Phase] = field(default_factory=dict)
    gradients: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, float] = field(default_factory=dict)
    training: bool = False

    def replace(self, **changes: Any) -> "Graph":
        """The same graph with some fields changed."""
        return replace(self, **changes)

    @cached_property
    def producers(self) -> Mapping[str, Node]:
        """The node that makes each value; states and inputs have none."""
        return {v: n for n in self.nodes for v in n.writes}

    @cached_property
    def stored(self) -> frozenset[str]:
        """The values that live in the store, apart from any run."""
        return frozenset((*self.weights, *self.states, *self.gradients.values()))

    @cached_property
    def read(self) -> frozenset[str]:
        """The values that somebody needs: a node, or who runs the graph."""
        return frozenset((*(v for node in self.nodes for v in node.reads), *self.roots))

    @property
    def roots(self) -> tuple[str, ...]:
        """The values that a run is for."""
        losses = tuple(loss.value for loss in self.losses)
        return (*self.outputs, *losses, *self.metrics, *self.gradients.values())
