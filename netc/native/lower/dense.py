"""Dense layers: convolutions of images with a single pixel."""

from typing import Any

from netc.ir import Node
from netc.native.geometry import Geometry, Side
from netc.native.lower.convolution import Ends, bias_gradient, convolved, spread, weight_gradient
from netc.native.lower.lowering import Lowering, lowers
from netc.native.task import Task


@lowers("dense", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    x, geometry = str(node.ports["x"]), _geometry(lowering, node)
    way = spread if _is_transposed(node) else convolved
    return [way(lowering, node, geometry, Ends(x, node.value, "bias"))]


@lowers("dense", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    geometry, is_transposed = _geometry(lowering, node), _is_transposed(node)
    tasks = [
        *bias_gradient(lowering, node),
        *weight_gradient(lowering, node, geometry, is_transposed=is_transposed),
    ]
    if "dx" in node.ports:
        way = convolved if is_transposed else spread
        dy, dx = str(node.ports["dy"]), str(node.ports["dx"])
        ends = Ends(dy, dx, shape=(lowering.types[dx].size,))
        tasks.append(way(lowering, node, geometry, ends))
    return tasks


def _geometry(lowering: Lowering, node: Node) -> Geometry:
    """The convolution whose weight is that of the layer: [units, inputs], or [inputs, units]."""
    layer: Any = node.layer
    for argument in ("x", "dx"):
        if argument in node.ports:
            lowering.flatten(str(node.ports[argument]))
    inputs, units = lowering.types[str(node.ports["x"])].size, layer.units
    channels, filters = (units, inputs) if layer.transposed else (inputs, units)
    return Geometry(channels, filters, 1, Side(1, 1), Side(1, 1))


def _is_transposed(node: Node) -> bool:
    layer: Any = node.layer
    return bool(layer.transposed)
