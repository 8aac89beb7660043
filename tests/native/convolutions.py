"""Convolutions of random sizes, their gradients by plain loops, and values in blocks."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from netc.native.call import call
from netc.native.geometry import Geometry, Side
from netc.native.kernel import Kernel
from netc.native.layout import Layout
from netc.types import NUMPY_DTYPES
from tests.native.blocks import in_block, planes
from tests.native.guarded import check_guards, guarded

Plain = Callable[[Geometry, np.ndarray, np.ndarray], np.ndarray]


def side(size: int, kernel: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> Side:
    out = (size + 2 * pad - dilation * (kernel - 1) - 1) // stride + 1
    return Side(size, out, kernel, stride, pad, dilation)


def random_side(rng: np.random.Generator) -> Side:
    while True:
        kernel, stride, dilation = (
            int(rng.choice(c)) for c in ((1, 2, 3, 3, 5), (1, 1, 2, 3), (1, 1, 2))
        )
        pad = int(rng.integers(0, kernel * dilation))
        made = side(int(rng.integers(1, 13)), kernel, stride, pad, dilation)
        if made.out > 0:
            return made


def random_geometry(rng: np.random.Generator) -> Geometry:
    """Images or sequences; now and then in groups, or with as many groups as channels."""
    groups = int(rng.choice([1, 1, 2, 3]))
    seen, own = int(rng.integers(1, 10)), int(rng.integers(1, 14))
    if rng.random() < 0.2:
        groups, seen, own = int(rng.integers(2, 8)), 1, int(rng.choice([1, 1, 2]))
    height = random_side(rng) if rng.random() < 0.8 else Side(1, 1)
    return Geometry(seen * groups, own * groups, groups, height, random_side(rng))


def window(side: Side, tap: int) -> tuple[slice, slice]:
    """The outputs that see a tap inside the image, and where they see it."""
    seen = [
        (o, at)
        for o in range(side.out)
        if 0 <= (at := o * side.stride - side.pad + tap * side.dilation) < side.size
    ]
    if not seen:
        return slice(0, 0), slice(0, 0)
    outs, places = (
        slice(seen[0][0], seen[-1][0] + 1),
        slice(seen[0][1], seen[-1][1] + 1, side.stride),
    )
    return outs, places


def weight_gradient(geometry: Geometry, x: np.ndarray, dy: np.ndarray) -> np.ndarray:
    """[filters, channels / groups, height, width], in float64, of [n, channels, height, width]."""
    seen, own = geometry.channels // geometry.groups, geometry.filters // geometry.groups
    height, width = geometry.height, geometry.width
    made = np.zeros((geometry.filters, seen, height.kernel, width.kernel))
    for i, j in np.ndindex(height.kernel, width.kernel):
        (rows, above), (columns, left) = window(height, i), window(width, j)
        for g in range(geometry.groups):
            there = x[:, g * seen : (g + 1) * seen, above, left].astype(np.float64)
            given = dy[:, g * own : (g + 1) * own, rows, columns].astype(np.float64)
            made[g * own : (g + 1) * own, :, i, j] = np.einsum("nchw,nohw->oc", there, given)
    return made


def forward(geometry: Geometry, x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The convolution of [n, channels, height, width], in float64."""
    y = np.zeros((len(x), geometry.filters, geometry.height.out, geometry.width.out))
    for seen, own, tap, outs, places in _pairs(geometry):
        there = x[(slice(None), seen, *places)].astype(np.float64)
        y[(slice(None), own, *outs)] += np.einsum("nchw,oc->nohw", there, weight[(own, ..., *tap)])
    return y


def input_gradient(geometry: Geometry, dy: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The gradient of x, in float64."""
    dx = np.zeros((len(dy), geometry.channels, geometry.height.size, geometry.width.size))
    for seen, own, tap, outs, places in _pairs(geometry):
        given = dy[(slice(None), own, *outs)].astype(np.float64)
        part = np.einsum("nohw,oc->nchw", given, weight[(own, ..., *tap)])
        dx[(slice(None), seen, *places)] += part
    return dx


Slices = tuple[slice, slice]


def _pairs(
    geometry: Geometry,
) -> Iterator[tuple[slice, slice, tuple[int, int], Slices, Slices]]:
    """Channels and filters of each group with each tap: where outputs see it, and where it is."""
    seen, own = geometry.channels // geometry.groups, geometry.filters // geometry.groups
    for i, j in np.ndindex(geometry.height.kernel, geometry.width.kernel):
        (rows, above), (columns, left) = window(geometry.height, i), window(geometry.width, j)
        for g in range(geometry.groups):
            channels, filters = slice(g * seen, (g + 1) * seen), slice(g * own, (g + 1) * own)
            yield channels, filters, (i, j), (rows, columns), (above, left)


def in_blocks(values: np.ndarray, layout: Layout, unused: float = 7.0) -> np.ndarray:
    """Values [n, channels, ...] as they lie in blocks: [blocks, size]."""
    blocks = len(values) // layout.block
    made = np.full((blocks, layout.channels, layout.plane), unused, values.dtype)
    plain = values.reshape(blocks, layout.block, layout.channels, -1)
    made[..., : layout.used] = plain.transpose(0, 2, 3, 1).reshape(blocks, layout.channels, -1)
    return made.reshape(blocks, layout.size)


def run_in_parts(kernel: Kernel, **given: Any) -> None:
    """The kernel in three parts, the last units first, with room that nothing is known of."""
    scratch = guarded(kernel.scratch, NUMPY_DTYPES[kernel.dtype], align=4)
    scratch[...] = np.nan
    cuts = sorted({0, kernel.units // 3, kernel.units * 2 // 3, kernel.units})
    for first, stop in reversed(list(pairwise(cuts))):
        call(kernel, scratch=scratch, first=first, stop=stop, **given)


def check_images(
    kernel: Kernel,
    plain: Plain,
    geometry: Geometry,
    ends: dict[str, Layout],
    weight: np.ndarray,
    rng: np.random.Generator,
    tolerance: float,
) -> None:
    """What a kernel makes of drawn images, twice with the same bits, is what plain loops make, up
    to a share of the largest number. `ends` are what it reads and what it makes, by name."""
    (name, source), (made_name, result) = ends.items()
    dtype = NUMPY_DTYPES[kernel.dtype]
    read = rng.standard_normal((source.block, *source.shape)).astype(dtype)
    made = [guarded(result.size, dtype, align=4) for _ in range(2)]
    for out in made:
        out[...] = 0
        run_in_parts(kernel, **{name: in_block(read, source), "weight": weight, made_name: out})
    check_guards()
    assert made[0].tobytes() == made[1].tobytes()
    wanted = plain(geometry, read, weight)
    error = np.abs(planes(made[0], result) - wanted).max()
    assert error <= tolerance * max(np.abs(wanted).max(), 1)
