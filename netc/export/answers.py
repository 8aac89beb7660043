"""The part of a graph that answers, with the outputs called what the source calls them."""

from netc.ir import Graph, Node
from netc.layers import REGISTRY
from netc.passes import for_inference


def answers(graph: Graph) -> Graph:
    """The inference graph with the weights and states it reads, and no others.

    Every output has the name that it has in the whole graph.
    A layer that does nothing after training is bypassed, and what it made goes by the name of
    its input. Where that was an output, `identity` gives the name back.
    """
    inference = for_inference(graph)
    renamed = dict(zip(graph.outputs, inference.outputs, strict=True))
    copies = tuple(_copy(graph, new, old) for new, old in renamed.items() if new != old)
    read = {value for node in inference.nodes for value in node.reads}
    return inference.replace(
        nodes=(*inference.nodes, *copies),
        outputs=tuple(renamed),
        weights={name: weight for name, weight in graph.weights.items() if name in read},
        states={name: state for name, state in graph.states.items() if name in read},
    )


def _copy(graph: Graph, new: str, old: str) -> Node:
    bypassed = graph.producers[new]
    ports = {"x": old, "y": new}
    return Node(bypassed.name, REGISTRY["identity"](), "forward", ports, (old,), span=bypassed.span)
