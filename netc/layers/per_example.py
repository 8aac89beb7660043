"""Normalization of each example by itself: all of its numbers, those of each channel, or groups."""

from collections.abc import Iterator

import numpy as np

from netc.kernels.groups import Groups, normalize, normalize_again, normalize_dx, put_back
from netc.kernels.layout import chunks, share
from netc.layers import require
from netc.layers.base import Layer, Weight, with_options
from netc.layers.initializers import Constant
from netc.options import option
from netc.types import Array, Onnx, Shape, Tensor, Threads


@with_options
class PerExample(Layer):
    """What they share: the rules, given how the numbers of an example are cut into groups."""

    overlay = {"y": "x", "dx": "dy"}

    epsilon: float = option(1e-5, "Added to the variance.", above=0)
    scale: bool = option(True, "Whether there are factors to learn.")
    shift: bool = option(True, "Whether there are numbers to add, to learn.")

    def groups_of(self, x: Shape) -> Groups:
        """How the numbers of an example of this shape are cut."""
        raise NotImplementedError

    def learned(self, x: Tensor) -> Shape:
        """The shape of a weight: a number for each channel."""
        return x.shape[:1]

    def statistic(self, x: Tensor) -> Shape:
        """The shape of the statistics of an example."""
        return (self.groups_of(x.shape).count,)

    def weights(self, x: Tensor) -> dict[str, Weight]:
        wanted = {"scale": (self.scale, 1.0), "shift": (self.shift, 0.0)}
        return {
            name: Weight(self.learned(x), Constant(start), decay=0)
            for name, (is_on, start) in wanted.items()
            if is_on
        }

    def keep(self, x: Tensor) -> dict[str, Tensor]:
        statistic = Tensor(self.statistic(x), x.dtype)
        return {"center": statistic, "rate": statistic}

    def work(self, batch: int, threads: int, x: Tensor) -> dict[str, Tensor]:
        return {"normal": x, "room": x}

    def forward(
        self,
        x: Array,
        y: Array,
        center: Array,
        rate: Array,
        room: Array,
        threads: Threads,
        scale: Array | None = None,
        shift: Array | None = None,
    ) -> None:
        groups = self.groups_of(x.shape[1:])
        inputs, outputs, spare = (groups.cut(a) for a in (x, y, room))
        centers, rates = groups.cut_statistic(center), groups.cut_statistic(rate)

        def run(t: int) -> None:
            for part in _parts(t, threads.count, inputs):
                out = outputs[part]
                statistics = centers[part], rates[part]
                normalize(inputs[part], out, spare[part], *statistics, groups.row, self.epsilon)
                if scale is not None:
                    _apply(np.multiply, out, _own(scale, part, groups))
                if shift is not None:
                    _apply(np.add, out, _own(shift, part, groups))

        threads.each(run)
        for view, array in ((outputs, y), (centers, center), (rates, rate)):
            put_back(view, array)

    def backward(
        self,
        dy: Array,
        x: Array,
        center: Array,
        rate: Array,
        normal: Array,
        room: Array,
        threads: Threads,
        dx: Array | None = None,
        scale: Array | None = None,
        dscale: Array | None = None,
        dshift: Array | None = None,
    ) -> None:
        groups = self.groups_of(x.shape[1:])
        inputs, gradients, normals, spare = (groups.cut(a) for a in (x, dy, normal, room))
        centers, rates = groups.cut_statistic(center), groups.cut_statistic(rate)
        targets = None if dx is None else groups.cut(dx)

        def run(t: int) -> None:
            for part in _parts(t, threads.count, inputs):
                dout, normal = gradients[part], normals[part]
                normalize_again(inputs[part], normal, centers[part], rates[part], groups.row)
                if dshift is not None:
                    own = _own(dshift, part, groups)
                    np.add.reduce(_rows(dout, own), axis=1, out=own)
                if dscale is not None:
                    own = _own(dscale, part, groups)
                    np.vecdot(_rows(dout, own), _rows(normal, own), out=own)
                if targets is None:
                    continue
                np.copyto(targets[part], dout)
                if scale is not None:
                    _apply(np.multiply, targets[part], _own(scale, part, groups))
                normalize_dx(targets[part], normal, spare[part], rates[part], groups.row)

        threads.each(run)
        if dx is not None and targets is not None:
            put_back(targets, dx)


def _parts(t: int, count: int, a: Array) -> Iterator[slice]:
    """The groups that thread `t` of `count` owns, in parts that stay in the cache."""
    start, stop = share(t, count, len(a))
    for part in chunks(a[start:stop]):
        yield slice(start + part.start, min(start + part.stop, stop))


def _own(learned: Array, part: slice, groups: Groups) -> Array:
    """The numbers of a weight that belong to some groups."""
    each = learned.size // groups.count
    return learned.reshape(-1)[part.start * each : part.stop * each]


def _rows(a: Array, learned: Array) -> Array:
    """[groups, lines, row * n] with a row for each learned number."""
    return a.reshape(len(learned), -1)


def _apply(combine: np.ufunc, a: Array, learned: Array) -> None:
    rows = _rows(a, learned)
    combine(rows, learned[:, None], out=rows)


def require_channels(x: Tensor) -> None:
    """Reject what has no channels, or nobody knows how many."""
    require.channels(x, "to normalize")
    require.known_channels(x)


def onnx_learned(g: Onnx, y: str, scale: str, shift: str, *, trailing: int) -> str:
    """Scale and shift, each with so many axes of 1 behind its own."""
    axes = g.constant(np.arange(1, trailing + 1)) if trailing else ""
    for kind, weight in (("Mul", scale), ("Add", shift)):
        if weight:
            y = g.op(kind, y, g.op("Unsqueeze", weight, axes) if trailing else weight)
    return y
