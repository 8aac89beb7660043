"""Whose weights a layer has: its own, or those of another that it shares."""

from collections import defaultdict

from netc.ir import Graph, Node


class Sharing:
    """The layers of a graph by the names that their weights and states begin with."""

    def __init__(self, graph: Graph) -> None:
        self._stored = {*graph.weights, *graph.states}
        self._users: dict[str, list[Node]] = defaultdict(list)
        for node in graph.nodes:
            owner = self.owner(node)
            if owner is not None:
                self._users[owner].append(node)

    def owner(self, node: Node) -> str | None:
        """What the names of the layer's weights and states begin with; None where it has none. A
        weight that it is tied to is none of its own."""
        for argument, port in node.ports.items():
            if node.tied_to is not None and argument == "weight":
                continue
            if isinstance(port, str) and port in self._stored:
                return port.removesuffix(f".{argument}")
        return None

    def is_shared(self, node: Node) -> bool:
        """Whether the layer's weights are not its own alone."""
        owner = self.owner(node)
        return owner is not None and (owner != node.name or len(self._users[owner]) > 1)
