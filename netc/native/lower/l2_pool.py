"""Windows by their lengths, as a formula around sums."""

from typing import Any

from netc.ir import Node
from netc.native.formula import Formula, Recorder
from netc.native.kernel import Kernel
from netc.native.kernels.sum_pool import SquarePool, SumPoolGradient
from netc.native.layout import Layout
from netc.native.lower.lowering import Lowering, lowers
from netc.native.lower.pointwise import pointwise
from netc.native.lower.pooling import fits, image_of, made_by, summed
from netc.native.tail import Tail
from netc.native.task import Task


@lowers("l2_pool", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    """The root of the sum of the squares."""
    x = str(node.ports["x"])
    if not fits(lowering, x):
        return None
    pair, p = summed(node.layer, lowering.types[x]), Recorder()
    length = p.sqrt(p.made())

    def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
        return SquarePool(dtype, image_of(layout, pair, out=False), *pair, tail)

    formula = Formula(tuple(p.steps), ((node.value, length),))
    return [made_by(lowering, node, {"x": x}, x, node.value, make, formula=formula)]


@lowers("l2_pool", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    """dy / y of each window, 0 where y is, goes to its places, and there is multiplied by x."""
    dy, x, y, dx = (str(node.ports[name]) for name in ("dy", "x", "y", "dx"))
    if not fits(lowering, x):
        return None
    pair, share, p = summed(node.layer, lowering.types[x]), f"{node.name}::share", Recorder()
    lowering.types[share] = lowering.types[dy]
    length, nothing = p.value(y), p.number(0)
    part = p.select(p.greater(length, nothing), p.div(p.value(dy), length), nothing)
    shares = pointwise(lowering, node, Formula(tuple(p.steps), ((share, part),)), y, "share")
    p = Recorder()
    made = p.mul(p.made(), p.value(x))

    def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
        return SumPoolGradient(dtype, image_of(layout, pair, out=True), *pair, tail)

    formula = Formula(tuple(p.steps), ((dx, made),))
    return [shares, made_by(lowering, node, {"dy": share}, share, dx, make, formula=formula)]
