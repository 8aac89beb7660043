"""Graphs whose images may have any size, and the same graphs once the size is known."""

from collections.abc import Mapping
from dataclasses import fields, replace
from itertools import chain

from netc.diag import Problem
from netc.ir.graph import Graph, Node
from netc.ir.problems import BadShape
from netc.layers import Layer
from netc.sizes import closed, name_of, where, witnesses
from netc.types import Reject, Shape, Tensor


def open_sizes(graph: Graph) -> dict[str, int]:
    """The sizes of the inputs that are not known, in the order they are written, and witnesses."""
    return witnesses(chain(*(graph.types[name].shape for name in graph.inputs)))


class Unfit(Reject):
    """A layer refuses its input at the sizes that were given."""

    def __init__(self, node: Node, sizes: Mapping[str, int], reject: Reject) -> None:
        reason = f"`{node.name}` does not fit{where(sizes)}: {reject.reason}"
        super().__init__(reject.culprit, reason, help=reject.help)
        self._node, self._reject = node, reject

    @property
    def problem(self) -> Problem:
        """The same at its place in the source."""
        name, why = self._node.name, self._reject
        return BadShape(self._node.span, name, why.reason, why.help, sources=())


def at_sizes(graph: Graph, sizes: Mapping[str, int]) -> Graph:
    """The graph with open sizes given by name; every layer is asked again, and may raise `Unfit`.

    Sizes that are no open ones of the graph are left out.
    """
    names = open_sizes(graph)
    sizes = {name: sizes[name] for name in names if name in sizes}
    if not sizes:
        return graph
    types = {value: closed_type(type, sizes) for value, type in graph.types.items()}
    nodes = tuple(replace(node, layer=_closed_layer(node.layer, sizes)) for node in graph.nodes)
    for node in nodes:
        if node.rule == "backward":
            continue
        try:
            node.layer.infer(*(types[value] for value in node.inputs))
        except Reject as reject:
            raise Unfit(node, sizes, reject) from None
    return graph.replace(types=types, nodes=nodes)


def closed_type(type: Tensor, sizes: Mapping[str, int]) -> Tensor:
    """A type with open sizes given by name."""
    return replace(type, shape=tuple(closed(side, sizes) for side in type.shape))


def sizes_in(wanted: Mapping[str, Tensor], found: Mapping[str, Shape]) -> dict[str, int]:
    """The open sizes of wanted types that follow from shapes found for them, by name of the value.

    A shape that is not as wanted tells nothing; who compares the two afterwards finds it.
    """
    sizes: dict[str, int] = {}
    for name, type in wanted.items():
        for side, size in _pairs(type.shape, found.get(name, ())):
            if (unknown := name_of(side)) is not None:
                sizes.setdefault(unknown, size)
    return sizes


def _pairs(wanted: Shape, found: Shape) -> list[tuple[int, int]]:
    """The sides that belong together; a side of 1 may be missing."""
    if len(wanted) != len(found):
        wanted = tuple(side for side in wanted if side != 1)
        found = tuple(size for size in found if size != 1)
    return list(zip(wanted, found, strict=True)) if len(wanted) == len(found) else []


def _closed_layer(layer: Layer, sizes: Mapping[str, int]) -> Layer:
    """The layer with the open sizes in its options given."""
    changed: dict[str, object] = {}
    for field in fields(layer):  # type: ignore[arg-type]
        value = getattr(layer, field.name)
        if isinstance(value, tuple):
            changed[field.name] = tuple(closed(item, sizes) for item in value)
        elif isinstance(value, int):
            changed[field.name] = closed(value, sizes)
    return replace(layer, **changed)  # type: ignore[type-var]
