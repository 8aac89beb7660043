"""The convolution backwards: what its output is made of, spread over the places it was made from.

The gradient of a convolution's input is one, and so is a transposed convolution.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import gcd

import numpy as np

from netc.kernels.convolution import Box, Windows
from netc.kernels.windows import Axis
from netc.types import Array


@dataclass(frozen=True)
class Turned:
    """The windows over `dy` that give some of the places of `dx`, and the taps they use.

    With a stride, the places of `dx` fall into phases; each is a convolution of its own with a
    part of the taps, so the gradient is gathered and never scattered.
    """

    windows: Windows | None
    places: Box
    taps: Box

    def turn(self, weight: Array, room: Array) -> tuple[Array, Array]:
        """`weight` [groups, filters, channels, *kernel] as multiplied; the room left."""
        assert self.windows is not None
        whole, back = (slice(None),) * 3, (slice(None, None, -1),) * len(self.taps)
        turned = weight[(*whole, *self.taps)][(*whole, *back)].swapaxes(1, 2)
        line = room[: turned.size]
        np.copyto(line.reshape(turned.shape), turned)
        g, c = turned.shape[:2]
        return line.reshape(g, c, -1), room[turned.size :]


def turned(windows: Windows) -> tuple[Turned, ...]:
    """The windows whose outputs together are `dx`, for the windows that gave `y`."""
    phases = product(*(range(min(axis.stride, axis.size)) for axis in windows.axes))
    return tuple(_turned(windows, phase) for phase in phases)


def _turned(w: Windows, phase: tuple[int, ...]) -> Turned:
    axes, taps = zip(*map(_turned_axis, w.axes, phase), strict=True)
    places = tuple(slice(p, None, axis.stride) for p, axis in zip(phase, w.axes, strict=True))
    meeting = tuple(axis for axis in axes if axis is not None)
    is_met = len(meeting) == len(axes)
    return Turned(
        Windows(w.filters, w.channels, w.groups, meeting) if is_met else None, places, taps
    )


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


def turn(backs: Sequence[Turned], weight: Array, room: Array) -> list[tuple[Turned, Array]]:
    """Each phase with the weights it uses, of `weight` [groups, filters, channels, *kernel]."""
    done = []
    for back in backs:
        lines = room[:0]
        if back.windows is not None:
            lines, room = back.turn(weight, room)
        done.append((back, lines))
    return done


def spread_share(
    t: int,
    count: int,
    backs: Sequence[tuple[Turned, Array]],
    source: Array,
    out: Array,
    bias: Array | None,
    room: Array,
) -> None:
    """The part that thread `t` of `count` owns of filling `out` [channels, ..., n] from `source`
    [filters, ..., n], each phase with its weights; places that meet no tap get the bias alone."""
    for back, lines in backs:
        place = out[(slice(None), *back.places)]
        if back.windows is not None:
            back.windows.multiply_share(t, count, source, lines, place, bias, room)
        elif t == 0:
            place[...] = 0 if bias is None else bias.reshape(-1, *(1,) * (place.ndim - 1))
