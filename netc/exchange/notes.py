"""What a net does otherwise in ConvNetJS, though every layer of it is there."""

from collections.abc import Iterator, Sequence

from netc.exchange.entries import Entry
from netc.ir import Graph


def of_answers(graph: Graph, entries: Sequence[Entry]) -> Iterator[str]:
    """A note where ConvNetJS answers with probabilities and the net with the scores before."""
    given = [graph.producers[name].layer for name in graph.outputs if name in graph.producers]
    is_scores = given and not any(type(layer).name == "softmax" for layer in given)
    if entries[-1].type == "softmax" and is_scores:
        yield "ConvNetJS answers with the softmax of what this net gives"
