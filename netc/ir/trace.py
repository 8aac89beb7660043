"""Where values that are joined came to have different sides: the layers that made them so."""

from collections.abc import Iterator, Mapping

from netc.diag import Label
from netc.ir.graph import Node
from netc.ir.scope import Value
from netc.types import Tensor


def changes(
    values: tuple[Value, Value], made: Mapping[str, Node], types: Mapping[str, Tensor], prefix: str
) -> tuple[Label, ...]:
    """The last layer on the way to each of two values that changed a side in which they differ,
    unless it made the value itself, or stands above where their ways part. `prefix` begins the
    names of all that is where they are joined."""
    shapes = [value.type.shape for value in values if value.type is not None]
    if len(shapes) < 2 or len(shapes[0]) != len(shapes[1]):
        return ()
    axes = [i for i, (a, b) in enumerate(zip(*shapes, strict=True)) if a != b]
    ways = [list(_way(value.name, made)) for value in values]
    labels = []
    for value, way, other in zip(values, ways, reversed(ways), strict=True):
        common = {node.value for node in other}
        own = [node for node in way if node.value not in common]
        node = next((n for n in own if _changes(n, axes, types)), None)
        if node is not None and node.span is not None and _is_inside(node, value):
            x, y = types[node.inputs[0]], types[node.value]
            labels.append(Label(node.span, f"`{node.name.removeprefix(prefix)}` makes {y} of {x}"))
    return tuple(labels)


def _way(name: str, made: Mapping[str, Node]) -> Iterator[Node]:
    """The layers that a value came through, the last one first."""
    while name in made:
        yield made[name]
        name = made[name].inputs[0]


def _changes(node: Node, axes: list[int], types: Mapping[str, Tensor]) -> bool:
    before, after = types[node.inputs[0]].shape, types[node.value].shape
    return len(before) != len(after) or any(before[axis] != after[axis] for axis in axes)


def _is_inside(node: Node, value: Value) -> bool:
    """Whether the layer stands elsewhere than where the value is said to come from."""
    return node.span is not None and node.span != value.span and node.value != value.name
