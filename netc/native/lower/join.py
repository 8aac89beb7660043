"""Values put behind one another: they are made in their places, so that nothing is copied."""

from collections.abc import Sequence

from netc.ir import Node
from netc.native.formula import Formula, Step
from netc.native.lower.lowering import Lowering, lowers
from netc.native.lower.pointwise import pointwise
from netc.native.task import Task


@lowers("concat", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    """Each value becomes a part of the joined one, or is copied there if it is a part already."""
    values = [lowering.first(value) for value in node.ports["xs"]]
    if not _on_channels(lowering, node, values):
        return None
    parts = _starts(lowering, values)
    tasks = []
    for index, (value, start) in enumerate(zip(values, parts, strict=True)):
        is_given = value in lowering.graph.inputs or values.index(value) != index
        if is_given or not lowering.lay(value, node.value, start):
            copy = f"{node.value}::{index}"
            lowering.types[copy] = lowering.types[value]
            lowering.lay(copy, node.value, start)
            tasks.append(_copy(lowering, node, value, copy))
    return tasks


@lowers("concat", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    """The gradient of each value is a part of that of the joined one."""
    values = list(node.ports["dxs"])
    if not _on_channels(lowering, node, values):
        return None
    gradient = str(node.ports["dy"])
    for value, start in zip(values, _starts(lowering, values), strict=True):
        lowering.lay(value, gradient, start)
    return []


def _on_channels(lowering: Lowering, node: Node, values: Sequence[str]) -> bool:
    axis: int = node.layer.axis  # type: ignore[attr-defined]
    return axis == 1 and all(lowering.types[v].dtype == lowering.dtype for v in values)


def _starts(lowering: Lowering, values: Sequence[str]) -> list[int]:
    starts = [0]
    for value in values:
        starts.append(starts[-1] + lowering.types[value].shape[0])
    return starts[:-1]


def _copy(lowering: Lowering, node: Node, value: str, copy: str) -> Task:
    formula = Formula((Step("value", name=value),), ((copy, 0),))
    return pointwise(lowering, node, formula, value, "copy")
