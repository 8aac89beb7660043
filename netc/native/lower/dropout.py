"""Layers that drop numbers at random: what is dropped is found again for the gradient, by a key
that is drawn before each run."""

from collections.abc import Callable
from typing import Any

from netc.ir import Node
from netc.native.formula import Formula, Recorder
from netc.native.kernel import Kernel
from netc.native.kernels.dropout import Dropout
from netc.native.lower.lowering import Lowering, lowers
from netc.native.lower.pointwise import pointwise
from netc.native.task import Task


@lowers("dropout", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    return _dropped(lowering, node, "x", "y", together=False)


@lowers("dropout", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    return _dropped(lowering, node, "dy", "dx", together=False)


@lowers("spatial_dropout", "forward")
def forward_of_channels(lowering: Lowering, node: Node) -> list[Task] | None:
    return _dropped(lowering, node, "x", "y", together=True)


@lowers("spatial_dropout", "backward")
def backward_of_channels(lowering: Lowering, node: Node) -> list[Task] | None:
    return _dropped(lowering, node, "dy", "dx", together=True)


def _dropped(
    lowering: Lowering, node: Node, given: str, made: str, *, together: bool
) -> list[Task] | None:
    """A value times the noise of the layer, or in the test phase times what is left of it."""
    x, y = str(node.ports[given]), str(node.ports[made])
    type = lowering.types[x]
    if type.shape == () or type.dtype != lowering.dtype:
        return None
    layer: Any = node.layer
    p = Recorder()
    if not lowering.graph.training:
        product = p.mul(p.value(x), p.number(layer.left))
        return [pointwise(lowering, node, _stored(p, y, product), x, node.rule)]
    product = p.mul(p.value(x), p.made())
    make: Callable[..., Kernel] = lambda sizes, tail: Dropout(  # noqa: E731
        sizes.dtype, tail, sizes[x], layer.least, layer.factor, together
    )
    return [
        Task(
            node,
            "block",
            operands={"key": lowering.integer(f"{node.name}::key", 0)},
            make=make,
            formula=_stored(p, y, product),
            shape=type.shape,
            what=node.rule,
        )
    ]


def _stored(p: Recorder, name: str, number: int) -> Formula:
    return Formula(tuple(p.steps), ((name, number),))
