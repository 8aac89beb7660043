"""Dense layers as convolutions with the same weights, so that larger images give maps of answers.

Simonyan and Zisserman, Very Deep Convolutional Networks, 2015, section 3.2 (dense evaluation);
Long, Shelhamer and Darrell, Fully Convolutional Networks, 2015, section 3.1.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from netc.ir import Graph, Node, Port, at_sizes, open_sizes
from netc.layers import REGISTRY, Layer, Weight
from netc.sizes import Size
from netc.types import Reject, Tensor

_SIDES = {1: ("w",), 2: ("h", "w"), 3: ("d", "h", "w")}


class NotConvolutional(Reject):
    """A layer that hangs on the size of the image; `node` is None where there is nothing to do."""

    def __init__(self, node: Node | None, reason: str, help: str = "") -> None:
        super().__init__("", reason, help=help)
        self.node = node


def fully_convolutional(graph: Graph) -> Graph:
    """The graph with the sides of its images open, every dense layer on them a convolution whose
    kernel covers what the layer has seen so far, and every `flatten` before one gone.

    Weights keep their names and the order of their numbers; those of former dense layers take
    the shape of kernels. A loss or metric gets its scores averaged over the map. Raises
    `NotConvolutional`.
    """
    change = _Change(graph)
    for name in graph.inputs:
        change.open_input(name)
    for node in graph.nodes:
        change.node(node)
    if not change.weights:
        raise NotConvolutional(None, "the net has no dense layer on an image")
    return change.result()


@dataclass
class _Change:
    """The new graph while it is made. `new` says which value stands for an old one."""

    graph: Graph
    nodes: list[Node] = field(default_factory=list)
    types: dict[str, Tensor] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    weights: dict[str, Weight] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.types |= {v: self.graph.types[v] for v in self.graph.stored}

    def result(self) -> Graph:
        stored = {**self.graph.weights, **self.weights}
        made = self.graph.replace(nodes=tuple(self.nodes), types=self.types, weights=stored)
        # From here on any size is as good as any other.
        return at_sizes(made, {name: Size.symbol(name) for name in open_sizes(made)})

    def open_input(self, name: str) -> None:
        """An image gets sides that are open, with those it had as their witnesses."""
        type = self.graph.types[name]
        if type.is_float and type.rank - 1 in _SIDES:
            sides = zip(_SIDES[type.rank - 1], type.shape[1:], strict=True)
            opened = (s if isinstance(s, Size) else Size.symbol(n, s) for n, s in sides)
            type = replace(type, shape=(type.shape[0], *opened))
        self.types[name] = type

    def node(self, node: Node) -> None:
        if _is(node, "dense") and self.type(node.inputs[0]).rank > 1:
            self.convolution(node)
        elif _is(node, "flatten") and node.value not in self.graph.roots:
            self.new[node.value] = self.value(node.inputs[0])
        elif type(node.layer).roles:
            self.averaged(node)
        else:
            self.add(node, node.layer)

    def convolution(self, node: Node) -> None:
        """A dense layer as a convolution; its kernel is the image that it sees until now."""
        x = self.type(node.inputs[0])
        sides = tuple(int(side) for side in x.shape[1:])
        conv: Any = REGISTRY["conv"]
        layer = conv(
            filters=node.layer.units,  # type: ignore[attr-defined]
            kernel=sides if len(set(sides)) > 1 else sides[0],
            bias=node.layer.bias,  # type: ignore[attr-defined]
        )
        if getattr(node.layer, "transposed", False):
            reason = f"the weight of `{node.name}` is transposed, and no kernel is"
            raise NotConvolutional(node, reason, "leave `transposed` out")
        for argument, weight in layer.weights(x).items():
            self.reshape(node, str(node.ports[argument]), weight)
        self.add(node, layer)

    def reshape(self, node: Node, name: str, weight: Weight) -> None:
        """A weight of a former dense layer, which starts and learns as it did."""
        if name in self.weights and self.weights[name].shape != weight.shape:
            reason = f"`{node.name}` shares its weight with a layer on an image of another size"
            raise NotConvolutional(node, reason)
        before = self.graph.weights[name]
        self.weights[name] = replace(
            before, shape=weight.shape, fan_in=weight.fan_in, fan_out=weight.fan_out
        )
        self.types[name] = Tensor(weight.shape, batched=False)

    def averaged(self, node: Node) -> None:
        """A loss or metric on scores that have become a map: on the mean of the map."""
        if all(self.type(v).rank == self.graph.types[v].rank for v in node.inputs):
            self.add(node, node.layer)
            return
        kept = dict(self.new)
        for value in node.inputs:
            if self.type(value).rank > self.graph.types[value].rank == 1:
                self.new[value] = self.mean(self.value(value))
        self.add(node, node.layer)
        self.new = kept

    def mean(self, value: str) -> str:
        """The mean of a map as a vector."""
        for word in ("global_avg_pool", "flatten"):
            made = f"{value.removesuffix('.mean')}.mean" + ".flat" * (word == "flatten")
            if made not in self.types:
                layer = REGISTRY[word]()
                self.types[made] = layer.infer(self.types[value])
                ports: dict[str, Port] = {"x": value, "y": made}
                self.nodes.append(Node(made, layer, "forward", ports, (value,)))
            value = made
        return value

    def add(self, node: Node, layer: Layer) -> None:
        """A layer on the new values, its shapes proved again."""
        inputs = tuple(map(self.value, node.inputs))
        types = [self.types[value] for value in inputs]
        try:
            self.types[node.value] = layer.infer(*types)
            needed = {name: weight.shape for name, weight in layer.weights(*types).items()}
        except Reject as reject:
            help = f"`{node.name}` is what needs one size; {reject.help}".rstrip("; ")
            raise NotConvolutional(node, reject.reason, help) from None
        for name, shape in needed.items():
            if self.types[str(node.ports[name])].shape != shape:
                reason = f"the weights of `{node.name}` are for one size of the image alone"
                raise NotConvolutional(node, reason)
        self.types |= {f"{node.name}.{kept}": t for kept, t in layer.keep(*types).items()}
        ports = {a: p if node.is_written(a) else self.port(p) for a, p in node.ports.items()}
        self.nodes.append(replace(node, layer=layer, inputs=inputs, ports=ports))

    def type(self, value: str) -> Tensor:
        return self.types[self.value(value)]

    def value(self, value: str) -> str:
        return self.new.get(value, value)

    def port(self, port: Port) -> Port:
        return self.value(port) if isinstance(port, str) else tuple(map(self.value, port))


def _is(node: Node, word: str) -> bool:
    return type(node.layer) is REGISTRY[word]
