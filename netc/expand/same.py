"""Whether two graphs are the same to who runs them, and to files of weights."""

from collections.abc import Mapping

from netc.ir import Graph, Node, Port


def is_same_graph(one: Graph, other: Graph, renamed: Mapping[str, str]) -> bool:
    """Whether two graphs make the same values of the same layers and weights, for the same ends.

    `renamed` are values that have another name in the other one. The order of layers that need
    nothing of each other may differ, as may the names of layers beside those of their weights.
    """
    return (
        _ends(one, renamed) == _ends(other, {})
        and dict(one.weights) == dict(other.weights)
        and dict(one.states) == dict(other.states)
        and _nodes(one, renamed) == _nodes(other, {})
    )


def _ends(graph: Graph, renamed: Mapping[str, str]) -> object:
    def new(value: str) -> str:
        return renamed.get(value, value)

    return (
        graph.name,
        [(name, graph.types[name]) for name in graph.inputs],
        [new(value) for value in graph.outputs],
        [(new(loss.value), loss.weight) for loss in graph.losses],
        [new(value) for value in graph.metrics],
        {new(value): phase for value, phase in graph.phases.items()},
    )


def _nodes(graph: Graph, renamed: Mapping[str, str]) -> dict[str, object]:
    def new(port: Port) -> Port:
        if isinstance(port, str):
            return renamed.get(port, port)
        return tuple(renamed.get(value, value) for value in port)

    def node_text(node: Node) -> object:
        reads = {a: new(port) for a, port in node.ports.items() if not node.is_written(a)}
        return (node.layer, graph.types[node.value], tuple(map(new, node.inputs)), reads)

    return {renamed.get(node.value, node.value): node_text(node) for node in graph.nodes}
