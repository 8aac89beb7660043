"""The graph that gathers the statistics of batches: training without its backward half."""

from collections.abc import Mapping
from dataclasses import replace

from netc.ir import Graph
from netc.layers import State


def gather(graph: Graph) -> Graph:
    """Put layers that leave the statistics of one batch in the place of those that average.

    Each has a state of its own, even where layers share one: those of `norm.mean`, which is
    written no more, are `norm.mean:1`, `norm.mean:2`, names that no net has.
    """
    types, states = dict(graph.types), dict(graph.states)
    nodes = []
    for node in graph.nodes:
        layer = node.layer.of_batch()
        if layer is None:
            nodes.append(node)
            continue
        ports = dict(node.ports)
        for argument in node.states:
            state = str(ports[argument])
            own = _free(state, states)
            ports[argument], types[own] = own, types[state]
            states[own] = State(states[state].shape, 0.0)
        nodes.append(replace(node, layer=layer, ports=ports))
    return graph.replace(nodes=tuple(nodes), types=types, states=states, training=True)


def gathered_by(graph: Graph) -> Mapping[str, list[str]]:
    """For each state that is gathered, the states of single layers that it is gathered in."""
    found: dict[str, list[str]] = {}
    for own in graph.states:
        state, colon, _ = own.partition(":")
        if colon:
            found.setdefault(state, []).append(own)
    return found


def _free(state: str, states: Mapping[str, State]) -> str:
    count = 1
    while f"{state}:{count}" in states:
        count += 1
    return f"{state}:{count}"
