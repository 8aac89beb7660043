"""A part of a value, cut out along one axis."""

from typing import Any

import numpy as np

from netc.layers import require
from netc.layers.along import onnx_side, part, require_axis, whole, with_side
from netc.layers.base import Layer, layer
from netc.layers.divisors import shown_divisors
from netc.options import option
from netc.sizes import asking, is_open, reaches
from netc.types import Array, Onnx, Reject, Shape, Tensor


class Cut(Layer):
    """What they share: the places from `start` to `stop` stay; the others get no gradient."""

    axis: int

    def forward(self, x: Array, y: Array) -> None:
        np.copyto(y, x[self._places(x.shape[self.axis])])

    def backward(self, dy: Array, dx: Array) -> None:
        dx.fill(0)
        np.copyto(dx[self._places(dx.shape[self.axis])], dy)

    def torch(self, t: Any, x: Any) -> Any:
        return x[self._places(x.shape[self.axis])]

    def begin(self, x: Shape) -> Shape:
        """How many places of each axis are left out before those that stay."""
        first, _, _ = self._places(x[self.axis - 1])[-1].indices(x[self.axis - 1])
        return tuple(first if axis == self.axis else 0 for axis in range(1, len(x) + 1))

    def _places(self, side: int) -> tuple[slice, ...]:
        """Which places of an axis of this side stay, as an index."""
        raise NotImplementedError


@layer("slice", family="shape")
class Slice(Cut):
    """Keep the places from `start` up to, and without, `stop` along one axis.

    Places are counted from 0, and where negative from the end, as in Python: `stop: -1` leaves
    the last one out.

    Example:
        slice([6, 4], start: 1, stop: 3) -> [2, 4]
    """

    start: int = option(0, "First place that stays.")
    stop: int | None = option(None, "First place behind those that stay; none for all the rest.")
    axis: int = option(
        1, "Axis to cut along; 1 is the channels, 0 the batch, which stays.", at_least=1
    )

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        require_axis(x, self.axis)
        side = x.shape[self.axis - 1]
        start = self._from_begin("start", self.start, side, x)
        stop = side if self.stop is None else self._from_begin("stop", self.stop, side, x)
        if not reaches(stop - start, 1):
            raise Reject(
                "start" if self.stop is None else "stop",
                f"nothing is left of axis {self.axis} of {x} from {self.start} "
                f"to {'its end' if self.stop is None else self.stop}",
                help=f"its places are 0 to {side - 1}: set `start` to one of them"
                if self.stop is None
                else f"its places are 0 to {side - 1}; `start` is the first that stays, "
                "`stop` the first that is left out",
            )
        return with_side(x, self.axis, stop - start)

    def _from_begin(self, name: str, place: int, side: int, x: Tensor) -> int:
        """A place counted from 0; rejects one that lies outside, or may at the usual size."""
        if reaches(side, abs(place)):
            return place if place >= 0 else side + place
        raise Reject(
            name,
            f"place {place} lies outside axis {self.axis} of {x}, which has {side}",
            help=f"set `{name}` to {self._bound(name, place, side)}, or choose another `axis`",
        )

    def _bound(self, name: str, place: int, side: int) -> str:
        if place < 0:
            return f"{1 - side if name == 'stop' else -side} at least"
        return f"{side - 1 if name == 'start' else side} at most"

    def _places(self, side: int) -> tuple[slice, ...]:
        return part(self.axis, self.start, self.stop)

    def onnx(self, g: Onnx, x: str) -> str:
        stop = np.iinfo(np.int64).max if self.stop is None else self.stop
        return g.op("Slice", x, whole(g, self.start), whole(g, stop), whole(g, self.axis))


@layer("split", family="shape")
class Split(Cut):
    """Keep one of `parts` equal parts along one axis.

    A layer gives one value, so each part is taken by a layer of its own, such as those of a
    gate: `split(x, parts: 2, part: 0)` and `split(x, parts: 2, part: 1)`.

    Example:
        split([6, 4], parts: 3, part: 1) -> [2, 4]
    """

    parts: int = option(doc="How many equal parts there are.", main=True, at_least=1)
    part: int = option(doc="Which part stays, from 0.", at_least=0)
    axis: int = option(
        1, "Axis to cut along; 1 is the channels, 0 the batch, which stays.", at_least=1
    )

    def infer(self, x: Tensor) -> Tensor:
        require.numbers("x", x)
        require_axis(x, self.axis)
        if self.part >= self.parts:
            raise Reject(
                "part",
                f"there is no part {self.part} of {self.parts}",
                help=f"they are counted from 0: set `part` to at most {self.parts - 1}, "
                f"or `parts` to more than {self.part}",
            )
        side = x.shape[self.axis - 1]
        with asking(f"whether axis {self.axis} of {x} has {self.parts} parts", culprit="parts"):
            is_uneven = bool(side % self.parts)
        if is_uneven:
            raise Reject(
                "parts",
                f"axis {self.axis} of {x} cannot be cut into {self.parts} equal parts",
                help=f"{side} can be cut into {shown_divisors(side)}; choose another `axis`, "
                "or `slice`, which cuts unequal parts",
            )
        return with_side(x, self.axis, side // self.parts)

    def _places(self, side: int) -> tuple[slice, ...]:
        length = side // self.parts
        return part(self.axis, self.part * length, (self.part + 1) * length)

    def onnx(self, g: Onnx, x: str) -> str:
        side, axis = g.type(x).shape[self.axis - 1], whole(g, self.axis)
        if not is_open(side):
            ends = (side // self.parts * n for n in (self.part, self.part + 1))
            return g.op("Slice", x, *(whole(g, end) for end in ends), axis)
        length = g.op("Div", onnx_side(g, x, self.axis), whole(g, self.parts))
        ends_read = (g.op("Mul", length, whole(g, n)) for n in (self.part, self.part + 1))
        return g.op("Slice", x, *ends_read, axis)
