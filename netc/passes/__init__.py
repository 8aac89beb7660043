"""Graph to graph, one pass a file; below, the order in which each use of a graph takes them."""

import os

from netc.ir import Graph, verify
from netc.passes.differentiate import differentiate, differentiate_value
from netc.passes.drop_dead import drop_dead
from netc.passes.fully_convolutional import NotConvolutional, fully_convolutional
from netc.passes.gather import gather, gathered_by
from netc.passes.phase import for_phase


def for_training(graph: Graph) -> Graph:
    """The graph of a training step: losses, metrics and the gradient of every weight."""
    graph = for_phase(graph, "train").replace(outputs=())
    return _checked(drop_dead(differentiate(drop_dead(graph))))


def for_gathering(graph: Graph) -> Graph:
    """The graph that sees a batch as training does, and keeps its statistics by themselves."""
    return _checked(gather(drop_dead(for_phase(graph, "train"))))


def for_testing(graph: Graph) -> Graph:
    """The graph that measures: losses, metrics and outputs, as after training."""
    return _checked(drop_dead(for_phase(graph, "test")))


def for_inference(graph: Graph) -> Graph:
    """The graph that answers: outputs alone, so that labels are not needed."""
    graph = graph.replace(losses=(), metrics=())
    return _checked(drop_dead(for_phase(graph, "test")))


def _checked(graph: Graph) -> Graph:
    return verify(graph) if os.environ.get("NETC_VERIFY") == "1" else graph


__all__ = [
    "NotConvolutional",
    "differentiate",
    "differentiate_value",
    "drop_dead",
    "for_gathering",
    "for_inference",
    "for_phase",
    "for_testing",
    "for_training",
    "fully_convolutional",
    "gather",
    "gathered_by",
]
