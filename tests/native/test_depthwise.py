"""Convolutions of single channels and their gradients against sums written out tap by tap."""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="native kernels need llvmlite")

from dataclasses import replace

from netc.native.call import call
from netc.native.formula import Formula, Recorder, result_of
from netc.native.geometry import Geometry, Side
from netc.native.kernels.depthwise import Depthwise
from netc.native.kernels.depthwise_weight import DepthwiseWeight
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import host
from netc.types import NUMPY_DTYPES, Dtype
from tests.native.convolutions import (
    forward,
    in_blocks,
    input_gradient,
    random_side,
    side,
    weight_gradient,
)
from tests.native.guarded import check_guards, guarded, guarded_copy

TOLERANCE: dict[str, float] = {"f32": 3e-6, "f64": 1e-13}


def some_geometry(rng: np.random.Generator) -> Geometry:
    channels = int(rng.integers(2, 8))
    height = random_side(rng) if rng.random() < 0.85 else Side(1, 1)
    return Geometry(channels, channels, channels, height, random_side(rng))


def layouts_of(geometry: Geometry, block: int, pads: tuple[int, int]) -> list[Layout]:
    sides = [(s.size, s.out) for s in (geometry.height, geometry.width)]
    return [
        Layout((geometry.channels, *shape), block, pad)
        for shape, pad in zip(zip(*sides, strict=True), pads, strict=True)
    ]


def plain(memory: np.ndarray, layout: Layout) -> np.ndarray:
    rows = memory.reshape(layout.channels, layout.plane)[:, : layout.used]
    return np.moveaxis(rows.reshape(*layout.shape, layout.block), -1, 0)


def check(dtype: Dtype, geometry: Geometry, block: int, *, registers: int = 0) -> None:
    """Forward and gradient, in parts and in one."""
    rng, number = np.random.default_rng(block), NUMPY_DTYPES[dtype]
    target = replace(host(), registers=registers or host().registers)
    x, y = layouts_of(geometry, block, (int(rng.choice([0, 16])), int(rng.choice([0, 16]))))
    taps = geometry.height.kernel, geometry.width.kernel
    weight = guarded_copy(rng.normal(size=(geometry.filters, 1, *taps)).astype(number), align=4)
    for turned, source, made, rule, names in (
        (False, x, y, forward, ("x", "y")),
        (True, y, x, input_gradient, ("dy", "dx")),
    ):
        given = rng.normal(size=(block, *source.shape)).astype(number)
        tail = Tail(result_of(names[1]), ((names[1], made),))
        kernel = Depthwise.choose(dtype, geometry, source, tail, target, turned=turned)
        if kernel is None:  # What strides share may be more sums than registers hold.
            assert geometry.width.stride > 1
            continue
        blocks = guarded_copy(in_blocks(given, source, np.nan))
        outs = [guarded(made.size, number) for _ in range(2)]
        middle, units = kernel.units // 2, kernel.units
        for out, cuts in ((outs[0], ((middle, units), (0, middle))), (outs[1], ((0, units),))):
            for first, stop in cuts:
                arguments: dict[str, Any] = {names[0]: blocks, "weight": weight, names[1]: out}
                call(kernel, **arguments, first=first, stop=stop)
        wanted = rule(geometry, given, weight)
        np.testing.assert_allclose(plain(outs[0], made), wanted, atol=TOLERANCE[dtype] * 5, rtol=0)
        assert plain(outs[0], made).tobytes() == plain(outs[1], made).tobytes()
        check_guards()


