"""What a phase is not for left aside, and layers that do nothing in it taken out."""

from dataclasses import replace

from netc.ir import Graph, Node, Port
from netc.layers import REGISTRY
from netc.types import Phase


def for_phase(graph: Graph, phase: Phase) -> Graph:
    """The graph of one phase: without the roots that are for the other, and with every layer
    bypassed that passes one of its inputs unchanged, so that its readers read this input.

    Where the value of such a layer is a root, whose name others know, an identity stands in its
    place. What only the other phase needs is dead from here on.
    """
    graph = _own_roots(graph, phase)
    instead: dict[str, str] = {}
    nodes: list[Node] = []
    for node in graph.nodes:
        node = _redirect(node, instead)
        passing = node.layer.bypass(phase)
        if passing is None:
            nodes.append(node)
            continue
        source = str(node.ports[passing])
        if node.value in graph.roots:
            nodes.append(_identity(node, source))
        else:
            instead[node.value] = source
    return graph.replace(nodes=tuple(nodes))


def _own_roots(graph: Graph, phase: Phase) -> Graph:
    if not graph.phases:
        return graph
    other = {root for root, its in graph.phases.items() if its != phase}
    return graph.replace(
        outputs=tuple(v for v in graph.outputs if v not in other),
        losses=tuple(loss for loss in graph.losses if loss.value not in other),
        metrics=tuple(v for v in graph.metrics if v not in other),
        phases={},
    )


def _identity(node: Node, source: str) -> Node:
    ports: dict[str, Port] = {"x": source, "y": node.value}
    return replace(
        node, layer=REGISTRY["identity"](), ports=ports, inputs=(source,), keeps=(), states=()
    )


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
