"""Weight gradients of convolutions against sums over all examples, whatever the sizes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from netc.native.call import call
from netc.native.geometry import Geometry, Side
from netc.native.kernels.weight_gradient import WeightGradient
from netc.native.layout import Layout
from netc.native.target import host
from netc.types import NUMPY_DTYPES, Dtype
from tests.native.convolutions import in_blocks, random_geometry, side, weight_gradient
from tests.native.guarded import check_guards, guarded, guarded_copy

pytest.importorskip("llvmlite")

TOLERANCE: dict[str, float] = {"f32": 3e-6, "f64": 1e-13}


def run(
    dtype: Dtype,
    geometry: Geometry,
    block: int,
    blocks: int,
    *,
    registers: int = 0,
    cut: Mapping[str, int] = {},
) -> None:
    rng, number = np.random.default_rng(5), NUMPY_DTYPES[dtype]
    shapes = [
        (channels, geometry.height.size if i == 0 else geometry.height.out, width)
        for i, (channels, width) in enumerate(
            ((geometry.channels, geometry.width.size), (geometry.filters, geometry.width.out))
        )
    ]
    layouts = [Layout(shape, block, int(rng.choice([0, 16]))) for shape in shapes]
    x, dy = (rng.normal(size=(blocks * block, *shape)).astype(number) for shape in shapes)
    target = replace(host(), registers=registers or host().registers)
    kernel = WeightGradient.choose(dtype, geometry, *layouts, target)
    kernel = replace(kernel, tile=replace(kernel.tile, **cut))
    wanted = weight_gradient(geometry, x, dy)
    made = [guarded(wanted.shape, number, align=number().itemsize) for _ in range(2)]
    given: dict[str, Any] = {
        "x": guarded_copy(in_blocks(x, layouts[0])),
        "dy": guarded_copy(in_blocks(dy, layouts[1])),
        "x_step": layouts[0].size,
        "dy_step": layouts[1].size,
    }
    middle = kernel.units // 2
    for first, stop in ((middle, kernel.units), (0, middle)):
        call(kernel, **given, dweight=made[0], blocks=blocks, adds=0, first=first, stop=stop)
    call(kernel, **given, dweight=made[1], blocks=blocks, adds=0, first=0, stop=kernel.units)
    np.testing.assert_array_equal(made[0], made[1])
    scale = np.sqrt(blocks * block * geometry.height.out * geometry.width.out)
    np.testing.assert_allclose(made[0], wanted, atol=TOLERANCE[dtype] * scale, rtol=0)
    call(kernel, **given, dweight=made[1], blocks=blocks, adds=1, first=0, stop=kernel.units)
    np.testing.assert_allclose(made[1], 2 * wanted, atol=3 * TOLERANCE[dtype] * scale, rtol=0)
    check_guards()


@pytest.mark.parametrize("seed", range(70))
def test_random_sizes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    dtype: Dtype = rng.choice(["f32", "f64"])
    lanes = host().lanes(dtype)
    block, blocks = lanes * int(rng.choice([1, 1, 2, 3, 6])), int(rng.integers(1, 4))
    run(dtype, random_geometry(rng), block, blocks, registers=int(rng.choice([16, 32])))


@pytest.mark.parametrize("seed", range(100, 125))
def test_small_chunks(seed: int) -> None:
    """Sums that go to memory more than once, filters that see a few channels at a time."""
    rng = np.random.default_rng(seed)
    cut = {"rows": int(rng.integers(1, 4)), "blocks": int(rng.integers(1, 4)), "span": 1}
    run("f32", random_geometry(rng), host().lanes("f32"), int(rng.integers(1, 6)), cut=cut)


@pytest.mark.parametrize(
    "geometry",
    [
        Geometry(1, 20, 1, side(28, 5), side(28, 5)),
        Geometry(3, 8, 1, side(40, 11, stride=4, pad=2), side(40, 11, stride=4, pad=2)),
        Geometry(2, 3, 1, side(20, 19, pad=9), side(21, 19, pad=9)),
        Geometry(2, 3, 1, Side(1, 1), side(30, 3, pad=20, dilation=20)),
        Geometry(5, 2, 1, side(3, 3, pad=5), side(3, 3, pad=5)),
        Geometry(40, 50, 1, Side(1, 1), Side(1, 1)),
        Geometry(33, 33, 33, side(7, 3, pad=1), side(7, 3, pad=1)),
    ],
    ids=str,
)
def test_odd_sizes(geometry: Geometry) -> None:
    run("f32", geometry, host().lanes("f32"), 2)
    run("f64", geometry, host().lanes("f64"), 2, registers=16)
