"""Layers that do nothing in a phase taken out, and what the phase is not for left aside."""

from dataclasses import replace

from netc.ir import Graph, Node, Port
from netc.layers import REGISTRY
from netc.types import Phase


def for_phase(graph: Graph, phase: Phase) -> Graph:
    """Bypass every layer that does nothing in the phase: its readers read its input instead.

    Where its value is an output, whose name others know, an identity stands in its place. Losses
    and metrics work in both phases.
    """
    instead: dict[str, str] = {}
    nodes: list[Node] = []
    for node in graph.nodes:
        node = _redirect(node, instead)
        if node.layer.for_phase(phase):
            nodes.append(node)
        elif node.value in graph.outputs:
            ports: dict[str, Port] = {"x": node.inputs[0], "y": node.value}
            nodes.append(replace(node, layer=REGISTRY["identity"](), ports=ports, keeps=()))
        else:
            (instead[node.value],) = node.inputs
    return graph.replace(nodes=tuple(nodes))


def _redirect(node: Node, instead: dict[str, str]) -> Node:
    if not instead:
        return node

    def new(port: Port) -> Port:
        if isinstance(port, str):
            return instead.get(port, port)
        return tuple(instead.get(v, v) for v in port)

    ports = {a: p if node.is_written(a) else new(p) for a, p in node.ports.items()}
    inputs = tuple(instead.get(v, v) for v in node.inputs)
    return replace(node, ports=ports, inputs=inputs)
