"""Convolutions by tiles against sums written out tap by tap."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="native kernels need llvmlite")

from netc.native.formula import Formula, Recorder, result_of
from netc.native.geometry import Geometry
from netc.native.kernels import winograd_choice
from netc.native.kernels.winograd_choice import points_for, weight_points_for
from netc.native.kernels.winograd_points import FOUR, TWO, Points
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import Target, host
from netc.types import NUMPY_DTYPES, Dtype
from tests.native import convolutions
from tests.native.blocks import in_block, planes
from tests.native.convolutions import check_images, run_in_parts, side
from tests.native.guarded import check_guards, guarded, guarded_copy

TOLERANCE: dict[str, float] = {"f32": 5e-6, "f64": 1e-14}

if host().vector_bytes < 32:
    pytest.skip("vectors of this processor have no masks", allow_module_level=True)


def check(
    geometry: Geometry,
    dtype: Dtype,
    block: int,
    points: Points,
    seed: int,
    *,
    threads: int = 1,
    share: int = 0,
    target: Target | None = None,
) -> None:
    """Forward and input gradient, twice each."""
    rng = np.random.default_rng(seed)
    pad = int(rng.choice([0, 5]))
    x = Layout((geometry.channels, geometry.height.size, geometry.width.size), block, pad)
    y = Layout((geometry.filters, geometry.height.out, geometry.width.out), block, pad)
    shape = (geometry.filters, geometry.channels, 3, 3)
    weight = guarded_copy(rng.standard_normal(shape).astype(NUMPY_DTYPES[dtype]), align=4)
    for make, plain, ends in (
        (winograd_choice.forward, convolutions.forward, {"x": x, "y": y}),
        (winograd_choice.input_gradient, convolutions.input_gradient, {"dy": y, "dx": x}),
    ):
        (_, source), (name, result) = ends.items()
        tail = Tail(result_of(name), ((name, result),))
        kernel = make(dtype, geometry, source, tail, points, threads=threads, target=target)
        if share:
            kernel = replace(kernel, share=share, columns=2 * kernel.width)
        check_images(kernel, plain, geometry, ends, weight, rng, TOLERANCE[dtype])


def random_geometry(rng: np.random.Generator) -> Geometry:
    pad = int(rng.choice([0, 1, 1, 2]))
    sizes = [int(rng.integers(3 - 2 * min(pad, 1), 19)) for _ in range(2)]
    channels, filters = (int(rng.integers(1, 40)) for _ in range(2))
    height, width = (side(size, 3, 1, pad) for size in sizes)
    return Geometry(channels, filters, 1, height, width)


@pytest.mark.parametrize("points", [TWO, FOUR], ids=["two", "four"])
@pytest.mark.parametrize("seed", range(40))
def test_random_sizes(seed: int, points: Points) -> None:
    rng = np.random.default_rng(seed)
    dtype: Dtype = "f32" if seed % 3 else "f64"
    blocks = [b for b in (1, 2, 4, 8, 16, 32) if b >= host().lanes(dtype) // 16]
    check(random_geometry(rng), dtype, int(rng.choice(blocks)), points, seed)


@pytest.mark.parametrize("points", [TWO, FOUR], ids=["two", "four"])
@pytest.mark.parametrize("seed", range(10))
def test_portions(seed: int, points: Points) -> None:
    """Threads that share filters, and weights that are turned in portions."""
    rng = np.random.default_rng(seed + 1000)
    threads = int(rng.choice([1, 20]))
    block = int(rng.choice([1, 4, 8, 16]))
    check(random_geometry(rng), "f32", block, points, seed, threads=threads, share=16)


@pytest.mark.parametrize("seed", range(6))
def test_narrower_vectors(seed: int) -> None:
    rng = np.random.default_rng(seed + 2000)
    target = replace(host(), vector_bytes=32, registers=16)
    dtype: Dtype = "f32" if seed % 3 else "f64"
    check(random_geometry(rng), dtype, 4, FOUR if seed % 2 else TWO, seed, target=target)


@pytest.mark.parametrize("points", [TWO, FOUR], ids=["two", "four"])
@pytest.mark.parametrize("seed", range(30))
def test_weight_gradients(seed: int, points: Points) -> None:
    """Of several blocks, by several calls, that fill and that add."""
    rng = np.random.default_rng(seed + 3000)
    dtype: Dtype = "f32" if seed % 3 else "f64"
    geometry, target = random_geometry(rng), host()
    if seed % 5 == 0:
        target = replace(target, vector_bytes=32, registers=16)
    block, blocks = int(rng.choice([1, 2, 4, 8, 16, 32])), int(rng.integers(1, 4))
    x = Layout((geometry.channels, geometry.height.size, geometry.width.size), block, 3)
    y = Layout((geometry.filters, geometry.height.out, geometry.width.out), block)
    kernel = winograd_choice.weight_gradient(dtype, geometry, x, y, points, target=target)
    if seed % 2:
        kernel = replace(kernel, share=kernel.width, columns=1)
    read, given = (
        rng.standard_normal((block * blocks, *layout.shape)).astype(NUMPY_DTYPES[dtype])
        for layout in (x, y)
    )
    memory = [
        guarded_copy(convolutions.in_blocks(v, layout)) for v, layout in ((read, x), (given, y))
    ]
    steps = {"blocks": blocks, "x_step": x.size, "dy_step": y.size}
    wanted = convolutions.weight_gradient(geometry, read, given)
    made = [guarded(wanted.shape, read.dtype, align=4) for _ in range(2)]
    for out in made:
        out[...] = np.nan
        for adds in (0, 1):
            run_in_parts(kernel, x=memory[0], dy=memory[1], dweight=out, adds=adds, **steps)
    check_guards()
    assert made[0].tobytes() == made[1].tobytes()
    error = np.abs(made[0] - 2 * wanted).max()
    assert error <= TOLERANCE[dtype] * 2 * max(np.abs(wanted).max(), 1)


@pytest.mark.parametrize("block", [2, 8, 32])
def test_tail(block: int) -> None:
    """A bias, an activation, another value, and sums over all places."""
    rng = np.random.default_rng(3)
    geometry = Geometry(8, 26, 1, side(9, 3, 1, 1), side(13, 3, 1, 1))
    source, result = Layout((8, 9, 13), block), Layout((26, 9, 13), block, 3)
    p = Recorder()
    made = p.maximum(p.add(p.made(), p.channel("bias")), p.number(0.0))
    made = p.add(made, p.value("more"))
    formula = Formula(tuple(p.steps), (("out", made),), (("total", made),))
    tail = Tail(formula, (("out", result), ("more", result)))
    kernel = winograd_choice.forward("f32", geometry, source, tail, FOUR)
    x = rng.standard_normal((block, *source.shape)).astype(np.float32)
    weight = rng.standard_normal((26, 8, 3, 3)).astype(np.float32)
    bias = rng.standard_normal(26).astype(np.float32)
    more = rng.standard_normal((block, *result.shape)).astype(np.float32)
    out = guarded(result.size, np.float32, align=4)
    total = guarded((26, host().lanes("f32")), np.float32, align=4)
    total[...] = 0
    given = {"x": in_block(x, source), "more": in_block(more, result), "bias": bias}
    run_in_parts(kernel, **given, weight=weight, out=out, total=total)
    check_guards()
    wanted = convolutions.forward(geometry, x, weight) + bias[:, None, None]
    wanted = np.maximum(wanted, 0) + more
    np.testing.assert_allclose(planes(out, result), wanted, rtol=2e-5, atol=4e-5)
    np.testing.assert_allclose(total.sum(1), wanted.sum((0, 2, 3)), rtol=1e-4, atol=1e-4)


def test_choice() -> None:
    """Large convolutions gain; few channels, batches that do not divide a vector, and other taps
    do not."""
    target = host()
    large = Geometry(64, 64, 1, side(56, 3, 1, 1), side(56, 3, 1, 1))
    assert points_for(large, 8, target, "f32") == FOUR
    assert points_for(large, 8, target, "f32", turned=True) == FOUR
    assert weight_points_for(large, 8, target, "f32") == FOUR
    assert points_for(replace(large, channels=1), 8, target, "f32") is None
    assert points_for(large, 7, target, "f32") is None
    assert weight_points_for(large, 7, target, "f32") is None
    assert points_for(replace(large, width=side(56, 3, 2, 1)), 8, target, "f32") is None
    assert points_for(large, 8, replace(target, vector_bytes=16), "f32") is None
