"""Weight gradients of dense layers against products of matrices, whatever the sizes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from netc.native.call import call
from netc.native.kernels.dense_gradient import DenseGradient
from netc.native.layout import Layout
from netc.native.target import host
from netc.types import NUMPY_DTYPES, Dtype
from tests.native.convolutions import in_blocks
from tests.native.guarded import check_guards, guarded, guarded_copy

pytest.importorskip("llvmlite")

TOLERANCE: dict[str, float] = {"f32": 1e-5, "f64": 2e-14}


def run(
    dtype: Dtype,
    inputs: int,
    units: int,
    block: int,
    blocks: int,
    *,
    registers: int = 32,
    cut: Mapping[str, int] = {},
) -> None:
    rng, number = np.random.default_rng(5), NUMPY_DTYPES[dtype]
    layouts = [Layout((size,), block, int(rng.choice([0, 16]))) for size in (inputs, units)]
    x, dy = (rng.normal(size=(blocks * block, size)).astype(number) for size in (inputs, units))
    target = replace(host(), registers=registers)
    kernel = replace(DenseGradient.choose(dtype, *layouts, target), **cut)
    wanted = dy.astype(np.float64).T @ x.astype(np.float64)
    made = [guarded(wanted.shape, number, align=number().itemsize) for _ in range(2)]
    given: dict[str, Any] = {
        "x": guarded_copy(in_blocks(x, layouts[0])),
        "dy": guarded_copy(in_blocks(dy, layouts[1])),
        "scratch": guarded(kernel.scratch, number),
        "x_step": layouts[0].size,
        "dy_step": layouts[1].size,
        "blocks": blocks,
    }
    middle = kernel.units // 2
    for first, stop in ((middle, kernel.units), (0, middle)):
        call(kernel, **given, dweight=made[0], adds=0, first=first, stop=stop)
    call(kernel, **given, dweight=made[1], adds=0, first=0, stop=kernel.units)
    np.testing.assert_array_equal(made[0], made[1])
    scale = np.sqrt(blocks * block)
    np.testing.assert_allclose(made[0], wanted, atol=TOLERANCE[dtype] * scale, rtol=0)
    call(kernel, **given, dweight=made[1], adds=1, first=0, stop=kernel.units)
    np.testing.assert_allclose(made[1], 2 * wanted, atol=3 * TOLERANCE[dtype] * scale, rtol=0)
    check_guards()


@pytest.mark.parametrize("seed", range(60))
def test_random_sizes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    dtype: Dtype = rng.choice(["f32", "f64"])
    block = host().lanes(dtype) * int(rng.choice([1, 1, 2, 3, 10]))
    inputs, units = (int(2 ** rng.uniform(0, 9)) for _ in range(2))
    run(dtype, inputs, units, block, int(rng.integers(1, 7)), registers=int(rng.choice([16, 32])))


@pytest.mark.parametrize("seed", range(200, 240))
def test_blocks_that_do_not_fill_vectors(seed: int) -> None:
    rng = np.random.default_rng(seed)
    dtype: Dtype = rng.choice(["f32", "f64"])
    inputs, units = (int(2 ** rng.uniform(0, 8)) for _ in range(2))
    run(dtype, inputs, units, int(rng.integers(1, 40)), int(rng.integers(1, 4)))


@pytest.mark.parametrize("seed", range(100, 120))
def test_small_parts(seed: int) -> None:
    """Inputs that are turned a few at a time, sums that go to memory more than once."""
    rng = np.random.default_rng(seed)
    lanes = host().lanes("f32")
    vectors = int(rng.integers(1, 4))
    panel = vectors * lanes
    cut = {
        "vectors": vectors,
        "panel": panel,
        "columns": panel * int(rng.integers(1, 3)),
        "blocks": 2,
    }
    run("f32", int(rng.integers(1, 300)), int(rng.integers(1, 40)), lanes, 5, cut=cut)


@pytest.mark.parametrize(("inputs", "units"), [(2048, 600), (1500, 900), (1030, 1050)])
def test_beyond_the_caches(inputs: int, units: int) -> None:
    run("f32", inputs, units, 16, 2)
    run("f32", inputs, units, 5, 1, registers=16)
