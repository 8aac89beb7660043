"""Convolutions as tasks for kernels."""

from dataclasses import dataclass
from math import prod
from typing import Any

from netc.ir import Node
from netc.native.formula import Formula, Recorder
from netc.native.geometry import Geometry, Side
from netc.native.kernel import Kernel
from netc.native.kernels.choose import forward_kernel, input_gradient_kernel, weight_gradient_kernel
from netc.native.kernels.sum_lanes import SumParts
from netc.native.layout import Layout
from netc.native.lower.lowering import Lowering, lowers
from netc.native.tail import Tail
from netc.native.task import Make, Sizes, Task
from netc.types import Shape, Tensor

_SMALL = 1 << 16
"""Weights up to which each thread has sums of its own, for the examples it has just seen. With more
the threads share the filters instead, and each goes over all examples."""


@dataclass(frozen=True)
class Ends:
    """What goes into a convolution and what comes out; `bias` is the port of what is added.

    `shape` is given where what is made is one row of numbers in the memory of an image.
    """

    source: str
    made: str
    bias: str = ""
    shape: Shape = ()


@lowers("conv", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    geometry = geometry_of(node.layer, lowering.types[str(node.ports["x"])])
    if geometry is None:
        return None
    ends = Ends(str(node.ports["x"]), node.value, "bias")
    return [convolved(lowering, node, geometry, ends)]


@lowers("conv", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    geometry = geometry_of(node.layer, lowering.types[str(node.ports["x"])])
    if geometry is None:
        return None
    tasks = [*bias_gradient(lowering, node), *weight_gradient(lowering, node, geometry)]
    if "dx" in node.ports:
        ends = Ends(str(node.ports["dy"]), str(node.ports["dx"]))
        tasks.append(spread(lowering, node, geometry, ends))
    return tasks


def geometry_of(conv: Any, x: Tensor) -> Geometry | None:
    """The sizes of a layer over images or sequences; None where there is no kernel for it."""
    if x.rank not in (2, 3) or conv.connect is not None:
        return None
    kernel, stride, pad, dilation = conv.sides(x)
    sides = [
        Side(size, (size + 2 * p - d * (k - 1) - 1) // s + 1, k, s, p, d)
        for size, k, s, p, d in zip(x.shape[1:], kernel, stride, pad, dilation, strict=True)
    ]
    height, width = sides if len(sides) == 2 else (Side(1, 1), sides[0])
    return Geometry(x.shape[0], conv.filters, conv.groups, height, width)


def as_image(layout: Layout, channels: int, *sides: int) -> Layout:
    """The same memory as an image of these sides."""
    return Layout((channels, *sides), layout.block, layout.pad)


def biased(node: Node, name: str, bias: str) -> Formula:
    """What a kernel has made, and the bias added if there is one, stored under a name."""
    recorder = Recorder()
    made = recorder.made()
    if bias in node.ports:
        made = recorder.add(made, recorder.channel(str(node.ports[bias])))
    return Formula(tuple(recorder.steps), ((name, made),))


def convolved(lowering: Lowering, node: Node, geometry: Geometry, ends: Ends) -> Task:
    """A convolution of a value with the weight of a node."""
    image = (geometry.channels, geometry.height.size, geometry.width.size)

    def make(sizes: Sizes, tail: Tail | None) -> Kernel:
        return forward_kernel(sizes, geometry, as_image(sizes[ends.source], *image), tail)

    return _task(lowering, node, "x", make, ends)


def spread(lowering: Lowering, node: Node, geometry: Geometry, ends: Ends) -> Task:
    """The way back through a convolution, from what is like its output to what is like its input:
    its input gradient, and what a transposed convolution does forward."""
    image = (geometry.filters, geometry.height.out, geometry.width.out)

    def make(sizes: Sizes, tail: Tail | None) -> Kernel:
        return input_gradient_kernel(sizes, geometry, as_image(sizes[ends.source], *image), tail)

    return _task(lowering, node, "dy", make, ends)


def _task(lowering: Lowering, node: Node, argument: str, make: Make, ends: Ends) -> Task:
    return Task(
        node,
        "block",
        operands={argument: ends.source, "weight": str(node.ports["weight"])},
        make=make,
        formula=biased(node, ends.made, ends.bias),
        shape=ends.shape or lowering.types[ends.made].shape,
        what="forward" if node.rule == "forward" else "input gradient",
    )


def bias_gradient(lowering: Lowering, node: Node) -> list[Task]:
    """The sums of `dy` over all places of each channel."""
    if "dbias" not in node.ports:
        return []
    return lowering.sum_of(node, str(node.ports["dy"]), str(node.ports["dbias"]))


def weight_gradient(
    lowering: Lowering, node: Node, geometry: Geometry, *, is_transposed: bool = False
) -> list[Task]:
    """The gradient of the weight: each thread adds up its own examples where that takes little
    memory, else the threads share the filters. A transposed convolution goes from its `dy` to `x`.
    """
    if "dweight" not in node.ports:
        return []
    x, dy, target = (str(node.ports[name]) for name in ("x", "dy", "dweight"))
    if is_transposed:
        x, dy = dy, x
    shape: Shape = lowering.types[str(node.ports["weight"])].shape
    size = prod(shape)
    own = lowering.wide and size <= _SMALL
    made = f"part:{target}" if own else target
    sides_in = geometry.height.size, geometry.width.size
    sides_out = geometry.height.out, geometry.width.out
    task = Task(
        node,
        "block" if own else "whole",
        operands={"x": x, "dy": dy, "dweight": made},
        made=("dweight",),
        make=lambda sizes, tail: weight_gradient_kernel(
            sizes,
            geometry,
            as_image(sizes[x], geometry.channels, *sides_in),
            as_image(sizes[dy], geometry.filters, *sides_out),
        ),
        partial=(made,) if own else (),
        what="weight gradient",
    )
    if not own:
        return [task]
    lowering.partials[made] = size
    tasks = [task]
    collected = Task(
        node,
        "whole",
        operands={"parts": made, "sums": target},
        made=("sums",),
        make=lambda sizes, tail: SumParts(sizes.dtype, size, sizes.threads),
        what="collect",
    )
    lowering.collect(tasks, collected, target)
    return tasks
