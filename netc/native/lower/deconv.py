"""Transposed convolutions: what is a gradient elsewhere is made forward, and the other way."""

from typing import Any

from netc.ir import Node
from netc.native.geometry import Geometry, Side
from netc.native.kernels.choose import forward_kernel, input_gradient_kernel
from netc.native.lower.convolution import as_image, bias_gradient, biased, weight_gradient
from netc.native.lower.lowering import Lowering, lowers
from netc.native.task import Task
from netc.types import Tensor


@lowers("deconv", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    x, y = str(node.ports["x"]), node.value
    geometry = _geometry(node.layer, lowering.types[x], lowering.types[y])
    if geometry is None:
        return None
    sides = geometry.height.out, geometry.width.out
    return [
        Task(
            node,
            "block",
            operands={"dy": x, "weight": str(node.ports["weight"])},
            make=lambda sizes, tail: input_gradient_kernel(
                sizes, geometry, as_image(sizes[x], geometry.filters, *sides), tail
            ),
            formula=biased(node, y, "bias"),
            shape=lowering.types[y].shape,
            what="forward",
        )
    ]


@lowers("deconv", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    types = (lowering.types[str(node.ports[name])] for name in ("x", "dy"))
    geometry = _geometry(node.layer, *types)
    if geometry is None:
        return None
    return [
        *bias_gradient(lowering, node),
        *weight_gradient(lowering, node, geometry, is_transposed=True),
        *_input_gradient(lowering, node, geometry),
    ]


def _input_gradient(lowering: Lowering, node: Node, geometry: Geometry) -> list[Task]:
    """The convolution of `dy`, if anybody wants it."""
    if "dx" not in node.ports:
        return []
    dy, dx = str(node.ports["dy"]), str(node.ports["dx"])
    sides = geometry.height.size, geometry.width.size
    return [
        Task(
            node,
            "block",
            operands={"x": dy, "weight": str(node.ports["weight"])},
            make=lambda sizes, tail: forward_kernel(
                sizes, geometry, as_image(sizes[dy], geometry.channels, *sides), tail
            ),
            formula=biased(node, dx, ""),
            shape=lowering.types[dx].shape,
            what="input gradient",
        )
    ]


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
