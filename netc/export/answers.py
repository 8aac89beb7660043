"""The part of a graph that answers."""

from netc.ir import Graph
from netc.passes import for_inference


def answers(graph: Graph) -> Graph:
    """The inference graph with the weights and states it reads, and no others."""
    inference = for_inference(graph)
    return inference.replace(
        weights={name: weight for name, weight in graph.weights.items() if name in inference.read},
        states={name: state for name, state in graph.states.items() if name in inference.read},
    )
