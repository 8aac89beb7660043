"""Sums of windows with a coefficient and a bias for each channel."""

from typing import Any

from netc.ir import Node
from netc.native.formula import Formula, Recorder
from netc.native.kernel import Kernel
from netc.native.kernels.sum_pool import SumPool, SumPoolGradient
from netc.native.layout import Layout
from netc.native.lower.lowering import Lowering, lowers
from netc.native.lower.pooling import fits, image_of, made_by, summed
from netc.native.tail import Tail
from netc.native.task import Task


@lowers("subsample", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    x, sums = str(node.ports["x"]), str(node.ports["sums"])
    if not fits(lowering, x):
        return None
    pair, p = summed(node.layer, lowering.types[x]), Recorder()
    total, scale, bias = p.made(), *(p.channel(str(node.ports[w])) for w in ("scale", "bias"))
    y = p.add(p.mul(total, scale), bias)

    def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
        return SumPool(dtype, image_of(layout, pair, out=False), *pair, tail)

    formula = Formula(tuple(p.steps), ((node.value, y), (sums, total)))
    return [made_by(lowering, node, {"x": x}, x, node.value, make, formula=formula)]


@lowers("subsample", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    dy, sums = str(node.ports["dy"]), str(node.ports["sums"])
    if not fits(lowering, dy):
        return None
    p = Recorder()
    slope = p.value(dy)
    steps = {"dscale": p.mul(slope, p.value(sums)), "dbias": slope}
    wanted = {str(node.ports[name]): step for name, step in steps.items() if name in node.ports}
    tasks = lowering.sums_of(node, Formula(tuple(p.steps)), wanted, dy) if wanted else []
    return tasks + _input_gradient(lowering, node, dy)


def _input_gradient(lowering: Lowering, node: Node, dy: str) -> list[Task]:
    if "dx" not in node.ports:
        return []
    dx, p = str(node.ports["dx"]), Recorder()
    pair = summed(node.layer, lowering.types[dx])
    made = p.mul(p.made(), p.channel(str(node.ports["scale"])))

    def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
        return SumPoolGradient(dtype, image_of(layout, pair, out=True), *pair, tail)

    formula = Formula(tuple(p.steps), ((dx, made),))
    return [made_by(lowering, node, {"dy": dy}, dy, dx, make, formula=formula)]
