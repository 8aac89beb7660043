"""A graph turned back into a net of plain lines: one for every layer, in the order they run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from netc import spec
from netc.expand.arguments import call, counting, learning, options
from netc.expand.chains import Chains
from netc.expand.constants import used_constants
from netc.expand.nowhere import NOWHERE, name, number
from netc.expand.sharing import Sharing
from netc.expand.sizes import sides_of
from netc.ir import Graph, Node
from netc.layers import Weight
from netc.sizes import Size
from netc.types import Tensor


@dataclass(frozen=True)
class Expanded:
    """A spec without blocks, and the values that it has to call by another name.

    Those are values with the name of a layer whose weights are shared, or whose chain branches.
    """

    spec: spec.Spec
    renamed: Mapping[str, str]


Middle = Literal["numbered", "declared", "apart"]
"""What becomes of the layers between the first and the last of a named chain: they are numbered
again, or declared in a line each, or the chain is taken apart, which costs its value its name."""

MIDDLES: tuple[Middle, ...] = get_args(Middle)
"""In the order they should be tried: numbers nearly always come out as they were."""


def expand(
    whole: spec.Spec, graph: Graph, *, brief: bool = False, middle: Middle = "numbered"
) -> Expanded:
    """The graph of a spec as a spec without blocks, loops, choices and expressions.

    `brief` leaves out options at their defaults.
    """
    expansion = _Expansion(graph, brief, middle)
    net = spec.NetSpec(name(graph.name), tuple(expansion.body()), NOWHERE)
    made = spec.Spec(NOWHERE.source, lets=used_constants(whole), train=whole.train, net=net)
    return Expanded(made, expansion.names)


@dataclass
class _Expansion:
    """Walks over the layers of a graph. `names` are the values that take another name."""

    graph: Graph
    brief: bool
    middle: Middle
    names: dict[str, str] = field(default_factory=dict)
    lines: list[spec.Statement] = field(default_factory=list)
    done: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.sharing = Sharing(self.graph)
        self.chains = Chains(self.graph, self.sharing)
        self.first: dict[str, str] = {}
        layers = {node.name for node in self.graph.nodes}
        self.taken = {*layers, *self.graph.inputs, *(node.value for node in self.graph.nodes)}
        self.losses = {loss.value: loss.weight for loss in self.graph.losses}
        self.inline = _inline_outputs(self.graph)
        self.sides = sides_of(self.graph)

    def body(self) -> list[spec.Statement]:
        """All lines of the net."""
        self.lines += [_input(value, self.graph.types[value]) for value in self.graph.inputs]
        for node in self.graph.nodes:
            self.layer(node)
        for value in self.graph.outputs:
            if value not in self.inline:
                chain = spec.Chain(None, (name(self.names.get(value, value)),), NOWHERE)
                self.role("output", value, chain)
        return self.lines

    def layer(self, node: Node) -> None:
        """The line of a layer, and of those that share its chain."""
        if node.name in self.done:
            return
        chain = self.chains.of(node)
        if chain is None:
            self.line([node])
            return
        inside = {each.name for each in chain}
        for other in self.chains.between(node, chain[-1]):
            if other.name not in inside:
                self.layer(other)
        is_line = self.middle != "apart" and self.chains.is_line(chain)
        self.line(chain if is_line else [node])

    def line(self, chain: list[Node]) -> None:
        """One line: a source, and the layers it flows through."""
        self.done |= {node.name for node in chain}
        first, last = chain[0], chain[-1]
        sources = [self.names.get(value, value) for value in first.inputs]
        steps: list[spec.Step] = []
        for node in chain:
            is_declared = self.is_declared(node, chain)
            if node is first and (len(sources) == 1 or is_declared):
                steps.append(_source(sources))
                sources = []
            extra = sources if node is first else [self.names.get(v, v) for v in node.inputs[1:]]
            make = self.declared if is_declared else self.step
            steps.append(make(node, tuple(extra)))
        word = self.value_name(last)
        written = spec.Chain(name(word) if word else None, tuple(steps), NOWHERE)
        roles = type(last.layer).roles
        if roles:
            self.role("loss" if last.value in self.losses else "metric", last.value, written)
        elif last.value in self.inline:
            self.role("output", last.value, written)
        else:
            self.lines.append(written)

    def is_declared(self, node: Node, chain: list[Node]) -> bool:
        """Whether a layer needs a line of its own that says what it is."""
        owner = self.sharing.owner(node)
        if self.sharing.is_shared(node):
            return True
        if len(chain) == 1:
            return owner is not None and node.name != node.value
        if node is chain[0] or (node is chain[-1] and owner is None):
            return False
        scope = chain[-1].value.rpartition(".")[0]
        return self.middle == "declared" or node.name.rpartition(".")[0] != scope

    def declared(self, node: Node, inputs: tuple[str, ...]) -> spec.Name | spec.Call:
        """A declared layer by its name; before its first use stands the line that declares it."""
        word = self.sharing.owner(node) or node.name
        if word not in self.first:
            self.lines.append(spec.Shared(name(word), self.step(node, ()), NOWHERE))
            self.first[word] = node.name
        return call(word, inputs, ())

    def value_name(self, node: Node) -> str | None:
        """What the chain that ends with this layer is called; None where it needs no name.

        No value can be called like a layer that is declared, but that layer's own first value is,
        if no name is given to it. That is found again by name if the name has a dot in it.
        """
        word, type_name = node.value, type(node.layer).name
        if word not in self.first:
            return None if word == type_name else word
        is_found = "." in word or not self.chains.is_read(word)
        if self.first[word] == node.name and is_found:
            return None
        implied = self.sharing.owner(node)
        if implied in self.first and self.first[implied] == node.name and "." in implied:
            self.names[word] = implied
            return None
        other = node.name if node.name not in (word, *self.first) else f"{word}.{type_name}"
        while other in self.taken - {node.name}:
            other += "_"
        self.names[word] = other
        return other

    def step(self, node: Node, inputs: tuple[str, ...]) -> spec.Name | spec.Call:
        """A layer with all its options."""
        layer = node.layer
        types = [self.graph.types[value] for value in node.inputs]
        given = options(layer, brief=self.brief, all_named=bool(inputs), sides=self.sides)
        given += learning(layer, types, self._weights(node), node.tied_to)
        if node.value in self.losses:
            given += counting(self.losses[node.value])
        return call(type(layer).name, inputs, given)

    def role(self, role: str, value: str, chain: spec.Chain) -> None:
        """A line for what a value is for, within the phase it is for."""
        line = spec.Role(name(role), chain, NOWHERE)
        phase = self.graph.phases.get(value)
        self.lines.append(spec.When(name(phase), (line,), NOWHERE) if phase else line)

    def _weights(self, node: Node) -> dict[str, Weight]:
        tied = {"weight"} if node.tied_to is not None else set()
        ports = {a: p for a, p in node.ports.items() if isinstance(p, str) and a not in tied}
        weights = self.graph.weights
        return {argument: weights[port] for argument, port in ports.items() if port in weights}


def _input(value: str, type: Tensor) -> spec.Statement:
    """`input image [3, h, w]`, `input label class(10)` or `input text class(96) [50]`."""
    sides = tuple(name(str(s)) if isinstance(s, Size) else number(s) for s in type.shape)
    sizes = spec.List(sides, NOWHERE)
    if type.classes is None:
        return spec.Input(name(value), sizes, NOWHERE)
    count = spec.Argument(None, number(type.classes), NOWHERE)
    label = spec.Call(name("class"), (count,), NOWHERE)
    return spec.Input(name(value), label, NOWHERE, sizes if sides else None)


def _source(values: list[str]) -> spec.Step:
    """What a chain starts with: a value, or several."""
    if len(values) == 1:
        return name(values[0])
    return spec.Tuple(tuple(map(name, values)), NOWHERE)


def _inline_outputs(graph: Graph) -> frozenset[str]:
    """The outputs that may be named where their layer is, for that keeps them in their order."""
    in_order = tuple(node.value for node in graph.nodes if node.value in graph.outputs)
    is_phased = any(value in graph.phases for value in graph.outputs)
    return frozenset(in_order) if in_order == graph.outputs and not is_phased else frozenset()
