"""Transposed convolutions: what is a gradient elsewhere is made forward, and the other way."""

from typing import Any

from netc.ir import Node
from netc.native.geometry import Geometry, Side
from netc.native.lower.convolution import Ends, bias_gradient, convolved, spread, weight_gradient
from netc.native.lower.lowering import Lowering, lowers
from netc.native.task import Task
from netc.types import Tensor


@lowers("deconv", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    x, y = str(node.ports["x"]), node.value
    geometry = _geometry(node.layer, lowering.types[x], lowering.types[y])
    if geometry is None:
        return None
    return [spread(lowering, node, geometry, Ends(x, y, "bias"))]


@lowers("deconv", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    types = (lowering.types[str(node.ports[name])] for name in ("x", "dy"))
    geometry = _geometry(node.layer, *types)
    if geometry is None:
        return None
    tasks = [
        *bias_gradient(lowering, node),
        *weight_gradient(lowering, node, geometry, is_transposed=True),
    ]
    if "dx" in node.ports:
        ends = Ends(str(node.ports["dy"]), str(node.ports["dx"]))
        tasks.append(convolved(lowering, node, geometry, ends))
    return tasks


def _geometry(layer: Any, x: Tensor, y: Tensor) -> Geometry | None:
    """The convolution from `y` to `x` that the layer is the transpose of."""
    if x.rank not in (2, 3):
        return None
    kernel, stride, pad, dilation, _ = layer.sides(x)
    sides = [
        Side(*numbers)
        for numbers in zip(*(y.shape[1:], x.shape[1:], kernel, stride, pad, dilation), strict=True)
    ]
    height, width = sides if len(sides) == 2 else (Side(1, 1), sides[0])
    return Geometry(layer.filters, x.shape[0], layer.groups, height, width)
