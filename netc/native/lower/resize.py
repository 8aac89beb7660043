"""Images made larger or smaller by taking the nearest places."""

from typing import Any

from netc.ir import Node
from netc.native.kernel import Kernel
from netc.native.kernels.sum_pool import SumPool, SumPoolGradient
from netc.native.layout import Layout
from netc.native.lower.lowering import Lowering, lowers
from netc.native.lower.pooling import Pair, fits, image_of, made_by, two
from netc.native.tail import Tail
from netc.native.task import Task
from netc.native.windows import nearest


def _shown(lowering: Lowering, node: Node, small: str, large: str) -> Pair | None:
    """For each place of an image, the window of those of the resized one that show it."""
    layer: Any = node.layer
    if layer.how != "nearest" or not fits(lowering, small):
        return None
    sides = (lowering.types[value].shape[1:] for value in (small, large))
    return two([nearest(*pair) for pair in zip(*sides, strict=True)])


@lowers("upsample", "forward")
@lowers("resize", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    x = str(node.ports["x"])
    pair = _shown(lowering, node, x, node.value)
    if pair is None:
        return None

    def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
        return SumPoolGradient(dtype, image_of(layout, pair, out=True), *pair, tail)

    return [made_by(lowering, node, {"dy": x}, x, node.value, make)]


@lowers("upsample", "backward")
@lowers("resize", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    dy, dx = str(node.ports["dy"]), str(node.ports["dx"])
    pair = _shown(lowering, node, dx, dy)
    if pair is None:
        return None

    def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
        return SumPool(dtype, image_of(layout, pair, out=False), *pair, tail)

    return [made_by(lowering, node, {"x": dy}, dy, dx, make)]
