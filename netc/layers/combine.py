"""Layers that join values of the same shape to one, number by number."""

from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import Layer, layer
from netc.types import Array, Number, Onnx, Pointwise, Reject, Tensor


class Join(Layer):
    """What they share: two values or more, all of one shape."""

    overlay = {"y": "xs"}
    splits = True

    def infer(self, *xs: Tensor) -> Tensor:
        require.many(xs, at_least=2)
        for i, x in enumerate(xs):
            if x.shape != xs[0].shape:
                usual = f"all values that `{self.name}` joins must have the same shape"
                raise Reject(
                    f"xs[{i}]",
                    f"value {i + 1} is {x}, value 1 is {xs[0]}",
                    help=require.way_to_equal(xs[0], x, usual),
                )
        return xs[0]


@layer("add", family="combine")
class Add(Join):
    """Add two or more values of the same shape, number by number.

    y = x_1 + x_2 + ...; every input gets the gradient of y. The join of residual networks:
    He et al., Deep Residual Learning for Image Recognition, 2016, eq. 1.

    Example:
        add([3, 4], [3, 4]) -> [3, 4]
    """

    def forward(self, xs: Sequence[Array], y: Array) -> None:
        rest = _rest(xs, y)
        np.add(xs[0], xs[1], out=y)
        for x in rest:
            y += x

    def backward(self, dy: Array, dxs: Sequence[Array]) -> None:
        for dx in dxs:
            np.copyto(dx, dy)

    def formula(self, p: Pointwise, xs: Sequence[Number]) -> Number:
        return reduce(p.add, xs)

    def gradient(self, p: Pointwise, dy: Number, xs: Sequence[Number]) -> dict[str, Number]:
        return {f"dxs[{i}]": dy for i in range(len(xs))}

    def onnx(self, g: Onnx, xs: Sequence[str]) -> str:
        return g.op("Add" if len(xs) == 2 else "Sum", *xs)

    def torch(self, t: Any, xs: Sequence[Any]) -> Any:
        return sum(xs)


@layer("mul", family="combine")
class Mul(Join):
    """Multiply two or more values of the same shape, number by number.

    y = x_1 * x_2 * ...; every input gets the gradient of y times all other inputs. The gate of
    long short-term memory: Hochreiter and Schmidhuber, Long Short-Term Memory, 1997, section 4.
    Nothing is repeated to fit: a factor for each channel, as `global_avg_pool` makes one, is
    brought to the size of the image by `resize` before.

    Example:
        mul([3, 4], [3, 4]) -> [3, 4]
    """

    def work(self, batch: int, threads: int, *xs: Tensor) -> dict[str, Tensor]:
        return {"after": xs[0]} if len(xs) > 2 else {}

    def forward(self, xs: Sequence[Array], y: Array) -> None:
        rest = _rest(xs, y)
        np.multiply(xs[0], xs[1], out=y)
        for x in rest:
            y *= x

    def backward(
        self, dy: Array, xs: Sequence[Array], dxs: Sequence[Array], after: Array | None = None
    ) -> None:
        # No division, so that zeros do no harm: what stands before a value, then what is after it.
        product = dy
        for x, dx in zip(xs, dxs[1:], strict=False):
            product = np.multiply(product, x, out=dx)
        product = xs[-1]
        for x, dx in zip(xs[-2:0:-1], dxs[-2:0:-1], strict=True):
            dx *= product
            product = np.multiply(product, x, out=after)
        np.multiply(dy, product, out=dxs[0])

    def formula(self, p: Pointwise, xs: Sequence[Number]) -> Number:
        return reduce(p.mul, xs)

    def gradient(self, p: Pointwise, dy: Number, xs: Sequence[Number]) -> dict[str, Number]:
        before = list(accumulate(xs[:-1], p.mul, initial=dy))
        after = list(accumulate(xs[:0:-1], p.mul))[::-1]
        found = [p.mul(a, b) for a, b in zip(before, after, strict=False)]
        return {f"dxs[{i}]": dx for i, dx in enumerate([*found, before[-1]])}

    def onnx(self, g: Onnx, xs: Sequence[str]) -> str:
        return reduce(lambda product, x: g.op("Mul", product, x), xs)

    def torch(self, t: Any, xs: Sequence[Any]) -> Any:
        return reduce(t.mul, xs)


@layer("max", family="combine")
class Max(Join):
    """Give the largest of two or more values of the same shape, number by number.

    The gradient of y goes to the input that was the largest. Of several that are equal it goes
    to the first, but to the second before the first, as in Caffe. The activation of maxout
    networks: Goodfellow et al., Maxout Networks, 2013, eq. 1.

    Example:
        max([3, 4], [3, 4]) -> [3, 4]
    """

    def keep(self, *xs: Tensor) -> dict[str, Tensor]:
        return {"best": Tensor(xs[0].shape, "u8" if len(xs) <= 256 else "i64")}

    def work(self, batch: int, threads: int, *xs: Tensor) -> dict[str, Tensor]:
        return {"mask": Tensor(xs[0].shape, "u8")}

    def forward(self, xs: Sequence[Array], y: Array, best: Array, mask: Array) -> None:
        rest, is_best = _rest(xs, y), mask.view(np.bool_)
        # Caffe asks whether the first is greater than the second, and later ones than the best.
        np.less_equal(xs[0], xs[1], out=is_best)
        np.copyto(best, is_best)
        np.maximum(xs[0], xs[1], out=y)
        for i, x in enumerate(rest, start=2):
            np.greater(x, y, out=is_best)
            np.copyto(best, i, where=is_best)
            np.maximum(x, y, out=y)

    def backward(self, dy: Array, best: Array, mask: Array, dxs: Sequence[Array]) -> None:
        is_best = mask.view(np.bool_)
        for i, dx in enumerate(dxs):
            np.equal(best, i, out=is_best)
            dx.fill(0)
            np.copyto(dx, dy, where=is_best)

    def formula(self, p: Pointwise, xs: Sequence[Number]) -> Number:
        return reduce(p.maximum, xs)

    def gradient(self, p: Pointwise, dy: Number, xs: Sequence[Number]) -> dict[str, Number]:
        found, rest, zero = dict[str, Number](), dy, p.number(0)
        best = list(accumulate(xs, p.maximum))
        for i in range(len(xs) - 1, 1, -1):
            wins = p.greater(xs[i], best[i - 1])
            found[f"dxs[{i}]"] = p.select(wins, rest, zero)
            rest = p.select(wins, zero, rest)
        first = p.greater(xs[0], xs[1])
        return {
            "dxs[0]": p.select(first, rest, zero),
            "dxs[1]": p.select(first, zero, rest),
            **found,
        }

    def onnx(self, g: Onnx, xs: Sequence[str]) -> str:
        return g.op("Max", *xs)

    def torch(self, t: Any, xs: Sequence[Any]) -> Any:
        return reduce(t.maximum, xs)


def _rest(xs: Sequence[Array], y: Array) -> list[Array]:
    """All values but the first two, safe from what is written to `y`.

    `y` may lie over the first value, and that may be joined once more: `add(a, b, a)`.
    """
    return [x.copy() if np.may_share_memory(x, y) else x for x in xs[2:]]
