"""Softmax as tasks."""

from netc.ir import Node
from netc.native.kernel import Kernel
from netc.native.kernels.softmax import Softmax, SoftmaxGradient
from netc.native.lower.convolution import biased
from netc.native.lower.lowering import Lowering, lowers
from netc.native.tail import Tail
from netc.native.task import Sizes, Task
from netc.types import Bug


@lowers("softmax", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    return _over_channels(lowering, node, Softmax, ("x",), "y")


@lowers("softmax", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    return _over_channels(lowering, node, SoftmaxGradient, ("dy", "y"), "dx")


def _over_channels(
    lowering: Lowering,
    node: Node,
    kind: type[Softmax] | type[SoftmaxGradient],
    given: tuple[str, ...],
    made: str,
) -> list[Task] | None:
    """A task that reads values of one shape and makes another of it."""
    ports = {**lowering.forward(node).ports, **node.ports}
    operands = {name: str(ports[name]) for name in given}
    like = lowering.types[operands[given[0]]]
    if like.dtype != lowering.dtype:
        return None

    def make(sizes: Sizes, tail: Tail | None) -> Kernel:
        if tail is None:
            raise Bug("nobody takes what the kernel makes")
        vector = sizes.target.lanes(sizes.dtype)
        layouts = tuple((name, sizes[value]) for name, value in operands.items())
        return kind(sizes.dtype, layouts, tail, vector)

    return [
        Task(
            node,
            "block",
            operands=operands,
            make=make,
            formula=biased(node, str(ports[made]), ""),
            shape=like.shape,
            what=node.rule,
        )
    ]
