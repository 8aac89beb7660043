"""Values cut out of others, or put into larger ones: on channels they share the memory, and along
sides of an image each place is a window of its own."""

from typing import Any

from netc.ir import Node
from netc.native.formula import Formula, Step
from netc.native.kernel import Kernel
from netc.native.kernels.sum_pool import SumPool, SumPoolGradient
from netc.native.layout import Layout
from netc.native.lower.lowering import Lowering, lowers
from netc.native.lower.pointwise import pointwise
from netc.native.lower.pooling import Pair, fits, image_of, made_by, two
from netc.native.tail import Tail
from netc.native.task import Task
from netc.native.windows import Windows, spanning
from netc.types import Tensor

Cut = tuple[int, ...]
"""For each axis, how many places of the larger value are before the smaller one."""


@lowers("slice", "forward")
@lowers("split", "forward")
@lowers("crop", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    x, y = str(node.ports["x"]), node.value
    return _taken(lowering, node, x, y, _begin(lowering, node, x))


@lowers("slice", "backward")
@lowers("split", "backward")
@lowers("crop", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    dy, dx = str(node.ports["dy"]), str(node.ports["dx"])
    return _put(lowering, node, dy, dx, _begin(lowering, node, dx))


@lowers("pad", "forward")
def pad_forward(lowering: Lowering, node: Node) -> list[Task] | None:
    layer: Any = node.layer
    x = str(node.ports["x"])
    if layer.how != "zero" or layer.value != 0:
        return None
    return _put(lowering, node, x, node.value, _before(layer, lowering.types[x]))


@lowers("pad", "backward")
def pad_backward(lowering: Lowering, node: Node) -> list[Task] | None:
    layer: Any = node.layer
    dy, dx = str(node.ports["dy"]), str(node.ports["dx"])
    if layer.how != "zero":
        return None
    return _taken(lowering, node, dy, dx, _before(layer, lowering.types[dx]))


def _begin(lowering: Lowering, node: Node, large: str) -> Cut:
    layer: Any = node.layer
    begin: Cut = layer.begin(lowering.types[large].shape)
    return begin


def _before(pad: Any, x: Tensor) -> Cut:
    return tuple(low for low, _ in pad.ends(x))


def _taken(lowering: Lowering, node: Node, large: str, small: str, begin: Cut) -> list[Task] | None:
    """The smaller value as a part of the larger one."""
    types = lowering.types
    if types[large].dtype != lowering.dtype:
        return None
    is_on_channels = types[large].shape[1:] == types[small].shape[1:]
    if is_on_channels and lowering.lay(small, large, begin[0]):
        return []
    if not fits(lowering, large):
        return None
    source = _part(lowering, large, begin[0], types[small].shape[0])
    pair = _windows(types[small].shape, types[large].shape, begin)

    def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
        return SumPool(dtype, image_of(layout, pair, out=False), *pair, tail)

    return [made_by(lowering, node, {"x": source}, source, small, make)]


def _put(lowering: Lowering, node: Node, small: str, large: str, begin: Cut) -> list[Task] | None:
    """The smaller value inside of zeros."""
    types = lowering.types
    if not fits(lowering, large) or types[large].dtype != lowering.dtype:
        return None
    first, count = begin[0], types[small].shape[0]
    stop = first + count
    tasks = [
        _zeros(lowering, node, _part(lowering, large, start, end - start))
        for start, end in ((0, first), (stop, types[large].shape[0]))
        if start < end
    ]
    target = _part(lowering, large, first, count)
    pair = _windows(types[small].shape, types[large].shape, begin)

    def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
        return SumPoolGradient(dtype, image_of(layout, pair, out=True), *pair, tail)

    return [*tasks, made_by(lowering, node, {"dy": small}, small, target, make)]


def _part(lowering: Lowering, value: str, start: int, count: int) -> str:
    """Some channels of a value, under a name of their own."""
    whole = lowering.types[value]
    if count == whole.shape[0]:
        return value
    name = f"{value}[{start}:{start + count}]"
    lowering.types[name] = Tensor((count, *whole.shape[1:]), whole.dtype)
    lowering.lay(name, value, start)
    return name


def _zeros(lowering: Lowering, node: Node, value: str) -> Task:
    formula = Formula((Step("number"),), ((value, 0),))
    return pointwise(lowering, node, formula, value, "zeros")


def _windows(small: tuple[int, ...], large: tuple[int, ...], begin: Cut) -> Pair:
    """For each place of the smaller image, the window that is this place in the larger one."""
    sides = zip(small[1:], large[1:], begin[1:], strict=True)
    return two([_along(*side) for side in sides])


def _along(small: int, large: int, begin: int) -> Windows:
    return spanning(large, [slice(begin + i, begin + i + 1) for i in range(small)], mean=False)
