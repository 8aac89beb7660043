"""Losses that are sums of formulas against the rules of their layers."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from netc.layers import REGISTRY, Layer
from netc.native.call import call
from netc.native.formula import Formula, Recorder, Step
from netc.native.kernels.pointwise_loss import PointwiseLoss
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import host
from netc.types import NUMPY_DTYPES, Dtype, Tensor
from tests.native.blocks import in_block, planes
from tests.native.guarded import check_guards, guarded, guarded_copy
from tests.rules import Bench

pytest.importorskip("llvmlite")

LAYERS = [
    REGISTRY["euclidean_loss"](),
    REGISTRY["smooth_l1_loss"](),
    REGISTRY["smooth_l1_loss"](beta=0.3),
    REGISTRY["sigmoid_loss"](),
    REGISTRY["sigmoid_loss"](ignore=1.0),
]


def cases() -> list[Any]:
    rng = np.random.default_rng(6)
    made = []
    for seed in range(80):
        sides = [(), (), (3,), (4, 5), (1, 7)][rng.integers(5)]
        block, dtype = int(rng.choice([1, 2, 3, 5, 8, 16, 17, 32, 48])), rng.choice(["f32", "f64"])
        layout = Layout((int(rng.integers(1, 12)), *sides), block, int(rng.choice([0, 0, 16, 5])))
        valid = int(rng.choice([block, rng.integers(1, block + 1)]))
        made.append(pytest.param(LAYERS[seed % len(LAYERS)], layout, valid, str(dtype), seed))
    return made


def cost_and_slope(layer: Any, first: str) -> Formula:
    """What a layer says of its cost, and of the gradient of its first input for a `dy` of 1."""
    p = Recorder()
    given = {first: p.value("x"), "target": p.value("target")}
    cost = layer.formula(p, **given)
    slope = layer.gradient(p, p.number(1), **given)[f"d{first}"]
    return Formula(tuple(p.steps), (("cost", cost), ("slope", slope))).tidied()


@pytest.mark.parametrize(("layer", "layout", "valid", "dtype", "seed"), cases())
def test_pointwise_losses(
    layer: Layer, layout: Layout, valid: int, dtype: Dtype, seed: int
) -> None:
    first = "scores" if type(layer).name == "sigmoid_loss" else "x"
    bench = Bench(layer, *[Tensor(layout.shape, dtype)] * 2, batch=valid, seed=seed, dtype=dtype)
    np.round(bench.arrays["target"], out=bench.arrays["target"])
    y, gradients = bench.forward(), bench.backward()
    number, lanes = NUMPY_DTYPES[dtype], host().lanes(dtype)
    other = replace(layout, pad=layout.pad + 3)
    formula = cost_and_slope(layer, first)
    kernel = PointwiseLoss(dtype, formula, (("x", layout), ("target", other)))
    total, sums = guarded(1, np.float64), guarded((layout.channels, lanes), number)
    sums.fill(0)
    given = {
        "x": in_block(bench.arrays[first], layout),
        "target": in_block(bench.arrays["target"], other),
        "dy": guarded_copy(bench.arrays["dy"].reshape(1)),
        "count": guarded_copy(np.array([valid])),
        "sum": total,
        "valid": valid,
    }
    call(kernel, **given, first=0, stop=kernel.units)
    close = {"f32": 1e-5, "f64": 1e-13}[dtype]
    np.testing.assert_allclose(total[0] / valid, y, rtol=close)
    made = Formula((Step("made"),), (("dx", 0),), (("bias", 0),))
    whole = replace(kernel, tail=Tail(made, (("dx", layout),)))
    dx = guarded(layout.size, number)
    call(whole, **given, dx=dx, bias=sums, first=0, stop=kernel.units)
    check_guards()
    np.testing.assert_allclose(total[0] / valid, y, rtol=close)
    view, wanted = planes(dx, layout), gradients[first]
    np.testing.assert_allclose(view[:valid], wanted, atol=close)
    assert not view[valid:].any()
    summed = wanted.sum((0, *range(2, wanted.ndim)))
    np.testing.assert_allclose(sums.sum(1), summed, atol=100 * close)
    parts = guarded(3, np.float64)
    for t in range(3):
        units = (kernel.units * i // 3 for i in (t, t + 1))
        call(
            kernel,
            **(given | {"sum": parts[t:]}),
            **dict(zip(("first", "stop"), units, strict=True)),
        )
    assert parts.sum() == pytest.approx(total[0], rel=1e-9)
