"""What the first layer of a net looks for: its filters as pictures."""

from math import prod

from netc.engines import Store
from netc.ir import Graph, Node
from netc.types import Array
from netc.visualize.sheet import in_rows, sheet, signed

MOST = 256
"""Filters that are drawn, the first ones of more."""


def first_layer(graph: Graph, source: str) -> Node | None:
    """The first layer whose weight meets the picture, as far as its filters are pictures too.

    Layers before it may change the picture, but not its shape.
    """
    shape = graph.types[source].shape
    reached = {source}
    for node in graph.nodes:
        if not reached & set(node.inputs):
            continue
        weight = node.ports.get("weight")
        if isinstance(weight, str):
            is_like = _shape(graph, weight, shape) is not None
            return node if is_like else None
        if graph.types[node.value].size == graph.types[source].size:
            reached.add(node.value)
    return None


def filter_sheet(graph: Graph, store: Store, node: Node, source: str) -> Array:
    """The filters of a layer side by side; with other channels than 1 or 3, a row for each filter.

    Grey is 0; each filter has its own scale.
    """
    name = str(node.ports["weight"])
    shape = _shape(graph, name, graph.types[source].shape)
    assert shape is not None
    filters = store.weights[name].reshape(-1, *shape)[:MOST]
    if shape[0] in (1, 3):
        return sheet(in_rows([signed(each) for each in filters]))
    return sheet([[signed(each)[c : c + 1] for c in range(shape[0])] for each in filters])


def _shape(graph: Graph, weight: str, picture: tuple[int, ...]) -> tuple[int, ...] | None:
    """The shape of one filter: of a convolution, or of a dense layer that sees whole pictures."""
    shape = graph.types[weight].shape
    if len(shape) == 4 and len(picture) == 3:
        return shape[1:] if max(shape[2:]) > 1 else None
    if len(shape) == 2 and len(picture) == 3 and shape[1] == prod(picture):
        return picture
    return None
