"""Convolution by blocks: gather the windows of a few output places, multiply once, throw away.

The gathered block stays in the cache, so the matrix of all windows is never in
memory. Every thread owns a range of output rows; all orders of summation are fixed, so the same
number of threads gives the same bits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd, prod

import numpy as np
from numpy.lib.stride_tricks import as_strided

from netc.kernels.layout import flat, share
from netc.kernels.windows import Axis
from netc.types import Array, Threads

_BLOCK = 768 * 1024
"""Elements of a gathered block: it stays in the shared cache, and calls from Python stay few."""

_SLAB = 1 << 21
"""Elements of a source that are copied with their padding at a time."""

_LEAST = 256
"""Columns a product should have at least: fewer do not pay for reading the weights."""


@dataclass(frozen=True)
class Block:
    """A rectangle of output places."""

    rows: slice
    columns: slice


@dataclass(frozen=True)
class Windows:
    """A convolution's geometry: windows over `channels`, summed into `filters`, by groups."""

    channels: int
    filters: int
    groups: int
    rows: Axis
    columns: Axis

    @property
    def taps(self) -> int:
        """Products that one output is the sum of."""
        return self.channels // self.groups * self.rows.taps * self.columns.taps

    @property
    def weight_size(self) -> int:
        """Elements of the weights."""
        return self.filters * self.taps

    def room(self, batch: int, threads: int) -> int:
        """Elements of scratch that one thread needs."""
        places = self._places(batch) * batch
        rows = min(-(-self.rows.out // threads), self._strip(batch))
        return (
            prod(self._slab_shape(rows, batch))
            + self.groups * self.taps * places
            + self.filters * places
        )

    def multiply(
        self,
        source: Array,
        weight: Array,
        out: Array,
        bias: Array | None,
        room: Array,
        threads: Threads,
    ) -> None:
        """Fill `out` [filters, rows, columns, n] from `source` [channels, rows, columns, n].

        `weight` is [groups, filters / groups, taps], contiguous; `room` [threads, `room()`].
        """
        threads.each(
            lambda t: self.multiply_share(t, threads.count, source, weight, out, bias, room[t])
        )

    def multiply_share(
        self,
        t: int,
        count: int,
        source: Array,
        weight: Array,
        out: Array,
        bias: Array | None,
        room: Array,
    ) -> None:
        """The rows of `multiply` that thread `t` of `count` owns."""
        for block, columns, spare in self._gathered(t, count, source, room):
            place = out[:, block.rows, block.columns]
            line = flat(place)
            target = spare[: place.size].reshape(self.filters, -1) if line is None else line
            np.matmul(weight, columns, out=self._by_group(target))
            if bias is not None:
                np.add(target, bias[:, None], out=target)
            if line is None:
                np.copyto(place, target.reshape(place.shape))

    def weigh_share(
        self,
        t: int,
        count: int,
        source: Array,
        dy: Array,
        dweight: Array,
        dbias: Array,
        extra: Array,
        room: Array,
    ) -> None:
        """Fill `dweight` and `dbias` with what the rows of thread `t` add to these gradients.

        `extra` is as large as the two together.
        """
        parts = dweight, dbias
        more = extra[: dweight.size].reshape(dweight.shape), extra[dweight.size :]
        into = parts
        for block, columns, spare in self._gathered(t, count, source, room):
            place = dy[:, block.rows, block.columns]
            line = flat(place)
            if line is None:
                line = spare[: place.size].reshape(self.filters, -1)
                np.copyto(line.reshape(place.shape), place)
            np.matmul(self._by_group(line), columns.swapaxes(1, 2), out=into[0])
            np.add.reduce(line, axis=1, out=into[1])
            if into is more:
                dweight += more[0]
                dbias += more[1]
            into = more
        if into is parts:
            dweight.fill(0)
            dbias.fill(0)

    def _by_group(self, lines: Array) -> Array:
        return lines.reshape(self.groups, self.filters // self.groups, -1)

    def _places(self, batch: int) -> int:
        """How many output places a block has."""
        fit = _BLOCK // (self.groups * self.taps * batch)
        return min(max(fit, -(-_LEAST // batch)), self.rows.out * self.columns.out)

    def _blocks(self, start: int, stop: int, batch: int) -> Iterator[Block]:
        """Rows `start..stop-1` cut into blocks of nearly equal size."""
        places, width = self._places(batch), self.columns.out
        rows, columns = max(1, places // width), min(places, width)
        for r in _cut(start, stop, rows):
            for c in _cut(0, width, columns):
                yield Block(r, c)

    def _slab_shape(self, rows: int, batch: int) -> tuple[int, ...]:
        """What a thread must copy to have the padding in its source; empty without padding."""
        if not (self.rows.is_padded or self.columns.is_padded):
            return (0,)
        sides = (
            axis.reach(0, out)
            for axis, out in ((self.rows, rows), (self.columns, self.columns.out))
        )
        return (self.channels, *(high - low for low, high in sides), batch)

    def _gathered(
        self, t: int, count: int, source: Array, room: Array
    ) -> Iterator[tuple[Block, Array, Array]]:
        """For each block of a thread: the block, [groups, taps, places * n], and spare room."""
        batch, whole = source.shape[-1], room
        is_pointwise = self.rows.taps * self.columns.taps == 1
        for strip in _cut(*share(t, count, self.rows.out), self._strip(batch)):
            slab, room = self._slab(strip.start, strip.stop, source, whole)
            windows = self._windows(slab, strip.stop - strip.start)
            for block in self._blocks(0, strip.stop - strip.start, batch):
                part = windows[:, :, :, block.rows, block.columns]
                line = flat(part[:, 0, 0]) if is_pointwise else None
                size = 0 if line is not None else part.size
                if line is None:
                    line = room[:size]
                    np.copyto(line.reshape(part.shape), part)
                rows = slice(strip.start + block.rows.start, strip.start + block.rows.stop)
                lines = line.reshape(self.groups, self.taps, -1)
                yield Block(rows, block.columns), lines, room[size:]

    def _strip(self, batch: int) -> int:
        """Output rows whose source is copied with its padding at one time."""
        low, high = self.columns.reach(0, self.columns.out)
        return max(1, _SLAB // (self.channels * self.rows.stride * (high - low) * batch))

    def _slab(self, start: int, stop: int, source: Array, room: Array) -> tuple[Array, Array]:
        """The part of the source that some output rows read, with its padding; the room left."""
        reaches = self.rows.reach(start, stop), self.columns.reach(0, self.columns.out)
        shape = self._slab_shape(stop - start, source.shape[-1])
        if shape == (0,):
            (low, high), (left, right) = reaches
            return source[:, low:high, left:right], room
        slab = room[: prod(shape)].reshape(shape)
        (top, bottom), (left, right) = places = [
            tuple(min(max(place - low, 0), high - low) for place in (0, axis.size))
            for (low, high), axis in zip(reaches, (self.rows, self.columns), strict=True)
        ]
        slab[:, :top].fill(0)
        slab[:, bottom:].fill(0)
        slab[:, top:bottom, :left].fill(0)
        slab[:, top:bottom, right:].fill(0)
        if top < bottom and left < right:
            rows, columns = (
                slice(start + low, stop + low)
                for (start, stop), (low, _) in zip(places, reaches, strict=True)
            )
            np.copyto(slab[:, top:bottom, left:right], source[:, rows, columns])
        return slab, room[slab.size :]

    def _windows(self, slab: Array, rows: int) -> Array:
        """The view [channels, taps down, taps across, rows, columns, n] of a slab."""
        c, down, across, n = slab.strides
        a, b = self.rows, self.columns
        return as_strided(
            slab,
            (self.channels, a.taps, b.taps, rows, b.out, slab.shape[3]),
            (c, a.step * down, b.step * across, a.stride * down, b.stride * across, n),
        )


def _cut(start: int, stop: int, most: int) -> Iterator[slice]:
    """start..stop-1 in as few nearly equal pieces as have at most `most` things."""
    pieces = -(-(stop - start) // most)
    for piece in range(pieces):
        low, high = share(piece, pieces, stop - start)
        yield slice(start + low, start + high)


@dataclass(frozen=True)
class Turned:
    """The windows over `dy` that give some of the places of `dx`, and the taps they use.

    With a stride, the places of `dx` fall into phases; each is a convolution of its own with a
    part of the taps, so the gradient is gathered and never scattered.
    """

    windows: Windows | None
    places: tuple[slice, slice]
    taps: tuple[slice, slice]

    def turn(self, weight: Array, room: Array) -> tuple[Array, Array]:
        """`weight` [groups, filters, channels, down, across] as multiplied; the room left."""
        assert self.windows is not None
        turned = weight[..., self.taps[0], self.taps[1]][..., ::-1, ::-1].swapaxes(1, 2)
        line = room[: turned.size]
        np.copyto(line.reshape(turned.shape), turned)
        g, c = turned.shape[:2]
        return line.reshape(g, c, -1), room[turned.size :]


def turned(windows: Windows) -> tuple[Turned, ...]:
    """The windows whose outputs together are `dx`, for the windows that gave `y`."""
    return tuple(
        _turned(windows, down, across)
        for down in range(min(windows.rows.stride, windows.rows.size))
        for across in range(min(windows.columns.stride, windows.columns.size))
    )


def _turned(w: Windows, down: int, across: int) -> Turned:
    rows, row_taps = _turned_axis(w.rows, down)
    columns, column_taps = _turned_axis(w.columns, across)
    places = slice(down, None, w.rows.stride), slice(across, None, w.columns.stride)
    if rows is None or columns is None:
        return Turned(None, places, (row_taps, column_taps))
    back = Windows(w.filters, w.channels, w.groups, rows, columns)
    return Turned(back, places, (row_taps, column_taps))


def _turned_axis(axis: Axis, phase: int) -> tuple[Axis | None, slice]:
    """How the places `phase + stride * a` of dx read dy, and which taps meet them.

    dx[i] is the sum over taps t of w[t] * dy[o] with i = first + o * stride + t * step.
    """
    taps = [t for t in range(axis.taps) if (phase - axis.first - t * axis.step) % axis.stride == 0]
    if not taps:
        return None, slice(0, 0)
    every = axis.stride // gcd(axis.stride, axis.step)
    back = Axis(
        size=axis.out,
        out=len(range(phase, axis.size, axis.stride)),
        taps=len(taps),
        first=(phase - axis.first - taps[-1] * axis.step) // axis.stride,
        step=every * axis.step // axis.stride,
    )
    return back, slice(taps[0], None, every)
