"""Normalization by kernels is that of the NumPy rule, whatever the sizes."""

from typing import Any

import numpy as np
import pytest

from netc.kernels.lrn import lrn, lrn_dx
from netc.native.call import call
from netc.native.formula import result_of
from netc.native.kernels.lrn import Lrn, LrnGradient
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.types import NUMPY_DTYPES, Dtype
from tests.native.guarded import check_guards, guarded

pytest.importorskip("llvmlite")

BETAS = (0.75, 0.75, 0.5, 1.0, 0.6)


def laid(x: np.ndarray, layout: Layout) -> np.ndarray:
    """[channels, numbers] in a guarded block."""
    memory = guarded((layout.channels, layout.plane), x.dtype)
    memory[:, : layout.used] = x
    return memory


def run(kernel: Any, result: Layout, **given: Any) -> np.ndarray:
    """What a kernel makes of arrays, called by units and whole."""
    made = []
    for middle in (0, kernel.units // 2):
        out = guarded((result.channels, result.plane), NUMPY_DTYPES[kernel.dtype])
        for first, stop in ((0, middle), (middle, kernel.units)):
            call(kernel, first=first, stop=stop, made=out, **given)
        made.append(out[:, : result.used].copy())
    check_guards()
    assert made[0].tobytes() == made[1].tobytes()
    return made[0]


@pytest.mark.parametrize("seed", range(70))
def test_the_rule_and_its_gradient(seed: int) -> None:
    rng = np.random.default_rng(seed)
    dtype: Dtype = "f64" if seed % 3 == 0 else "f32"
    shape = tuple(int(n) for n in rng.integers(1, 9, 3))
    shape = (int(rng.choice([1, 2, 3, 4, 5, 9, 20])), *shape[1:])
    block = int(rng.choice([1, 2, 3, 5, 8, 16, 32, 33]))
    layouts = [Layout(shape, block, int(rng.choice([0, 5, 16]))) for _ in range(4)]
    size, beta = int(rng.choice([1, 3, 5, 5, 9])), float(rng.choice(BETAS))
    weight, k = float(rng.uniform(0.01, 0.5)), float(rng.uniform(0.5, 2))
    x, dy = rng.normal(size=(2, shape[0], layouts[0].used)).astype(NUMPY_DTYPES[dtype])
    y, base, room, dx = (np.empty_like(x) for _ in range(4))
    lrn(x, y, base, room, size, (0,), weight, beta, k)
    lrn_dx(dy, x, y, base, dx, room, size, (0,), weight, beta)

    source, out, above, below = layouts
    near = {"rtol": 1e-5, "atol": 1e-5} if dtype == "f32" else {"rtol": 1e-12, "atol": 1e-12}
    tail = Tail(result_of("made"), (("made", out),))
    got = run(Lrn(dtype, source, size, weight, beta, k, tail), out, x=laid(x, source))
    assert np.allclose(got, y, **near)
    tail = Tail(result_of("made"), (("made", below),))
    back = LrnGradient(dtype, source, size, weight, beta, k, tail, above)
    got = run(back, below, x=laid(x, source), dy=laid(dy, above))
    assert np.allclose(got, dx, **near)
