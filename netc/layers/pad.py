"""Values made larger at their ends."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from netc.layers.along import part, whole
from netc.layers.axes import per_axis, require_image
from netc.layers.base import Layer, layer
from netc.options import PerAxis, option
from netc.sizes import reaches, where, witnesses
from netc.types import Array, Onnx, Reject, Tensor, show_shape

_NAMES = {"zero": "constant", "edge": "edge", "reflect": "reflect"}
"""What ONNX and NumPy call each `how`."""


@layer("pad", family="shape")
class Pad(Layer):
    """Add places at the ends of an image, and channels before and behind its own.

    `amount` is how many on both ends of each axis; `before` and `after` say it of one end alone.
    They hold 0 or `value`, with `how: edge` the place next to them, with `how: reflect` the
    image as mirrored in its outermost place, which itself is not repeated. Zero channels make
    the short cut of a residual network that grows: He et al., Deep Residual Learning for Image
    Recognition, 2016, section 3.3, option A.

    Example:
        pad([2, 4, 5], amount: 1, channels: [0, 2]) -> [4, 6, 7]
    """

    amount: PerAxis = option(0, "Places added on both ends.", main=True, at_least=0)
    before: PerAxis | None = option(
        None, "Places added before; `amount` where not given.", at_least=0
    )
    after: PerAxis | None = option(
        None, "Places added behind; `amount` where not given.", at_least=0
    )
    channels: tuple[int, ...] = option(
        (0, 0), "Channels added before and behind, a list of two.", at_least=0
    )
    how: str = option("zero", "What the places hold.", choices=("zero", "edge", "reflect"))
    value: float = option(0.0, "What they hold where `how` is zero.")

    def infer(self, x: Tensor) -> Tensor:
        require_image(x, axes=3)
        if len(self.channels) != 2:
            raise Reject(
                "channels",
                f"{show_shape(self.channels)} holds not two numbers",
                help="give a list of how many are added before and behind",
            )
        if self.how != "zero" and self.value:
            raise Reject(
                "value",
                f"with `how` {self.how} the places hold what is in the image",
                help="leave `value` out, or set `how` to zero",
            )
        ends = self.ends(x)
        if self.how == "reflect":
            self._require_mirror(x, ends)
        sides = (side + low + high for side, (low, high) in zip(x.shape, ends, strict=True))
        return Tensor(tuple(sides), x.dtype)

    def _require_mirror(self, x: Tensor, ends: Sequence[tuple[int, int]]) -> None:
        """Reject more places than there are to mirror."""
        names = ["channels", *["amount"] * (x.rank - 1)]
        for name, side, (low, high) in zip(names, x.shape, ends, strict=True):
            if reaches(side, max(low, high) + 1):
                continue
            given = [n for n, v in (("before", self.before), ("after", self.after)) if v]
            raise Reject(
                given[0] if name == "amount" and given else name,
                f"{max(low, high)} places cannot be mirrored of an axis of "
                f"{side}{where(witnesses(x.shape))}",
                help=f"add {int(side) - 1} at most, or set `how` to edge",
            )

    def ends(self, x: Tensor) -> list[tuple[int, int]]:
        """How many places are added before and behind on each axis, the channels first."""
        both = per_axis(self.amount, x, "amount")
        before = both if self.before is None else per_axis(self.before, x, "before")
        after = both if self.after is None else per_axis(self.after, x, "after")
        return [(self.channels[0], self.channels[1]), *zip(before, after, strict=True)]

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {} if self.how == "zero" else {"room": self.infer(x)}

    def forward(self, x: Array, y: Array) -> None:
        ends = self.ends(Tensor(x.shape[1:]))
        if self.how == "zero":
            y.fill(self.value)
        np.copyto(y[_inner(x.shape, ends)], x)
        for to, source in self._filled(x.shape, ends):
            np.copyto(y[to], y[source])

    def backward(self, dy: Array, dx: Array, room: Array | None = None) -> None:
        ends = self.ends(Tensor(dx.shape[1:]))
        inner = _inner(dx.shape, ends)
        if room is None:
            np.copyto(dx, dy[inner])
            return
        np.copyto(room, dy)
        for to, source in reversed(self._filled(dx.shape, ends)):
            room[source] += room[to]
        np.copyto(dx, room[inner])

    def _filled(
        self, shape: Sequence[int], ends: Sequence[tuple[int, int]]
    ) -> list[tuple[tuple[slice, ...], tuple[slice, ...]]]:
        """Which place of y is a copy of which, axis by axis, one place at a time."""
        if self.how == "zero":
            return []
        found = []
        step = 1 if self.how == "reflect" else 0
        for axis, (low, high) in enumerate(ends, start=1):
            last = low + shape[axis] - 1
            pairs = [(low - i, low + i * step) for i in range(1, low + 1)]
            pairs += [(last + i, last - i * step) for i in range(1, high + 1)]
            found += [(part(axis, a, a + 1), part(axis, b, b + 1)) for a, b in pairs]
        return found

    def onnx(self, g: Onnx, x: str) -> str:
        low, high = zip(*self.ends(g.type(x)), strict=True)
        value = g.constant(np.array(self.value)) if self.value else ""
        return g.op("Pad", x, whole(g, 0, *low, 0, *high), value, mode=_NAMES[self.how])

    def torch(self, t: Any, x: Any) -> Any:
        ends = self.ends(Tensor(tuple(x.shape[1:])))
        if self.how == "zero":
            pads = [n for pair in reversed(ends) for n in pair]
            return t.nn.functional.pad(x, pads, value=self.value)
        for axis, pair in enumerate(ends, start=1):
            places = np.pad(np.arange(x.shape[axis]), pair, _NAMES[self.how])  # type: ignore[call-overload]
            x = x.index_select(axis, t.tensor(places))
        return x


def _inner(shape: Sequence[int], ends: Sequence[tuple[int, int]]) -> tuple[slice, ...]:
    """Where x lies in y."""
    spans = (slice(low, low + side) for side, (low, _) in zip(shape[1:], ends, strict=True))
    return (slice(None), *spans)
