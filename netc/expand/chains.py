"""Layers that a named chain holds: they can be written in no other way than as that chain."""

from collections import defaultdict
from itertools import pairwise

from netc.expand.sharing import Sharing
from netc.ir import Graph, Node


class Chains:
    """The named chains of a graph that are more than one layer long.

    In `h = dense(10) -> relu` the dense layer is called `h` and its value `h.dense`, and the value
    `h` is that of the `relu`.
    """

    def __init__(self, graph: Graph, sharing: Sharing) -> None:
        self._graph = graph
        self._sharing = sharing
        self._roots = frozenset(graph.roots)
        self._places = {node.name: place for place, node in enumerate(graph.nodes)}
        self._readers: dict[str, set[str]] = defaultdict(set)
        for node in graph.nodes:
            for value in node.inputs:
                self._readers[value].add(node.name)

    def is_read(self, value: str) -> bool:
        """Whether a layer needs a value."""
        return value in self._readers

    def between(self, head: Node, last: Node) -> tuple[Node, ...]:
        """The layers from one up to another, not including it."""
        return self._graph.nodes[self._places[head.name] : self._places[last.name]]

    def of(self, head: Node) -> list[Node] | None:
        """The layers from `head` to the one whose value has its name, that need what it gives."""
        last = self._graph.producers.get(head.name)
        is_head = head.value == f"{head.name}.{type(head.layer).name}"
        if not is_head or last is None or self._sharing.is_shared(head):
            return None
        found, values = [head], {head.value}
        for node in (*self.between(head, last)[1:], last):
            if values.intersection(node.inputs):
                found.append(node)
                values.add(node.value)
        return found

    def is_line(self, chain: list[Node]) -> bool:
        """Whether each layer of a chain needs the one before it and no other of them, and nobody
        else needs what has no name to be called by."""
        inside = {node.value for node in chain[:-1]}
        names = {node.name for node in chain}
        return (
            all(n.name == n.value or self._sharing.is_shared(n) for n in chain[1:-1])
            and all(node.inputs[0] == before.value for before, node in pairwise(chain))
            and not any(inside.intersection(node.inputs[1:]) for node in chain)
            and not inside.intersection(self._roots)
            and all("." in value or self._readers[value] <= names for value in inside)
        )
