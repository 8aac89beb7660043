"""Values put behind one another."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.base import Layer, layer
from netc.options import option
from netc.types import Array, Onnx, Reject, Tensor


@layer("concat", family="combine")
class Concat(Layer):
    """Put values behind one another along one axis; all their other sides must be equal.

    Example:
        concat([3, 4], [5, 4]) -> [8, 4]
    """

    axis: int = option(
        1, "Axis to join along; 1 is the channels, 0 the batch.", main=True, at_least=1
    )

    def infer(self, *xs: Tensor) -> Tensor:
        require.many(xs, at_least=1)
        first, at = xs[0].shape, self.axis - 1
        if self.axis > len(first):
            raise Reject(
                "axis",
                f"there is no axis {self.axis} in {xs[0]}",
                help=f"the axes go from 1 to {len(first)}; axis 0 is the batch"
                if first
                else "a single number has no axis to join along",
            )
        for i, x in enumerate(xs):
            if x.rank != len(first):
                raise Reject(
                    f"xs[{i}]",
                    f"value {i + 1} is {x}, value 1 is {xs[0]}: they have not as many axes",
                    help="bring both to as many axes first, by `flatten` or `reshape`",
                )
            for axis, (side, wanted) in enumerate(zip(x.shape, first, strict=True)):
                if side != wanted and axis != at:
                    raise Reject(
                        f"xs[{i}]",
                        f"value {i + 1} is {x}, value 1 is {xs[0]}: "
                        f"they differ on axis {axis + 1}, not only on axis {self.axis}",
                        help=require.way_to_equal(xs[0], x, self._way_to_join(xs[0], x)),
                    )
        joined = sum(x.shape[at] for x in xs)
        return replace(xs[0], shape=(*first[:at], joined, *first[at + 1 :]))

    def _way_to_join(self, x: Tensor, y: Tensor) -> str:
        """The help for two values that differ on another axis than the one they are joined on."""
        pairs = enumerate(zip(x.shape, y.shape, strict=True), start=1)
        differing = [axis for axis, (a, b) in pairs if a != b]
        if len(differing) == 1:
            return f"set `axis` to {differing[0]}, or bring them to one size there"
        sides = [axis for axis in differing if axis != self.axis]
        which = f"axis {sides[0]}" if len(sides) == 1 else f"axes {', '.join(map(str, sides))}"
        return (
            f"bring them to one size on {which} first: images by their `stride` and `pad`, or "
            "by `crop` or `resize`"
        )

    def keep(self, *xs: Tensor) -> dict[str, Tensor]:
        return {"ends": Tensor((len(xs),), "i64", batched=False)}

    def forward(self, xs: Sequence[Array], y: Array, ends: Array) -> None:
        # The ends are kept so that backward need not hold on to the inputs for their shapes.
        np.cumsum([x.shape[self.axis] for x in xs], out=ends)
        for x, start, end in zip(xs, (0, *ends[:-1]), ends, strict=True):
            np.copyto(y[self._part(start, end)], x)

    def backward(self, dy: Array, ends: Array, dxs: Sequence[Array]) -> None:
        for dx, start, end in zip(dxs, (0, *ends[:-1]), ends, strict=True):
            np.copyto(dx, dy[self._part(start, end)])

    def _part(self, start: int, end: int) -> tuple[slice, ...]:
        return (slice(None),) * self.axis + (slice(start, end),)

    def onnx(self, g: Onnx, xs: Sequence[str]) -> str:
        return g.op("Concat", *xs, axis=self.axis)

    def torch(self, t: Any, xs: Sequence[Any]) -> Any:
        return t.cat(tuple(xs), dim=self.axis)
