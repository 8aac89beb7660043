"""Dense layers: convolutions of images with a single pixel."""

from typing import Any

from netc.ir import Node
from netc.native.geometry import Geometry, Side
from netc.native.lower.convolution import (
    bias_gradient,
    convolve,
    input_gradient,
    weight_gradient,
)
from netc.native.lower.lowering import Lowering, lowers
from netc.native.task import Task


@lowers("dense", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    geometry = _geometry(lowering, node)
    return None if geometry is None else convolve(lowering, node, geometry)


@lowers("dense", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    geometry = _geometry(lowering, node)
    if geometry is None:
        return None
    return [
        *bias_gradient(lowering, node),
        *weight_gradient(lowering, node, geometry),
        *input_gradient(lowering, node, geometry, is_row=True),
    ]


def _geometry(lowering: Lowering, node: Node) -> Geometry | None:
    layer: Any = node.layer
    x = str(node.ports["x"])
    if layer.transposed:
        return None
    lowering.flatten(x)
    if "dx" in node.ports:
        lowering.flatten(str(node.ports["dx"]))
    return Geometry(lowering.types[x].size, layer.units, 1, Side(1, 1), Side(1, 1))
