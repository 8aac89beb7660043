"""Direct convolutions and their input gradients against sums written out tap by tap."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="native kernels need llvmlite")

from netc.native.call import call
from netc.native.formula import Formula, Recorder, result_of
from netc.native.geometry import Geometry, Side
from netc.native.kernels.direct import Direct
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import host
from tests.native.guarded import check_guards, guarded, guarded_copy

NUMPY = {"f32": np.float32, "f64": np.float64}
CLOSE = {"f32": 2e-6, "f64": 4e-15}


def some_side(draw: random.Random, most: int) -> Side:
    kernel = draw.choice([1, 1, 2, 3, 3, 4, 5, 7])
    stride, dilation = draw.choice([1, 1, 1, 2, 3, 4]), draw.choice([1, 1, 1, 2, 3])
    reach = dilation * (kernel - 1) + 1
    pad = draw.choice([0, 0, kernel // 2, reach // 2, reach - 1])
    size = draw.randint(max(1, reach - 2 * pad), max(1, reach - 2 * pad) + most)
    return Side(size, (size + 2 * pad - reach) // stride + 1, kernel, stride, pad, dilation)


def some_geometry(draw: random.Random) -> Geometry:
    groups = draw.choice([1, 1, 1, 2, 3])
    height = Side(1, 1) if draw.random() < 0.2 else some_side(draw, 6)
    width = Side(1, 1) if draw.random() < 0.1 else some_side(draw, 12)
    channels, filters = draw.randint(1, 9), draw.choice([1, 2, 3, 5, 8, 11, 16, 25])
    return Geometry(channels * groups, filters * groups, groups, height, width)


def places(side: Side, i: int) -> tuple[slice, slice]:
    """The outputs that see point `i`, and the places they see."""
    at = [
        (q, q * side.stride + i * side.dilation - side.pad)
        for q in range(side.out)
        if 0 <= q * side.stride + i * side.dilation - side.pad < side.size
    ]
    if not at:
        return slice(0, 0), slice(0, 0)
    (first, place), (last, end) = at[0], at[-1]
    return slice(first, last + 1), slice(place, end + 1, side.stride)


def plain_forward(g: Geometry, x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    y = np.zeros((len(x), g.filters, g.height.out, g.width.out))
    for group, i, j, rows, columns in taps(g):
        c, f = parts(g, group)
        seen = x[:, c, rows[1], columns[1]]
        y[:, f, rows[0], columns[0]] += np.einsum("nchw,fc->nfhw", seen, weight[f, :, i, j])
    return y


def plain_gradient(g: Geometry, dy: np.ndarray, weight: np.ndarray) -> np.ndarray:
    dx = np.zeros((len(dy), g.channels, g.height.size, g.width.size))
    for group, i, j, rows, columns in taps(g):
        c, f = parts(g, group)
        seen = dy[:, f, rows[0], columns[0]]
        dx[:, c, rows[1], columns[1]] += np.einsum("nfhw,fc->nchw", seen, weight[f, :, i, j])
    return dx


def taps(g: Geometry):
    for group in range(g.groups):
        for i in range(g.height.kernel):
            for j in range(g.width.kernel):
                yield group, i, j, places(g.height, i), places(g.width, j)


def parts(g: Geometry, group: int) -> tuple[slice, slice]:
    c, f = g.channels // g.groups, g.filters // g.groups
    return slice(group * c, (group + 1) * c), slice(group * f, (group + 1) * f)


def laid(values: np.ndarray, layout: Layout) -> np.ndarray:
    """[n, c, h, w] as a block."""
    made = guarded((layout.channels, layout.plane), values.dtype)
    made[:, : layout.used] = values.transpose(1, 2, 3, 0).reshape(layout.channels, layout.used)
    return made


def unlaid(block: np.ndarray, layout: Layout) -> np.ndarray:
    plane = block.reshape(layout.channels, layout.plane)[:, : layout.used]
    return plane.reshape(*layout.shape, layout.block).transpose(3, 0, 1, 2)


def run(kernel: Direct, **given: np.ndarray) -> None:
    """The kernel in some parts, not in order of their units."""
    more = {"scratch": guarded(kernel.scratch, NUMPY[kernel.dtype])} if kernel.scratch else {}
    units = kernel.units
    cuts = [0, units // 3, units // 2, units]
    for first, stop in reversed(list(pairwise(cuts))):
        call(kernel, **given, **more, first=first, stop=stop)


def check(
    g: Geometry, dtype: str, block: int, seed: int, pad: int = 0, depth: int | None = None
) -> None:
    """Forward and gradient of a geometry, with plain tails."""
    rng = np.random.default_rng(seed)
    x_layout = Layout((g.channels, g.height.size, g.width.size), block, pad)
    y_layout = Layout((g.filters, g.height.out, g.width.out), block, pad)
    taps = (g.channels // g.groups, g.height.kernel, g.width.kernel)
    weight = guarded_copy(rng.standard_normal((g.filters, *taps)).astype(NUMPY[dtype]), align=4)
    for reads, writes, make, plain, source, target in (
        ("x", "y", Direct.forward, plain_forward, x_layout, y_layout),
        ("dy", "dx", Direct.input_gradient, plain_gradient, y_layout, x_layout),
    ):
        values = rng.standard_normal((block, *source.shape)).astype(NUMPY[dtype])
        made = guarded((2, target.channels, target.plane), NUMPY[dtype])
        kernel = make(dtype, g, source, Tail(result_of(writes), ((writes, target),)))
        if depth:
            tiling = replace(
                kernel.tiling, depth=depth, together=1 + seed % 3, ahead=True, streams=seed % 2 == 0
            )
            kernel = replace(kernel, tiling=tiling)
        for out in made:
            run(kernel, **{reads: laid(values, source), "weight": weight, writes: out})
        check_guards()
        wanted = plain(g, values.astype(np.float64), weight.astype(np.float64))
        found = unlaid(made[0], target)
        scale = max(1.0, float(np.abs(wanted).max()))
        assert np.abs(found - wanted).max() / scale < CLOSE[dtype] * 8
        assert made[0].tobytes() == made[1].tobytes()


@pytest.mark.parametrize("seed", range(120))
def test_random_shapes(seed: int) -> None:
    draw = random.Random(seed)
    dtype = draw.choice(["f32", "f32", "f64"])
    check(some_geometry(draw), dtype, draw.choice([16, 16, 32, 64]), seed, draw.choice([0, 80]))


@pytest.mark.parametrize("block", [1, 2, 3, 4, 5, 6, 7, 8, 12, 24, 48])
def test_any_block(block: int) -> None:
    draw = random.Random(block)
    check(some_geometry(draw), "f32", block, block)


@pytest.mark.parametrize("seed", range(60))
def test_few_channels_at_a_time(seed: int) -> None:
    draw = random.Random(seed + 1000)
    check(some_geometry(draw), "f32", draw.choice([16, 32]), seed, 0, draw.randint(1, 8))


@pytest.mark.parametrize(("channels", "filters"), [(300, 20), (16, 130), (129, 127)])
def test_many_channels(channels: int, filters: int) -> None:
    side = Side(4, 4, 3, 1, 1)
    check(Geometry(channels, filters, 1, side, side), "f32", 16, channels)


@pytest.mark.parametrize(
    ("channels", "filters", "block"),
    [(700, 33, 32), (60, 500, 64), (1000, 900, 16), (1024, 300, 16), (300, 1024, 16)],
)
def test_dense(channels: int, filters: int, block: int) -> None:
    check(Geometry(channels, filters, 1, Side(1, 1), Side(1, 1)), "f32", block, filters)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("kernel", "pad", "dilation"), [(40, 0, 1), (41, 20, 1), (33, 70, 2)])
def test_long_kernels(kernel: int, pad: int, dilation: int, stride: int) -> None:
    reach = dilation * (kernel - 1) + 1
    width = Side(60, (60 + 2 * pad - reach) // stride + 1, kernel, stride, pad, dilation)
    check(Geometry(3, 7, 1, Side(1, 1), width), "f32", 16, kernel)


@pytest.mark.parametrize("depth", [100, 3])
def test_tail(depth: int) -> None:
    """A bias, an activation, another value, and sums over all places."""
    rng, lanes = np.random.default_rng(3), host().lanes("f32")
    height, width = Side(9, 5, 3, 2, 1), Side(13, 7, 3, 2, 1)
    g = Geometry(8, 26, 2, height, width)
    source, target = Layout((8, 9, 13), 32), Layout((26, 5, 7), 32, 80)
    p = Recorder()
    made = p.maximum(p.add(p.made(), p.channel("bias")), p.number(0.0))
    made = p.add(made, p.value("more"))
    formula = Formula(tuple(p.steps), (("y", made),), (("total", made),))
    kernel = Direct.forward("f32", g, source, Tail(formula, (("y", target), ("more", target))))
    kernel = replace(kernel, tiling=replace(kernel.tiling, depth=depth))
    x = rng.standard_normal((32, 8, 9, 13)).astype(np.float32)
    weight = rng.standard_normal((26, 4, 3, 3)).astype(np.float32)
    bias = rng.standard_normal(26).astype(np.float32)
    more = rng.standard_normal((32, 26, 5, 7)).astype(np.float32)
    y, total = guarded((26, target.plane), np.float32), guarded((26, lanes), np.float32)
    total[...] = 0
    given = {"x": laid(x, source), "weight": weight, "bias": bias, "more": laid(more, target)}
    run(kernel, **given, y=y, total=total)
    check_guards()
    wanted = np.maximum(plain_forward(g, x, weight) + bias[:, None, None], 0) + more
    np.testing.assert_allclose(unlaid(y, target), wanted, rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(total.sum(1), wanted.sum((0, 2, 3)), rtol=1e-4)


@pytest.mark.parametrize(("width", "registers"), [(16, 16), (16, 32), (32, 16)])
@pytest.mark.parametrize("seed", range(10))
def test_other_processors(
    seed: int, width: int, registers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code for narrower vectors and fewer registers, where this processor has at least those."""
    here = host()
    if here.vector_bytes < width:
        pytest.skip("this processor has narrower vectors")
    other = replace(here, vector_bytes=width, registers=registers)
    monkeypatch.setattr("netc.native.kernels.direct.host", lambda: other)
    monkeypatch.setattr("netc.native.compile.host", lambda: other)
    monkeypatch.setattr("netc.native.compile.recall", lambda key: None)
    monkeypatch.setattr("netc.native.compile.remember", lambda key, code: None)
    draw = random.Random(1000 * width + 100 * registers + seed)
    check(some_geometry(draw), "f32", draw.choice([8, 16, 32]), seed)
