"""Convolutions of blocks that do not fill vectors against sums written out tap by tap."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="native kernels need llvmlite")

from netc.native.formula import Formula, Recorder, result_of
from netc.native.geometry import Geometry
from netc.native.kernels import panel
from netc.native.kernels.panel import Panel
from netc.native.kernels.panel_spread import PanelSpread
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import Target, host
from netc.types import NUMPY_DTYPES, Dtype
from tests.native import convolutions
from tests.native.blocks import in_block, planes
from tests.native.convolutions import check_images, random_geometry, run_in_parts, side
from tests.native.guarded import check_guards, guarded, guarded_copy

TOLERANCE: dict[str, float] = {"f32": 3e-6, "f64": 1e-14}
BLOCKS = [1, 1, 2, 3, 4, 5, 7, 8, 12, 15, 16, 20, 33]


def check(
    geometry: Geometry,
    dtype: Dtype,
    block: int,
    seed: int,
    *,
    target: Target | None = None,
    by_filters: bool | None = None,
    depth: int = 0,
) -> None:
    """Forward and input gradient, twice each."""
    rng = np.random.default_rng(seed)
    pad = int(rng.choice([0, 5]))
    x = Layout((geometry.channels, geometry.height.size, geometry.width.size), block, pad)
    y = Layout((geometry.filters, geometry.height.out, geometry.width.out), block, pad)
    taps = (geometry.height.kernel, geometry.width.kernel)
    shape = (geometry.filters, geometry.channels // geometry.groups, *taps)
    weight = guarded_copy(rng.standard_normal(shape).astype(NUMPY_DTYPES[dtype]), align=4)
    for make, plain, ends in (
        (panel.forward, convolutions.forward, {"x": x, "y": y}),
        (panel.input_gradient, convolutions.input_gradient, {"dy": y, "dx": x}),
    ):
        (_, source), (name, result) = ends.items()
        tail = Tail(result_of(name), ((name, result),))
        kernel = make(dtype, geometry, source, tail, target=target)
        assert isinstance(kernel, Panel | PanelSpread)
        if by_filters is not None:
            kernel = replace(kernel, by_filters=by_filters)
        if depth and isinstance(kernel, Panel):
            strips = max(1, kernel.sums.strips // 3)
            kernel = replace(kernel, sums=replace(kernel.sums, depth=depth, strips=strips))
        check_images(kernel, plain, geometry, ends, weight, rng, TOLERANCE[dtype])


@pytest.mark.parametrize("seed", range(150))
def test_random_sizes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    dtype: Dtype = "f32" if seed % 3 else "f64"
    by_filters = [None, True, False][int(rng.integers(3))]
    check(random_geometry(rng), dtype, int(rng.choice(BLOCKS)), seed, by_filters=by_filters)


@pytest.mark.parametrize("seed", range(40))
def test_many_panels(seed: int) -> None:
    """Sums that wait for the next panel, and places that need more than one."""
    rng = np.random.default_rng(seed + 1000)
    geometry = random_geometry(rng)
    geometry = replace(geometry, channels=geometry.channels * 3)
    check(geometry, "f32", int(rng.choice(BLOCKS)), seed, depth=int(rng.integers(1, 5)))


@pytest.mark.parametrize(("width", "registers"), [(16, 16), (16, 32), (32, 16)])
@pytest.mark.parametrize("seed", range(12))
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
    check(Geometry(600, 40, 1, side(1, 1), side(1, 1)), "f32", block, 2)
    check(Geometry(70, 35, 1, side(7, 1, 2), side(6, 1, 2)), "f32", block, 3)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("block", [1, 3, 8])
def test_tail(stride: int, block: int) -> None:
    """A bias, an activation, another value, and sums over all places."""
    rng = np.random.default_rng(3)
    geometry = Geometry(8, 26, 2, side(9, 3, stride, 1), side(13, 3, stride, 1))
    sizes = (geometry.height, geometry.width)
    x_layout = Layout((8, *(s.size for s in sizes)), block)
    y_layout = Layout((26, *(s.out for s in sizes)), block, 3)
    weight = rng.standard_normal((26, 4, 3, 3)).astype(np.float32)
    for make, plain, source, result, name in (
        (panel.forward, convolutions.forward, x_layout, y_layout, "x"),
        (panel.input_gradient, convolutions.input_gradient, y_layout, x_layout, "dy"),
    ):
        p = Recorder()
        made = p.maximum(p.add(p.made(), p.channel("bias")), p.number(0.0))
        made = p.add(made, p.value("more"))
        formula = Formula(tuple(p.steps), (("out", made),), (("total", made),))
        tail = Tail(formula, (("out", result), ("more", result)))
        kernel = make("f32", geometry, source, tail)
        read = rng.standard_normal((block, *source.shape)).astype(np.float32)
        bias = rng.standard_normal(result.channels).astype(np.float32)
        more = rng.standard_normal((block, *result.shape)).astype(np.float32)
        out = guarded(result.size, np.float32, align=4)
        total = guarded((result.channels, kernel.lanes(host())), np.float32, align=4)
        total[...] = 0
        given = {name: in_block(read, source), "more": in_block(more, result), "bias": bias}
        run_in_parts(kernel, **given, weight=weight, out=out, total=total)
        check_guards()
        wanted = np.maximum(plain(geometry, read, weight) + bias[:, None, None], 0) + more
        np.testing.assert_allclose(planes(out, result), wanted, rtol=2e-5, atol=2e-5)
        np.testing.assert_allclose(total.sum(1), wanted.sum((0, 2, 3)), rtol=1e-4, atol=1e-4)
