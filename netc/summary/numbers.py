"""What a network is made of, in numbers: the facts behind `netc summary`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from netc.ir import Graph, Node, at_sizes, open_sizes
from netc.passes import for_inference, for_training
from netc.plan import plan
from netc.summary.fields import Field, fields_of
from netc.types import Shape, Tensor


@dataclass(frozen=True)
class LayerSummary:
    """One layer, for one example.

    `macs` are the multiply-adds of convolutions and dense layers, bias not counted.
    `receptive_field` is the part of the input image that one output is made of, along each axis
    (it may reach past the image's edge); None where there is no image. `bytes` are those of the
    output, 0 where it shares the memory of the input. Weights that layers share are params of the
    first of them; `shares` names the first for the others.
    """

    name: str
    type: str
    inputs: tuple[Tensor, ...]
    output: Tensor
    params: int
    macs: int
    receptive_field: Shape | None
    bytes: int
    shares: str | None = None


@dataclass(frozen=True)
class Memory:
    """Bytes that a net takes for a batch, as the CPU engine lays it out.

    `weights` and `states` are what a file of weights holds. `inference` and `training` are all a
    run needs: them, the arena for the values and, in training, the gradients of the weights, but
    not the arrays of the optimizer. None where the net has nothing to answer, or to learn from.
    """

    batch: int
    weights: int
    states: int
    inference: int | None
    training: int | None


@dataclass(frozen=True)
class Summary:
    """A net and its layers in the order they run; `activation_bytes` is the sum over the layers.

    Where the size of images is open, shapes are formulas and the numbers are for `sizes`.
    """

    name: str
    inputs: Mapping[str, Tensor]
    layers: tuple[LayerSummary, ...]
    params: int
    macs: int
    activation_bytes: int
    memory: Memory
    sizes: Mapping[str, int]


def summarize(graph: Graph, batch: int = 1, *, threads: int = 1) -> Summary:
    """The numbers of a graph as it was built, the memory for `batch` examples at once.

    Threads need room of their own, so the memory depends on their number too.
    """
    sizes = open_sizes(graph)
    known = at_sizes(graph, sizes)
    fields, owners = fields_of(known), _owners(known)
    layers = tuple(
        replace(
            _layer(known, node, fields, owners),
            inputs=tuple(graph.types[value] for value in node.inputs),
            output=graph.types[node.value],
        )
        for node in known.nodes
    )
    return Summary(
        graph.name,
        {name: graph.types[name] for name in graph.inputs},
        layers,
        params(graph),
        sum(layer.macs for layer in layers),
        sum(layer.bytes for layer in layers),
        _memory(known, batch, threads),
        sizes,
    )


def params(graph: Graph) -> int:
    """How many numbers training learns; running statistics are states and not among them."""
    return _count(graph, set(graph.weights))


def memory_of(graph: Graph, batch: int) -> int:
    """Bytes that training takes for a batch, or answering where a net has no loss; 0 where it has
    neither losses nor outputs. What `assert memory(batch) < ...` asks for."""
    memory = _memory(at_sizes(graph, open_sizes(graph)), batch, threads=1)
    return memory.training or memory.inference or 0


def _owners(graph: Graph) -> dict[str, str]:
    """The first layer that has each weight or state."""
    stored = (*graph.weights, *graph.states)
    first = {value: n.name for n in reversed(graph.nodes) for value in n.reads}
    return {name: first[name] for name in stored if name in first}


def _layer(
    graph: Graph,
    node: Node,
    fields: Mapping[str, Field | None],
    owners: Mapping[str, str],
) -> LayerSummary:
    layer, value = node.layer, node.value
    types, output = tuple(graph.types[v] for v in node.inputs), graph.types[value]
    field = fields[value]
    owned = {name for name in node.reads if owners.get(name) == node.name}
    others = [owners[name] for name in node.reads if name in owners and name not in owned]
    return LayerSummary(
        node.name,
        type(layer).name,
        types,
        output,
        _count(graph, owned & set(graph.weights)),
        layer.macs(*types),
        None if field is None or type(layer).roles else field.size,
        0 if layer.view else output.bytes(1),
        others[0] if others else None,
    )


def _count(graph: Graph, weights: set[str]) -> int:
    return sum(graph.types[name].size for name in weights)


def _memory(graph: Graph, batch: int, threads: int) -> Memory:
    weights = sum(graph.types[name].bytes(1) for name in graph.weights)
    states = sum(graph.types[name].bytes(1) for name in graph.states)

    def arena(prepared: Graph) -> int:
        return plan(prepared, batch=batch, threads=threads).arena_bytes

    inference, training = for_inference(graph), for_training(graph)
    answers = arena(inference) + weights + states if inference.outputs else None
    learns = arena(training) + 2 * weights + states if training.losses else None
    return Memory(batch, weights, states, answers, learns)
