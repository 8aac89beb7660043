"""Normalization by neighbours: by a kernel of its own over channels, by sums over the image."""

from typing import Any

from netc.ir import Node
from netc.native.formula import Formula, Recorder
from netc.native.geometry import Side
from netc.native.kernel import Kernel
from netc.native.kernels.lrn import Lrn, LrnGradient
from netc.native.kernels.sum_pool import SquarePool, SumPool
from netc.native.layout import Layout
from netc.native.lower.convolution import biased
from netc.native.lower.lowering import Lowering, lowers
from netc.native.lower.pointwise import pointwise
from netc.native.lower.pooling import Pair, fits, image_of, made_by, two
from netc.native.tail import Tail
from netc.native.task import Sizes, Task
from netc.native.windows import summing
from netc.types import Bug, Tensor

_WIDEST = 31
"""Channels in a window, beyond which the squares of one are too many to remember."""


@lowers("lrn", "forward")
def forward(lowering: Lowering, node: Node) -> list[Task] | None:
    layer: Any = node.layer
    x = str(node.ports["x"])
    if layer.over == "image":
        return _forward_image(lowering, node) if fits(lowering, x) else None
    if layer.size > _WIDEST or layer.compat != "none":
        return None

    def make(sizes: Sizes, tail: Tail | None) -> Kernel:
        return Lrn(sizes.dtype, sizes[x], *_options(layer), _given(tail))

    return [_task(lowering, node, {"x": x}, node.value, make)]


@lowers("lrn", "backward")
def backward(lowering: Lowering, node: Node) -> list[Task] | None:
    layer: Any = node.layer
    dy, x, dx = (str(node.ports[name]) for name in ("dy", "x", "dx"))
    if layer.over == "image":
        return _backward_image(lowering, node) if fits(lowering, x) else None
    if layer.size > _WIDEST or layer.compat != "none":
        return None

    def make(sizes: Sizes, tail: Tail | None) -> Kernel:
        return LrnGradient(sizes.dtype, sizes[x], *_options(layer), _given(tail), sizes[dy])

    return [_task(lowering, node, {"dy": dy, "x": x}, dx, make)]


def _options(layer: Any) -> tuple[int, float, float, float]:
    return layer.size, layer.alpha / layer.size, layer.beta, layer.k


def _given(tail: Tail | None) -> Tail:
    if tail is None:
        raise Bug("a normalization stores nothing")
    return tail


def _task(lowering: Lowering, node: Node, operands: dict[str, str], made: str, make: Any) -> Task:
    shape = lowering.types[made].shape
    formula = biased(node, made, "")
    return Task(
        node, "block", operands=operands, make=make, formula=formula, shape=shape, what=node.rule
    )


def _forward_image(lowering: Lowering, node: Node) -> list[Task]:
    """x / base^beta, where base is made of the sums of squares, and kept."""
    layer: Any = node.layer
    x, base = str(node.ports["x"]), str(node.ports["base"])
    pair, p = _around(layer, lowering.types[x]), Recorder()
    strength = p.add(
        p.mul(p.made(), p.number(_weight(layer, lowering.types[x]))), p.number(layer.k)
    )
    y = p.mul(p.value(x), _power(p, strength, layer.beta))

    def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
        return SquarePool(dtype, image_of(layout, pair, out=False), *pair, tail)

    formula = Formula(tuple(p.steps), ((node.value, y), (base, strength)))
    return [made_by(lowering, node, {"x": x}, x, node.value, make, formula=formula)]


def _backward_image(lowering: Lowering, node: Node) -> list[Task]:
    """dy / base^beta - 2 beta weight * x * (sum over the window of dy * y / base)."""
    layer: Any = node.layer
    dy, x, y, base, dx = (str(node.ports[name]) for name in ("dy", "x", "y", "base", "dx"))
    pair, ratio, p = _around(layer, lowering.types[x]), f"{node.name}::ratio", Recorder()
    lowering.types[ratio] = lowering.types[dy]
    made = p.div(p.mul(p.value(dy), p.value(y)), p.value(base))
    ratios = pointwise(lowering, node, Formula(tuple(p.steps), ((ratio, made),)), y, "ratio")
    p = Recorder()
    factor = p.number(-2 * layer.beta * _weight(layer, lowering.types[x]))
    around = p.mul(p.mul(p.made(), factor), p.value(x))
    direct = p.mul(p.value(dy), _power(p, p.value(base), layer.beta))
    total = p.add(around, direct)

    def make(dtype: Any, layout: Layout, tail: Tail) -> Kernel:
        return SumPool(dtype, image_of(layout, pair, out=False), *pair, tail)

    formula = Formula(tuple(p.steps), ((dx, total),))
    return [ratios, made_by(lowering, node, {"x": ratio}, ratio, dx, make, formula=formula)]


def _around(layer: Any, x: Tensor) -> Pair:
    """A window around each place."""
    sides = (Side(n, n, layer.size, 1, layer.size // 2) for n in x.shape[1:])
    return two([summing(side) for side in sides])


def _weight(layer: Any, x: Tensor) -> float:
    weight: float = layer.alpha / layer.size ** (x.rank - 1)
    return weight


def _power(p: Recorder, base: int, beta: float) -> int:
    """1 / base^beta; roots are several times as fast as the general power."""
    if beta == 0.75:
        return p.div(p.sqrt(p.sqrt(base)), base)
    return p.exp(p.mul(p.log(base), p.number(-beta)))
