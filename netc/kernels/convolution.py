"""Convolution by blocks: gather the windows of a few output places, multiply once, throw away.

The gathered block stays in the cache, so the matrix of all windows is never in
memory. Every thread owns a range of the first axis; all orders of summation are fixed, so the same
number of threads gives the same bits. Sequences, images and volumes differ in their axes alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.lib.stride_tricks import as_strided

from netc.kernels.layout import flat, share
from netc.kernels.windows import Axis
from netc.types import Array, Threads

_EVERY = slice(None)

_BLOCK = 768 * 1024
"""Elements of a gathered block: it stays in the shared cache, and calls from Python stay few."""

_SLAB = 1 << 21
"""Elements of a source that are copied with their padding at a time."""

_LEAST = 256
"""Columns a product should have at least: fewer do not pay for reading the weights."""


Box = tuple[slice, ...]
"""A part of the output places: a range along each axis."""


@dataclass(frozen=True)
class Windows:
    """A convolution's geometry: windows over `channels`, summed into `filters`, by groups."""

    channels: int
    filters: int
    groups: int
    axes: tuple[Axis, ...]

    @property
    def area(self) -> int:
        """Taps of a window in one channel."""
        return prod(axis.taps for axis in self.axes)

    @property
    def taps(self) -> int:
        """Products that one output is the sum of."""
        return self.channels // self.groups * self.area

    @property
    def out(self) -> tuple[int, ...]:
        """The places of the output."""
        return tuple(axis.out for axis in self.axes)

    @property
    def weight_size(self) -> int:
        """Elements of the weights."""
        return self.filters * self.taps

    def room(self, batch: int, threads: int) -> int:
        """Elements of scratch that one thread needs."""
        places = self._places(batch) * batch
        rows = min(-(-self.out[0] // threads), self._strip(batch))
        return (
            prod(self._slab_shape(rows, batch))
            + self.groups * self.taps * places
            + self.filters * places
        )

    @property
    def own_size(self) -> int:
        """Elements that `owned` needs for each thread."""
        return 2 * (self.weight_size + self.filters)

    def owned(self, parts: Array) -> list[tuple[Array, Array, Array]]:
        """What each thread fills in `weigh_share`, of `parts` [threads, `own_size`]."""
        size, both = self.weight_size, self.weight_size + self.filters
        shape = (self.groups, self.filters // self.groups, -1)
        return [(row[:size].reshape(shape), row[size:both], row[both:]) for row in parts]

    def sum_weights(self, parts: Array, dweight: Array) -> None:
        """Fill `dweight` with the sum of what all threads found."""
        found = parts[:, : self.weight_size].reshape(-1, *dweight.shape)
        np.add.reduce(found, axis=0, out=dweight)

    def sum_biases(self, parts: Array, dbias: Array) -> None:
        """Fill `dbias` likewise."""
        np.add.reduce(parts[:, self.weight_size :][:, : self.filters], axis=0, out=dbias)

    def multiply(
        self,
        source: Array,
        weight: Array,
        out: Array,
        bias: Array | None,
        room: Array,
        threads: Threads,
    ) -> None:
        """Fill `out` [filters, ..., n] from `source` [channels, ..., n].

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
        """The part of `multiply` that thread `t` of `count` owns."""
        for box, columns, spare in self._gathered(t, count, source, room):
            place = out[(_EVERY, *box)]
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
        """Fill `dweight` and `dbias` with what the part of thread `t` adds to these gradients.

        `extra` is as large as the two together.
        """
        parts = dweight, dbias
        more = extra[: dweight.size].reshape(dweight.shape), extra[dweight.size :]
        into = parts
        for box, columns, spare in self._gathered(t, count, source, room):
            place = dy[(_EVERY, *box)]
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
        return min(max(fit, -(-_LEAST // batch)), prod(self.out))

    def _slab_shape(self, rows: int, batch: int) -> tuple[int, ...]:
        """What a thread must copy to have the padding in its source; empty without padding."""
        if not any(axis.is_padded for axis in self.axes):
            return (0,)
        sides = (high - low for low, high in self._reaches(0, rows))
        return (self.channels, *sides, batch)

    def _gathered(
        self, t: int, count: int, source: Array, room: Array
    ) -> Iterator[tuple[Box, Array, Array]]:
        """For each block of a thread: its box, [groups, taps, places * n], and spare room."""
        batch, whole = source.shape[-1], room
        taps = (_EVERY,) * (1 + len(self.axes))
        first_tap = (_EVERY,) + (0,) * len(self.axes)
        is_pointwise, places = self.area == 1, self._places(batch)
        for strip in _cut(*share(t, count, self.out[0]), self._strip(batch)):
            slab, room = self._slab(strip.start, strip.stop, source, whole)
            windows = self._windows(slab, strip.stop - strip.start)
            for box in _boxes((strip.stop - strip.start, *self.out[1:]), places):
                part = windows[(*taps, *box)]
                line = flat(part[first_tap]) if is_pointwise else None
                size = 0 if line is not None else part.size
                if line is None:
                    line = room[:size]
                    np.copyto(line.reshape(part.shape), part)
                rows = slice(strip.start + box[0].start, strip.start + box[0].stop)
                yield (rows, *box[1:]), line.reshape(self.groups, self.taps, -1), room[size:]

    def _strip(self, batch: int) -> int:
        """Places along the first axis whose source is copied with its padding at one time."""
        beside = prod(high - low for low, high in self._reaches(0, 1)[1:])
        return max(1, _SLAB // (self.channels * self.axes[0].stride * beside * batch))

    def _reaches(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Along each axis what outputs `start..stop-1` of the first axis read, of others all."""
        first, *others = self.axes
        return [first.reach(start, stop), *(axis.reach(0, axis.out) for axis in others)]

    def _slab(self, start: int, stop: int, source: Array, room: Array) -> tuple[Array, Array]:
        """The part of the source that some outputs read, with its padding; the room left."""
        reaches = self._reaches(start, stop)
        shape = self._slab_shape(stop - start, source.shape[-1])
        if shape == (0,):
            return source[(_EVERY, *(slice(*reach) for reach in reaches))], room
        slab = room[: prod(shape)].reshape(shape)
        inside: Box = (_EVERY,)
        seen: Box = (_EVERY,)
        for (low, high), axis in zip(reaches, self.axes, strict=True):
            begin, end = (min(max(place - low, 0), high - low) for place in (0, axis.size))
            slab[(*inside, slice(begin))].fill(0)
            slab[(*inside, slice(end, None))].fill(0)
            inside += (slice(begin, end),)
            seen += (slice(begin + low, end + low),)
        if slab[inside].size:
            np.copyto(slab[inside], source[seen])
        return slab, room[slab.size :]

    def _windows(self, slab: Array, rows: int) -> Array:
        """The view [channels, taps along each axis, places along each axis, n] of a slab."""
        channel, *along, n = slab.strides
        taps = [axis.step * stride for axis, stride in zip(self.axes, along, strict=True)]
        places = [axis.stride * stride for axis, stride in zip(self.axes, along, strict=True)]
        areas = (*(axis.taps for axis in self.axes), rows, *self.out[1:])
        return as_strided(
            slab, (self.channels, *areas, slab.shape[-1]), (channel, *taps, *places, n)
        )


def _boxes(sides: tuple[int, ...], most: int) -> Iterator[Box]:
    """An area cut into boxes of nearly equal size, each of at most so many places."""
    if not sides:
        yield ()
        return
    beside = prod(sides[1:])
    for first in _cut(0, sides[0], max(1, most // beside)):
        for rest in _boxes(sides[1:], most):
            yield (first, *rest)


def _cut(start: int, stop: int, most: int) -> Iterator[slice]:
    """start..stop-1 in as few nearly equal pieces as have at most `most` things."""
    pieces = -(-(stop - start) // most)
    for piece in range(pieces):
        low, high = share(piece, pieces, stop - start)
        yield slice(start + low, start + high)
