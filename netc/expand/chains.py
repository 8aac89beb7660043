"""Layers that a named chain holds: they can be written in no other way than as that chain."""

from itertools import pairwise

from netc.expand.sharing import Sharing
from netc.ir import Graph, Node


def chain_of(graph: Graph, head: Node, sharing: Sharing) -> list[Node] | None:
    """The layers from `head` to the one whose value has the name of `head`, or None.

    In `h = dense(10) -> relu` the dense layer is called `h` and its value `h.dense`, and the value
    `h` is that of the `relu`.
    """
    last = graph.producers.get(head.name)
    is_head = head.value == f"{head.name}.{type(head.layer).name}" and not sharing.is_shared(head)
    if not is_head or last is None:
        return None
    return dependents(graph, head, last)


def dependents(graph: Graph, head: Node, last: Node) -> list[Node]:
    """The layers from `head` up to `last` that need what `head` gives, in their order."""
    start, end = graph.nodes.index(head), graph.nodes.index(last)
    found, values = [head], {head.value}
    for node in graph.nodes[start + 1 : end + 1]:
        if values.intersection(node.inputs):
            found.append(node)
            values.add(node.value)
    return found


def is_line(graph: Graph, chain: list[Node]) -> bool:
    """Whether each layer of a chain needs the one before it and no other, and nobody but the next
    needs what has no name to be called by."""
    for before, node in pairwise(chain):
        if node.inputs[0] != before.value:
            return False
    inside = {node.value for node in chain[:-1]}
    if any(inside.intersection(node.inputs[1:]) for node in chain):
        return False
    nameless = {value for value in inside if "." not in value}
    others = (node for node in graph.nodes if node not in chain)
    return not any(nameless.intersection(node.inputs) for node in others) and not (
        inside.intersection(graph.roots)
    )
