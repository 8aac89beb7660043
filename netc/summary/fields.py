"""How much of an image each value of a net has seen: its receptive field."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from netc.ir import Graph
from netc.layers import Layer
from netc.types import Shape, Tensor


@dataclass(frozen=True)
class Field:
    """The receptive field of a value along the axes of the image it comes from.

    `jump` is the distance in the image between the fields of two neighbours (Dumoulin and Visin
    2016, chapter 5; Araujo et al. 2019, eq. 2). `image` is the size of that image.
    """

    size: Shape
    jump: tuple[Fraction | int, ...]
    image: Shape

    @classmethod
    def at(cls, type: Tensor) -> "Field | None":
        """The field of an input: each place has seen itself. None where it is no image."""
        image = type.shape if type.classes is not None else type.shape[1:]
        ones = (1,) * len(image)
        return cls(ones, ones, image) if image else None

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
    fields = {name: Field.at(graph.types[name]) for name in graph.inputs}
    for node in graph.nodes:
        known = [field for value in node.inputs if (field := fields[value]) is not None]
        joined = known[0] if known else None
        for other in known[1:]:
            joined = joined and joined.joined(other)
        types = [graph.types[value] for value in node.inputs]
        fields[node.value] = joined and field_of(node.layer, types, joined)
    return fields


def field_of(layer: Layer, types: Sequence[Tensor], before: Field) -> Field:
    """The field of what a layer gives, by that of what flows into it."""
    window = layer.window(*types)
    if window is not None and len(window.kernel) == len(before.size):
        return before.through(window.kernel, window.stride)
    # Without a window a layer that multiplies and adds connects everything, as `dense` does.
    return before.whole() if layer.macs(*types) else before
