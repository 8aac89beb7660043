"""How much of an image each value of a net has seen: its receptive field."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from netc.ir import Graph, Node
from netc.types import Shape


@dataclass(frozen=True)
class Field:
    """The receptive field of a value along the axes of the image it comes from.

    `jump` is the distance in the image between the fields of two neighbours (Dumoulin and Visin
    2016, chapter 5; Araujo et al. 2019, eq. 2). `image` is the size of that image.
    """

    size: Shape
    jump: tuple[Fraction | int, ...]
    image: Shape

    def through(self, kernel: Shape, stride: tuple[Fraction | int, ...]) -> "Field":
        # Rounded up: neighbours may lie a part of a place apart once an image was made larger.
        grown = tuple(
            s - -(k - 1) * j.numerator // j.denominator
            for s, k, j in zip(self.size, kernel, self.jump, strict=True)
        )
        jump = tuple(j * s for j, s in zip(self.jump, stride, strict=True))
        return Field(grown, jump, self.image)

    def whole(self) -> "Field":
        """The field of a value that every place of the image has a part in."""
        return Field(tuple(map(max, self.size, self.image)), self.jump, self.image)

    def joined(self, other: "Field") -> "Field":
        """The larger of two branches; of two images, the first."""
        if len(self.size) != len(other.size):
            return self
        size, jump = tuple(map(max, self.size, other.size)), tuple(map(max, self.jump, other.jump))
        return Field(size, jump, self.image)


def fields_of(graph: Graph) -> dict[str, Field | None]:
    """The receptive field of every value."""
    fields: dict[str, Field | None] = {}
    for name in graph.inputs:
        type = graph.types[name]
        image = type.shape if type.classes is not None else type.shape[1:]
        ones = (1,) * len(image)
        fields[name] = Field(ones, ones, image) if image else None
    for node in graph.nodes:
        fields[node.value] = _field(graph, node, fields)
    return fields


def _field(graph: Graph, node: Node, fields: Mapping[str, Field | None]) -> Field | None:
    known = [field for v in node.inputs if (field := fields[v]) is not None]
    if not known:
        return None
    joined = known[0]
    for other in known[1:]:
        joined = joined.joined(other)
    types = [graph.types[v] for v in node.inputs]
    window = node.layer.window(*types)
    if window is not None and len(window.kernel) == len(joined.size):
        return joined.through(window.kernel, window.stride)
    # Without a window a layer that multiplies and adds connects everything, as `dense` does.
    return joined.whole() if node.layer.macs(*types) else joined
