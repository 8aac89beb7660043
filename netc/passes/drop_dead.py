"""Nodes nobody reads removed."""

from netc.ir import Graph


def drop_dead(graph: Graph) -> Graph:
    """Keep the nodes that a root of the graph is made of."""
    needed, kept = set(graph.roots), []
    for node in reversed(graph.nodes):
        if needed & set(node.writes):
            needed |= set(node.reads)
            kept.append(node)
    return graph.replace(nodes=tuple(reversed(kept)))
