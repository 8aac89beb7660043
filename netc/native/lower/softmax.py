"""The loss of a classifier, with its gradient in the same pass where it can be, and accuracy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from netc.ir import Node
from netc.native.kernel import Kernel
from netc.native.kernels.mean import CountLabels, Mean
from netc.native.kernels.softmax_loss import Accuracy, SoftmaxLoss
from netc.native.lower.convolution import biased
from netc.native.lower.lowering import Lowering, lowers
from netc.native.task import Sizes, Task


@dataclass(frozen=True)
class Scored:
    """Values of a layer that compares scores with labels."""

    scores: str
    label: str
    sum: str
    count: str


@lowers("softmax_loss", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    """The mean loss. The gradient comes with it where what it is multiplied by is known."""
    scored = _scored(lowering, node)
    if scored is None:
        return None
    layer: Any = node.layer
    back = _known_backward(lowering, node)
    operands = {"scores": scored.scores, "label": scored.label, "sum": scored.sum}
    if back is not None:
        operands |= {"dy": str(back.ports["dy"]), "count": scored.count}

    def make(sizes: Sizes, tail: Any) -> Kernel:
        vector = sizes.target.lanes(sizes.dtype)
        layout = sizes[scored.scores]
        return SoftmaxLoss(sizes.dtype, layout, vector, layer.ignore, layer.smoothing, tail)

    task = Task(
        node,
        "block",
        operands=operands,
        made=("sum",),
        make=make,
        formula=biased(node, str(back.ports["dscores"]), "") if back else None,
        shape=lowering.types[scored.scores].shape,
        what="forward",
    )
    return [*_counted(lowering, node, scored), task, *_mean(lowering, node, scored)]


@lowers("softmax_loss", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    """Nothing, where the forward pass has done it."""
    done = _known_backward(lowering, lowering.forward(node)) is not None
    return [] if done and _scored(lowering, lowering.forward(node)) is not None else None


@lowers("accuracy", "forward")
def accuracy(lowering: Lowering, node: Node) -> list[Task] | None:
    scored = _scored(lowering, node)
    if scored is None:
        return None
    layer: Any = node.layer

    def make(sizes: Sizes, tail: Any) -> Kernel:
        vector = sizes.target.lanes(sizes.dtype)
        return Accuracy(sizes.dtype, sizes[scored.scores], vector, layer.ignore, layer.top)

    operands = {"scores": scored.scores, "label": scored.label, "sum": scored.sum}
    task = Task(node, "block", operands=operands, made=("sum",), make=make, what="forward")
    return [*_counted(lowering, node, scored), task, *_mean(lowering, node, scored)]


def _scored(lowering: Lowering, node: Node) -> Scored | None:
    """The values of a layer whose labels are as they came into the graph."""
    scores, label = str(node.ports["scores"]), str(node.ports["label"])
    if lowering.types[label].dtype != "i64" or label not in lowering.graph.inputs:
        return None
    return Scored(scores, label, lowering.slots(f"{node.name}:sum"), _count(lowering, node))


def _count(lowering: Lowering, node: Node) -> str:
    layer: Any = node.layer
    name = f"{node.name}:count"
    count = lowering.batch * _places(lowering, node)
    return lowering.integer(name, 0 if layer.ignore is not None else count)


def _places(lowering: Lowering, node: Node) -> int:
    """The labels of an example."""
    return lowering.types[str(node.ports["label"])].size


def _counted(lowering: Lowering, node: Node, scored: Scored) -> list[Task]:
    """How many labels count, where some may not."""
    layer: Any = node.layer
    if layer.ignore is None:
        return []
    places = _places(lowering, node)

    def make(sizes: Sizes, tail: Any) -> Kernel:
        return CountLabels(sizes.dtype, layer.ignore, places)

    operands = {"label": scored.label, "count": scored.count}
    lowering.early.append(Task(node, "whole", operands=operands, made=("count",), make=make))
    return []


def _mean(lowering: Lowering, node: Node, scored: Scored) -> list[Task]:
    operands = {"sums": scored.sum, "count": scored.count, "y": node.value}
    make: Callable[..., Kernel] = lambda sizes, tail: Mean(sizes.dtype)  # noqa: E731
    task = Task(node, "whole", operands=operands, made=("y",), make=make, what="mean")
    lowering.late.append(task)
    return []


def _known_backward(lowering: Lowering, node: Node) -> Node | None:
    """The backward node of a loss whose own gradient is a constant."""
    for other in lowering.graph.nodes:
        if other.rule == "backward" and other.name == node.name:
            known = other.ports["dy"] in lowering.graph.constants
            return other if known and "dscores" in other.ports else None
    return None