def check_weight(dtype: Dtype, geometry: Geometry, block: int, *, registers: int = 0) -> None:
    rng, number = np.random.default_rng(block), NUMPY_DTYPES[dtype]
    target = replace(host(), registers=registers or host().registers)
    layouts = layouts_of(geometry, block, (int(rng.choice([0, 16])), int(rng.choice([0, 16]))))
    count = int(rng.integers(1, 4))
    x, dy = (rng.normal(size=(count * block, *lay.shape)).astype(number) for lay in layouts)
    kernel = DepthwiseWeight.choose(dtype, geometry, *layouts, target)
    assert kernel is not None
    wanted = weight_gradient(geometry, x, dy)
    made = [guarded(wanted.shape, number, align=number().itemsize) for _ in range(2)]
    given: dict[str, Any] = {
        "x": guarded_copy(in_blocks(x, layouts[0], np.nan)),
        "dy": guarded_copy(in_blocks(dy, layouts[1], np.nan)),
        "x_step": layouts[0].size,
        "dy_step": layouts[1].size,
        "blocks": count,
    }
    middle = kernel.units // 2
    for first, stop in ((middle, kernel.units), (0, middle)):
        call(kernel, **given, dweight=made[0], adds=0, first=first, stop=stop)
    call(kernel, **given, dweight=made[1], adds=0, first=0, stop=kernel.units)
    np.testing.assert_array_equal(made[0], made[1])
    # Each lane adds up the more numbers, the fewer lanes there are.
    apart = 64 / target.vector_bytes
    scale = np.sqrt(count * block * geometry.height.out * geometry.width.out * apart)
    np.testing.assert_allclose(made[0], wanted, atol=TOLERANCE[dtype] * scale, rtol=0)
    call(kernel, **given, dweight=made[1], adds=1, first=0, stop=kernel.units)
    np.testing.assert_allclose(made[1], 2 * wanted, atol=3 * TOLERANCE[dtype] * scale, rtol=0)
    check_guards()


BLOCKS = (1, 2, 3, 4, 5, 8, 12, 16, 32)


@pytest.mark.parametrize("seed", range(90))
def test_random_sizes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    dtype: Dtype = rng.choice(["f32", "f32", "f64"])
    geometry, block = some_geometry(rng), int(rng.choice(BLOCKS))
    registers = int(rng.choice([16, 32]))
    check(dtype, geometry, block, registers=registers)
    check_weight(dtype, geometry, block, registers=registers)


@pytest.mark.parametrize("block", [1, 4, 16, 32])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [3, 5])
def test_images(kernel: int, stride: int, block: int) -> None:
    """Sizes as networks have them."""
    square = side(21, kernel, stride, kernel // 2)
    check("f32", Geometry(3, 3, 3, square, square), block)
    check_weight("f32", Geometry(3, 3, 3, square, square), block)


def test_tail() -> None:
    """A bias, an activation, and sums over all places, also of vectors that are not full."""
    p = Recorder()
    made = p.maximum(p.add(p.made(), p.channel("bias")), p.number(0.0))
    formula = Formula(tuple(p.steps), (("y", made),), (("total", made),))
    square = side(9, 3, 1, 1)
    geometry = Geometry(4, 4, 4, square, square)
    for block in (3, 16):
        rng = np.random.default_rng(block)
        x, y = layouts_of(geometry, block, (0, 0))
        kernel = Depthwise.choose("f32", geometry, x, Tail(formula, (("y", y),)), host())
        assert kernel is not None
        given = rng.normal(size=(block, *x.shape)).astype(np.float32)
        weight = rng.normal(size=(4, 1, 3, 3)).astype(np.float32)
        bias = rng.normal(size=4).astype(np.float32)
        out = guarded(y.size, np.float32)
        total = guarded((4, host().lanes("f32")), np.float32)
        total[...] = 0
        more = {"weight": weight, "bias": bias, "y": out, "total": total}
        call(kernel, x=guarded_copy(in_blocks(given, x)), **more, first=0, stop=4)
        check_guards()
        wanted = np.maximum(forward(geometry, given, weight) + bias[:, None, None], 0)
        np.testing.assert_allclose(plain(out, y), wanted, atol=1e-5)
        np.testing.assert_allclose(total.sum(1), wanted.sum((0, 2, 3)), rtol=1e-4)
