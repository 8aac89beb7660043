"""Pooling, over windows or the whole image."""

from collections.abc import Callable
from typing import Any

from netc.ir import Node
from netc.native.formula import Formula
from netc.native.geometry import Side
from netc.native.kernel import Kernel
from netc.native.kernels.column_pool import ColumnPool, ColumnPoolGradient
from netc.native.kernels.max_pool import MaxPool, MaxPoolGradient
from netc.native.kernels.sum_pool import SumPool, SumPoolGradient
from netc.native.layout import Layout
from netc.native.lower.convolution import biased
from netc.native.lower.lowering import Lowering, lowers
from netc.native.tail import Tail
from netc.native.task import Task
from netc.native.windows import Windows, even, sliding, spanning, summing
from netc.types import Bug, Tensor

Pair = tuple[Windows, Windows]
Of = Callable[[Any, Tensor], Pair]

_MOST_TAPS = 1 << 8
"""Numbers of taps, those that stand for none among them, that a byte can hold."""


def _sliding(pool: Any, x: Tensor) -> Pair:
    count_pad = getattr(pool, "count_pad", True)
    found = [
        sliding(Side(axis.size, axis.out, axis.taps, axis.stride, -axis.first), count_pad=count_pad)
        for axis in pool.axes(x)
    ]
    return two(found)


def summed(pool: Any, x: Tensor) -> Pair:
    """The windows of a layer, whose numbers are added and not divided."""
    sides = (Side(a.size, a.out, a.taps, a.stride, -a.first) for a in pool.axes(x))
    return two([summing(side) for side in sides])


def _whole(pool: Any, x: Tensor) -> Pair:
    return two([spanning(size, [slice(0, size)], mean=True) for size in x.shape[1:]])


def _even(pool: Any, x: Tensor) -> Pair:
    out = pool.infer(x)
    return two([even(*pair) for pair in zip(x.shape[1:], out.shape[1:], strict=True)])


def two(found: list[Windows]) -> Pair:
    """Windows over rows and columns; a sequence has one row."""
    one = spanning(1, [slice(0, 1)], mean=True)
    return (found[0], found[1]) if len(found) == 2 else (one, found[0])


def _greatest(windows: Of) -> tuple[Any, Any]:
    """The lowerings of a pooling that keeps the greatest."""

    def forward(lowering: Lowering, node: Node) -> list[Task] | None:
        x, y = str(node.ports["x"]), node.value
        if not fits(lowering, x):
            return None
        pair = windows(node.layer, lowering.types[x])
        index = _index_of(lowering, node, pair, lowering.types[x].shape[0])
        if index is None:
            return None
        indexed = str(node.ports["index"]) in lowering.graph.read

        kind = ColumnPool if _by_columns(node) else MaxPool

        def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
            return kind(dtype, image_of(layout, pair, out=False), *pair, tail, indexed)

        operands = {"x": x, "index": index} if indexed else {"x": x}
        return [made_by(lowering, node, operands, x, y, make, ("index",) if indexed else ())]

    def backward(lowering: Lowering, node: Node) -> list[Task] | None:
        dy, dx = str(node.ports["dy"]), str(node.ports["dx"])
        if not fits(lowering, dx):
            return None
        pair = windows(node.layer, lowering.types[dx])
        index = _index_of(lowering, node, pair, lowering.types[dx].shape[0])
        if index is None:
            return None

        kind = ColumnPoolGradient if _by_columns(node) else MaxPoolGradient

        def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
            return kind(dtype, image_of(layout, pair, out=True), *pair, tail)

        return [made_by(lowering, node, {"dy": dy, "index": index}, dy, dx, make)]

    return forward, backward


def _index_of(lowering: Lowering, node: Node, pair: Pair, channels: int) -> str | None:
    """The name of what keeps which tap of each window won; None where a byte cannot say."""
    name = f"{node.name}::index"
    taps = pair[0].taps * pair[1].taps + _by_columns(node)
    if taps > _MOST_TAPS:
        return None
    lowering.types[name] = Tensor((channels, pair[0].count, pair[1].count), "u8")
    lowering.flatten(name)
    return name


def _mean(windows: Of) -> tuple[Any, Any]:
    """The lowerings of a pooling that takes the mean."""

    def forward(lowering: Lowering, node: Node) -> list[Task] | None:
        x = str(node.ports["x"])
        if not fits(lowering, x):
            return None
        pair = windows(node.layer, lowering.types[x])

        def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
            return SumPool(dtype, image_of(layout, pair, out=False), *pair, tail)

        return [made_by(lowering, node, {"x": x}, x, node.value, make)]

    def backward(lowering: Lowering, node: Node) -> list[Task] | None:
        dy, dx = str(node.ports["dy"]), str(node.ports["dx"])
        if not fits(lowering, dx):
            return None
        pair = windows(node.layer, lowering.types[dx])

        def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
            return SumPoolGradient(dtype, image_of(layout, pair, out=True), *pair, tail)

        return [made_by(lowering, node, {"dy": dy}, dy, dx, make)]

    return forward, backward


def fits(lowering: Lowering, x: str) -> bool:
    """Whether a value is an image or a sequence."""
    return lowering.types[x].rank in (2, 3)


def _by_columns(node: Node) -> bool:
    """Whether ConvNetJS's ways of choosing the greatest are wanted."""
    return getattr(node.layer, "compat", "none") != "none"


def image_of(layout: Layout, pair: Pair, *, out: bool) -> Layout:
    """A value as an image of two sides: before its windows, or after."""
    height, width = ((w.count if out else w.size) for w in pair)
    return Layout((layout.channels, height, width), layout.block, layout.pad)


def made_by(
    lowering: Lowering,
    node: Node,
    operands: dict[str, str],
    source: str,
    made: str,
    make: Callable[[Any, Layout, Tail], Kernel],
    writes: tuple[str, ...] = (),
    formula: Formula | None = None,
) -> Task:
    """A task for a kernel over the windows of a value, `source`, that makes another one. What is
    made is stored as it is where there is no formula."""

    def with_sizes(sizes: Any, tail: Tail | None) -> Kernel:
        if tail is None:
            raise Bug("a pooling stores nothing")
        return make(sizes.dtype, sizes[source], tail)

    return Task(
        node,
        "block",
        operands=operands,
        made=writes,
        make=with_sizes,
        formula=formula or biased(node, made, ""),
        shape=lowering.types[made].shape,
        what=node.rule,
    )


for _name, _pair in (
    ("max_pool", _greatest(_sliding)),
    ("global_max_pool", _greatest(_whole)),
    ("avg_pool", _mean(_sliding)),
    ("global_avg_pool", _mean(_whole)),
    ("adaptive_avg_pool", _mean(_even)),
):
    lowers(_name, "forward")(_pair[0])
    lowers(_name, "backward")(_pair[1])
