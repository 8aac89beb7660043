"""The gradient as nodes: one backward node for each layer a loss depends on, and sums where a value
is read more than once (reverse-mode differentiation, Griewank and Walther 2008, chapter 3).

The gradient of `x` is called `d:x`, its second part `d:x:2`, and the sum of both `d:x:1-2`: no name
in a net has a colon.
"""

from collections import Counter
from dataclasses import replace

from netc.ir import Graph, Node, Port
from netc.layers import REGISTRY, arguments_of
from netc.types import Bug


def differentiate(graph: Graph) -> Graph:
    """Add the nodes that compute the gradient of the weighted sum of losses for every weight."""
    learning = {name for name, weight in graph.weights.items() if weight.rate != 0}
    differentiation = _Differentiation(graph, _depends_on(graph, learning))
    for loss in graph.losses:
        differentiation.seed(loss.value, loss.weight)
    return differentiation.result()


def differentiate_value(graph: Graph, value: str, source: str) -> Graph:
    """Add the nodes that take a gradient of a value back to an input.

    The gradient is a new input, `d:` and the name of the value; its end, `d:` and the name of
    `source`, is the only root. The rules run as in the phase of the graph.
    """
    differentiation = _Differentiation(graph, _depends_on(graph, {source}))
    seed = differentiation.seed(value)
    whole, end = differentiation.result(), differentiation.gradient(source)
    if end is None:
        raise Bug(f"the value {value} does not depend on the input {source}")
    return whole.replace(
        inputs=(*graph.inputs, seed), nodes=differentiation.nodes, outputs=(end,), training=False
    )


class _Differentiation:
    """Holds what is known of the gradients while the nodes are gone through backwards.

    `_parts` are the values that add up to the gradient of a value, one for each of its readers;
    `_counts` says how many there have been. Of a weight that layers share the parts are summed as
    they come, so that no more than two of them take memory at a time.
    """

    def __init__(self, graph: Graph, wanted: set[str]) -> None:
        self._graph = graph
        self._types = dict(graph.types)
        self._nodes: list[Node] = []
        self._parts: dict[str, list[str]] = {}
        self._counts: Counter[str] = Counter()
        self._constants: dict[str, float] = {}
        self._wanted = wanted

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes of the graph, and those of the gradients so far."""
        return (*self._graph.nodes, *self._nodes)

    def seed(self, value: str, number: float | None = None) -> str:
        """A part of the gradient of a value that comes from outside, or is one number."""
        part = self._new_part(value)
        if number is not None:
            self._constants[part] = number
        return part

    def result(self) -> Graph:
        graph = self._graph
        for node in reversed(graph.nodes):
            gradient = self.gradient(node.value)
            if gradient is not None:
                self._backward(node, gradient)
        gradients = {w: self.gradient(w) for w in graph.weights}
        return graph.replace(
            nodes=self.nodes,
            types=self._types,
            gradients={w: g for w, g in gradients.items() if g is not None},
            constants=self._constants,
            training=True,
        )

    def _backward(self, node: Node, gradient: str) -> None:
        if type(node.layer).backward is None:
            raise Bug(f"the layer {node.name} has no gradient, and a loss depends on it")
        ports: dict[str, Port] = {}
        for argument, optional in arguments_of(type(node.layer), "backward").items():
            if argument == "dy":
                ports[argument] = gradient
            elif argument in node.ports:
                ports[argument] = node.ports[argument]
            elif argument.startswith("d") and argument[1:] in node.ports:
                source = node.ports[argument[1:]]
                if not optional or self._wants(source):
                    ports[argument] = self._parts_of(source)
        self._nodes.append(replace(node, rule="backward", ports=ports))
        for value in node.reads:
            if value in self._graph.weights:
                self.gradient(value)

    def _wants(self, port: Port) -> bool:
        return bool(self._wanted & ({port} if isinstance(port, str) else set(port)))

    def _parts_of(self, port: Port) -> Port:
        if isinstance(port, str):
            return self._new_part(port)
        return tuple(self._new_part(value) for value in port)

    def _new_part(self, value: str) -> str:
        """A new value for one part of the gradient of `value`."""
        self._counts[value] += 1
        count = self._counts[value]
        name = f"d:{value}" if count == 1 else f"d:{value}:{count}"
        self._types[name] = replace(self._types[value], classes=None)
        self._parts.setdefault(value, []).append(name)
        return name

    def gradient(self, value: str) -> str | None:
        """The value that holds the whole gradient: the only part, or the sum of all parts."""
        parts = self._parts.get(value, [])
        if not parts or value not in self._wanted:
            return None
        if len(parts) == 1:
            return parts[0]
        total = f"d:{value}:1-{self._counts[value]}"
        self._types[total] = self._types[parts[0]]
        ports: dict[str, Port] = {"xs": tuple(parts), "y": total}
        self._nodes.append(Node(total, REGISTRY["add"](), "forward", ports, tuple(parts)))
        self._parts[value] = [total]
        return total


def _depends_on(graph: Graph, values: set[str]) -> set[str]:
    """Some values, and every value made of them but class labels, which have no gradient."""
    wanted = set(values)
    for node in graph.nodes:
        if wanted & set(node.reads):
            wanted |= {value for value in node.writes if graph.types[value].is_float}
    return wanted
