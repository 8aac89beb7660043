"""What a net and its parts count: weights, multiply-adds, bytes of memory."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property

from netc.ir.graph import Graph, Node
from netc.types import Bug

Memory = Callable[[Graph, int], int]
"""Bytes that training takes for a batch of so many, or answering where a net has no loss."""


class Measures:
    """Measures of one graph; those of the whole are worked out once."""

    def __init__(self, graph: Graph, memory: Memory | None) -> None:
        self.graph = graph
        self._memory = memory
        self._bytes: dict[int, int] = {}

    def nodes(self, name: str) -> Sequence[Node]:
        """The layer of this full name, or those of an instance of a block or a round of a loop."""
        return self._by_name.get(name, ())

    def params(self, nodes: Sequence[Node]) -> int:
        """The numbers in the weights of some layers, shared ones counted once."""
        weights = self.graph.weights
        read = {value for node in nodes for value in node.reads if value in weights}
        return sum(self.graph.types[weight].size for weight in read)

    def macs(self, nodes: Sequence[Node]) -> int:
        """The multiply-adds of some layers for one example."""
        types = self.graph.types
        return sum(node.layer.macs(*(types[value] for value in node.inputs)) for node in nodes)

    def memory(self, batch: int) -> int:
        """The bytes for a batch."""
        if self._memory is None:
            raise Bug("who builds a net with claims about memory measures memory")
        if batch not in self._bytes:
            self._bytes[batch] = self._memory(self.graph, batch)
        return self._bytes[batch]

    @cached_property
    def all_params(self) -> int:
        return self.params(self.graph.nodes)

    @cached_property
    def all_macs(self) -> int:
        return self.macs(self.graph.nodes)

    @cached_property
    def _by_name(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self.graph.nodes:
            name = node.name
            while name:
                found[name].append(node)
                name = name.rpartition(".")[0]
        return found
