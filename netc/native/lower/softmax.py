"""The loss of a classifier, with its gradient in the same pass where it can be, and accuracy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from netc.ir import Node
from netc.layers import inputs_of
from netc.native.kernel import Kernel
from netc.native.kernels.label_losses import HingeLoss, LogLoss, SvmLoss
from netc.native.kernels.mean import CountLabels, Mean
from netc.native.kernels.softmax_loss import Accuracy, SoftmaxLoss
from netc.native.layout import Layout
from netc.native.lower.convolution import biased
from netc.native.lower.lowering import Lowering, lowers
from netc.native.tail import Tail
from netc.native.task import Sizes, Task
from netc.types import Dtype


@dataclass(frozen=True)
class Scored:
    """Values of a layer that compares scores with labels."""

    scores: str
    label: str
    sum: str
    count: str


LossKernel = Callable[[Any, Dtype, Layout, int, Tail | None], Kernel]
"""Makes the kernel of a loss: of the layer, the type of its numbers, how the scores lie, how many
numbers a vector has, and what becomes of the gradient."""


def _softmax(layer: Any, dtype: Dtype, scores: Layout, lanes: int, tail: Tail | None) -> Kernel:
    return SoftmaxLoss(dtype, scores, lanes, layer.ignore, tail, layer.smoothing)


def _hinge(layer: Any, dtype: Dtype, scores: Layout, lanes: int, tail: Tail | None) -> Kernel:
    return HingeLoss(dtype, scores, lanes, None, tail, layer.norm == "l2")


def _svm(layer: Any, dtype: Dtype, scores: Layout, lanes: int, tail: Tail | None) -> Kernel:
    return SvmLoss(dtype, scores, lanes, None, tail, layer.margin)


def _log(layer: Any, dtype: Dtype, scores: Layout, lanes: int, tail: Tail | None) -> Kernel:
    return LogLoss(dtype, scores, lanes, layer.ignore, tail, layer.least)


@lowers("softmax_loss", "forward")
def softmax_loss(lowering: Lowering, node: Node) -> list[Task] | None:
    return _loss(lowering, node, _softmax)


@lowers("hinge_loss", "forward")
def hinge_loss(lowering: Lowering, node: Node) -> list[Task] | None:
    return _loss(lowering, node, _hinge)


@lowers("svm_loss", "forward")
def svm_loss(lowering: Lowering, node: Node) -> list[Task] | None:
    return _loss(lowering, node, _svm)


@lowers("log_loss", "forward")
def log_loss(lowering: Lowering, node: Node) -> list[Task] | None:
    return _loss(lowering, node, _log)


@lowers("softmax_loss", "backward")
@lowers("hinge_loss", "backward")
@lowers("svm_loss", "backward")
@lowers("log_loss", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    """Nothing, where the forward pass has done it."""
    forward = lowering.forward(node)
    is_done = _scored(lowering, forward) is not None and _is_known(lowering, node)
    return [] if is_done else None


def _loss(lowering: Lowering, node: Node, kernel: LossKernel) -> list[Task] | None:
    """The mean loss, and in the same pass the gradient."""
    scored, back = _scored(lowering, node), lowering.backward(node)
    if scored is None or (back is not None and not _is_known(lowering, back)):
        return None
    operands = {"scores": scored.scores, "label": scored.label, "sum": scored.sum}
    if back is not None:
        operands |= {"dy": str(back.ports["dy"]), "count": scored.count}

    def make(sizes: Sizes, tail: Tail | None) -> Kernel:
        lanes = sizes.target.lanes(sizes.dtype)
        return kernel(node.layer, sizes.dtype, sizes[scored.scores], lanes, tail)

    made = f"d{_first(node)}"
    task = Task(
        node,
        "block",
        operands=operands,
        made=("sum",),
        make=make,
        formula=biased(node, str(back.ports[made]), "") if back else None,
        shape=lowering.types[scored.scores].shape,
        what="forward",
    )
    return [*_counted(lowering, node, scored), task, *_mean(lowering, node, scored)]


def _first(node: Node) -> str:
    """What the layer calls its scores."""
    return inputs_of(type(node.layer))[0]


def _ignored(node: Node) -> int | None:
    """The label that does not count, where layers have such an option."""
    return getattr(node.layer, "ignore", None)


def _is_known(lowering: Lowering, back: Node) -> bool:
    """Whether the gradient of the loss itself is a constant, and that of the scores is wanted."""
    return back.ports["dy"] in lowering.graph.constants and f"d{_first(back)}" in back.ports


@lowers("accuracy", "forward")
def accuracy(lowering: Lowering, node: Node) -> list[Task] | None:
    scored = _scored(lowering, node)
    if scored is None:
        return None
    layer: Any = node.layer

    def make(sizes: Sizes, tail: Tail | None) -> Kernel:
        vector = sizes.target.lanes(sizes.dtype)
        return Accuracy(sizes.dtype, sizes[scored.scores], vector, layer.ignore, layer.top)

    operands = {"scores": scored.scores, "label": scored.label, "sum": scored.sum}
    task = Task(node, "block", operands=operands, made=("sum",), make=make, what="forward")
    return [*_counted(lowering, node, scored), task, *_mean(lowering, node, scored)]


def _scored(lowering: Lowering, node: Node) -> Scored | None:
    """The values of a layer whose labels are as they came into the graph."""
    scores, label = str(node.ports[_first(node)]), str(node.ports["label"])
    if lowering.types[label].dtype != "i64" or label not in lowering.graph.inputs:
        return None
    return Scored(scores, label, lowering.slots(f"{node.name}::sum"), _count(lowering, node))


def _count(lowering: Lowering, node: Node) -> str:
    count = lowering.batch * _places(lowering, node)
    return lowering.integer(f"{node.name}::count", count if _ignored(node) is None else 0)


def _places(lowering: Lowering, node: Node) -> int:
    """The labels of an example."""
    return lowering.types[str(node.ports["label"])].size


def _counted(lowering: Lowering, node: Node, scored: Scored) -> list[Task]:
    """How many labels count, where some may not."""
    ignored, places = _ignored(node), _places(lowering, node)
    if ignored is None:
        return []

    def make(sizes: Sizes, tail: Tail | None) -> Kernel:
        return CountLabels(sizes.dtype, ignored, places)

    operands = {"label": scored.label, "count": scored.count}
    lowering.early.append(Task(node, "whole", operands=operands, made=("count",), make=make))
    return []


def _mean(lowering: Lowering, node: Node, scored: Scored) -> list[Task]:
    operands = {"sums": scored.sum, "count": scored.count, "y": node.value}

    def make(sizes: Sizes, tail: Tail | None) -> Kernel:
        return Mean(sizes.dtype)

    task = Task(node, "whole", operands=operands, made=("y",), make=make, what="mean")
    lowering.late.append(task)
    return []
