"""A graph as ConvNetJS has nets: a list of layers, one behind the other, and a loss at the end."""

from dataclasses import dataclass

from netc.diag import Span, quoted
from netc.exchange.problems import NotThere
from netc.ir import Graph, Node
from netc.passes import drop_dead

_BRANCHES = "its nets are lists: each layer takes what the one before it gives"


@dataclass(frozen=True)
class Chain:
    """The layers from the input `data` to the value that `ending` takes: the loss or, without one,
    a softmax; None where there is neither."""

    data: str
    nodes: tuple[Node, ...]
    ending: Node | None


def chain_of(graph: Graph) -> Chain:
    """The list that a graph is. Raises `NotThere` where it is none."""
    graph = drop_dead(graph.replace(metrics=()))
    losses = [graph.producers[loss.value] for loss in graph.losses]
    if len(losses) > 1:
        what = f"ConvNetJS has one loss, and this net has {len(losses)}"
        raise NotThere(losses[1].span, what, "leave one of them")
    read = {value for node in graph.nodes for value in node.inputs}
    softmax = [n for n in graph.nodes if type(n.layer).name == "softmax" and n.value not in read]
    aside = {id(node) for node in (*losses, *softmax)}
    body = [node for node in graph.nodes if id(node) not in aside]
    data = _data(graph, body, losses + softmax)
    nodes, last = _followed(body, data)
    for node in (*losses, *softmax):
        if node.inputs[0] != last:
            what = f"`{node.name}` takes `{node.inputs[0]}`, which is not what the last layer gives"
            raise NotThere(node.span, what, _BRANCHES)
    given = {last, *(node.value for node in softmax)}
    for output in graph.outputs:
        if output not in given:
            node_span = graph.producers[output].span if output in graph.producers else None
            what = f"the output `{output}` is not what the last layer gives"
            raise NotThere(node_span, what, "a net of ConvNetJS has one output, its end")
    ending = next(iter((*losses, *softmax)), None)
    return Chain(data, tuple(nodes), ending)


def _data(graph: Graph, body: list[Node], endings: list[Node]) -> str:
    """The input that the list begins with."""
    first = [n.inputs[0] for n in endings if n.inputs[0] in graph.inputs]
    read = [v for node in body for v in node.inputs if v in graph.inputs]
    taken = list(dict.fromkeys((*read, *first)))
    if len(taken) == 1:
        return taken[0]
    span = body[0].span if body else None
    if not taken:
        raise NotThere(span, "this net takes no input", "a net of ConvNetJS begins with one")
    second = next(node for node in (*body, *endings) if taken[1] in node.inputs)
    what = f"ConvNetJS has one input, and the layers of this net take {quoted(taken)}"
    raise NotThere(second.span, what, _BRANCHES)


def _followed(body: list[Node], data: str) -> tuple[list[Node], str]:
    """The layers in their order, and the last value."""
    takers: dict[str, list[Node]] = {}
    for node in body:
        for value in node.inputs:
            takers.setdefault(value, []).append(node)
    nodes: list[Node] = []
    value = data
    while value in takers:
        following = takers[value]
        if len(following) > 1 or len(following[0].inputs) > 1:
            place: Span | None = following[-1].span
            what = f"`{following[-1].name}` makes a branch"
            raise NotThere(place, what, _BRANCHES)
        nodes.append(following[0])
        value = following[0].value
    return nodes, value
