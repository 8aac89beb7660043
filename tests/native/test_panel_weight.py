"""Weight gradients of blocks that do not fill vectors against sums over all examples."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="native kernels need llvmlite")

from netc.native.call import call
from netc.native.geometry import Geometry
from netc.native.kernels.panel_weight import PanelWeight, weight_gradient
from netc.native.layout import Layout
from netc.native.target import Target, host
from netc.types import NUMPY_DTYPES, Dtype
from tests.native import convolutions
from tests.native.blocks import in_block
from tests.native.convolutions import random_geometry, side
from tests.native.guarded import check_guards, guarded

TOLERANCE: dict[str, float] = {"f32": 3e-6, "f64": 1e-14}
BLOCKS = [1, 1, 2, 3, 4, 5, 7, 8, 12, 15, 16, 20, 33]


def run(kernel: PanelWeight, x: np.ndarray, dy: np.ndarray, dweight: np.ndarray) -> None:
    """The kernel in three parts, the last units first, from memory that holds no numbers."""
    scratch = guarded(kernel.scratch, x.dtype, align=4)
    scratch[...] = np.nan
    dweight[...] = np.nan
    cuts = sorted({0, kernel.units // 3, kernel.units * 2 // 3, kernel.units})
    for first, stop in reversed(list(pairwise(cuts))):
        call(kernel, x=x, dy=dy, scratch=scratch, dweight=dweight, first=first, stop=stop)


def check(
    geometry: Geometry,
    dtype: Dtype,
    block: int,
    seed: int,
    *,
    target: Target | None = None,
    places: int = 0,
) -> None:
    rng = np.random.default_rng(seed)
    number = NUMPY_DTYPES[dtype]
    pad = int(rng.choice([0, 5]))
    x = Layout((geometry.channels, geometry.height.size, geometry.width.size), block, pad)
    y = Layout((geometry.filters, geometry.height.out, geometry.width.out), block, pad)
    kernel = weight_gradient(dtype, geometry, x, y, target=target)
    if places:
        kernel = replace(kernel, places=places * kernel.vector, tiles=2)
    read = rng.standard_normal((block, *x.shape)).astype(number)
    given = rng.standard_normal((block, *y.shape)).astype(number)
    wanted = convolutions.weight_gradient(geometry, read, given)
    made = [guarded(wanted.shape, number, align=4) for _ in range(2)]
    for out in made:
        run(kernel, in_block(read, x), in_block(given, y), out)
    check_guards()
    assert made[0].tobytes() == made[1].tobytes()
    error = np.abs(made[0] - wanted).max()
    assert error <= TOLERANCE[dtype] * max(np.abs(wanted).max(), 1)


@pytest.mark.parametrize("seed", range(120))
def test_random_sizes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    dtype: Dtype = "f32" if seed % 3 else "f64"
    check(random_geometry(rng), dtype, int(rng.choice(BLOCKS)), seed)


@pytest.mark.parametrize("seed", range(40))
def test_many_panels(seed: int) -> None:
    rng = np.random.default_rng(seed + 1000)
    geometry = random_geometry(rng)
    geometry = replace(geometry, channels=geometry.channels * 3)
    check(geometry, "f32", int(rng.choice(BLOCKS)), seed, places=int(rng.integers(1, 5)))


@pytest.mark.parametrize(("width", "registers"), [(16, 16), (16, 32), (32, 16)])
@pytest.mark.parametrize("seed", range(10))
def test_other_processors(seed: int, width: int, registers: int) -> None:
    """Code for narrower vectors and fewer registers, where this processor has at least those."""
    here = host()
    if here.vector_bytes < width:
        pytest.skip("this processor has narrower vectors")
    rng = np.random.default_rng(seed + 2000)
    target = replace(here, vector_bytes=width, registers=registers)
    dtype: Dtype = "f32" if seed % 3 else "f64"
    check(random_geometry(rng), dtype, int(rng.choice(BLOCKS)), seed, target=target)


@pytest.mark.parametrize("block", [1, 4, 9])
def test_many_channels(block: int) -> None:
    check(Geometry(300, 77, 1, side(4, 3, 1, 1), side(5, 3, 1, 1)), "f32", block, 1)
    check(Geometry(200, 40, 1, side(20, 1), side(17, 1)), "f32", block, 2)
    check(Geometry(70, 35, 1, side(7, 1, 2), side(6, 1, 2)), "f32", block, 3)
