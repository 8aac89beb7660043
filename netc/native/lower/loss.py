"""Losses that are sums over numbers, with their gradients in the same pass."""

from typing import Any

from netc.ir import Node
from netc.native.formula import Formula, Recorder
from netc.native.kernel import Kernel
from netc.native.kernels.mean import Mean
from netc.native.kernels.pointwise_loss import PointwiseLoss
from netc.native.lower.convolution import biased
from netc.native.lower.lowering import Lowering, lowers
from netc.native.tail import Tail
from netc.native.task import Sizes, Task
from netc.types import Bug


@lowers("euclidean_loss", "forward")
def euclidean(lowering: Lowering, node: Node) -> list[Task] | None:
    return _forward(lowering, node, "x")


@lowers("smooth_l1_loss", "forward")
def smooth_l1(lowering: Lowering, node: Node) -> list[Task] | None:
    return _forward(lowering, node, "x")


@lowers("sigmoid_loss", "forward")
def sigmoid(lowering: Lowering, node: Node) -> list[Task] | None:
    return _forward(lowering, node, "scores")


@lowers("euclidean_loss", "backward")
def euclidean_gradient(lowering: Lowering, node: Node) -> list[Task] | None:
    return _backward(lowering, node, "x")


@lowers("smooth_l1_loss", "backward")
def smooth_l1_gradient(lowering: Lowering, node: Node) -> list[Task] | None:
    return _backward(lowering, node, "x")


@lowers("sigmoid_loss", "backward")
def sigmoid_gradient(lowering: Lowering, node: Node) -> list[Task] | None:
    return _backward(lowering, node, "scores")


def _forward(lowering: Lowering, node: Node, first: str) -> list[Task] | None:
    """The mean cost; with it the gradient, if there is one."""
    if not _has_kernel(lowering, node, first):
        return None
    back = lowering.backward(node)
    values = {"x": str(node.ports[first]), "target": str(node.ports["target"])}
    operands = {**values, "sum": lowering.slots(f"{node.name}::sum")}
    count = lowering.integer(f"{node.name}::count", lowering.batch)
    if back:
        operands |= {"dy": str(back.ports["dy"]), "count": count}
    said = _said(node.layer, first)

    def make(sizes: Sizes, tail: Tail | None) -> Kernel:
        layouts = tuple((name, sizes[value]) for name, value in values.items())
        return PointwiseLoss(sizes.dtype, said, layouts, tail)

    task = Task(
        node,
        "block",
        operands=operands,
        made=("sum",),
        make=make,
        formula=biased(node, str(back.ports[f"d{first}"]), "") if back else None,
        shape=lowering.types[values["x"]].shape,
        what="forward",
    )
    lowering.late.append(_mean(node, operands["sum"], count))
    return [task]


def _mean(node: Node, sums: str, count: str) -> Task:
    operands = {"sums": sums, "count": count, "y": node.value}

    def make(sizes: Sizes, tail: Tail | None) -> Kernel:
        return Mean(sizes.dtype)

    return Task(node, "whole", operands=operands, made=("y",), make=make, what="mean")


def _backward(lowering: Lowering, node: Node, first: str) -> list[Task] | None:
    """Nothing is left to do."""
    return [] if _has_kernel(lowering, lowering.forward(node), first) else None


def _has_kernel(lowering: Lowering, node: Node, first: str) -> bool:
    """Whether both values are there, and the gradient of the first alone is asked for, times a
    constant."""
    types = [lowering.types[str(node.ports[name])] for name in (first, "target")]
    if any(t.shape == () or not t.batched or t.dtype != lowering.dtype for t in types):
        return False
    back = lowering.backward(node)
    if back is None:
        return True
    is_known = back.ports["dy"] in lowering.graph.constants
    return is_known and f"d{first}" in back.ports and "dtarget" not in back.ports


def _said(layer: Any, first: str) -> Formula:
    """The cost of a number, and its slope, as the layer says."""
    p = Recorder()
    given = {first: p.value("x"), "target": p.value("target")}
    cost = layer.formula(p, **given)
    slope = layer.gradient(p, p.number(1), **given).get(f"d{first}")
    if slope is None:
        raise Bug(f"{layer.name} says nothing of the gradient of {first}")
    made = Formula(tuple(p.steps), (("cost", cost), ("slope", slope)))
    return made.tidied()
