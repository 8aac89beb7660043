"""Polynomials against the C library's and NumPy's functions, computed with more digits."""

from math import erfc, inf, nan, sqrt

import numpy as np
import pytest

from netc.native.formula import Formula, Recorder
from netc.native.kernels.pointwise import Pointwise
from netc.native.layout import Layout
from netc.native.tail import Tail

pytest.importorskip("llvmlite")

from netc.native.call import call
from tests.native.guarded import check_guards, guarded, guarded_copy

CURVES = {
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "normal_cdf": np.vectorize(lambda x: erfc(-x / sqrt(2)) / 2, otypes=[np.float64]),
}
LIMITS = {"f32": (np.float32, 88.0), "f64": (np.float64, 708.0)}
EDGES = (0.0, inf, -inf, nan, 1.0, -1.0, -2.0, 1e-40, -1e-40, 3e38, -3e38, 1.2e-38)


def computed(kind: str, x: np.ndarray, dtype: str) -> np.ndarray:
    layout = Layout((1, x.size), 1)
    p = Recorder()
    result = getattr(p, kind)(p.value("x"))
    formula = Formula(tuple(p.steps), (("y", result),))
    y = guarded(x.shape, x.dtype)
    kernel = Pointwise(dtype, Tail(formula, (("x", layout), ("y", layout))), layout)
    call(kernel, x=guarded_copy(x), y=y, first=0, stop=1)
    check_guards()
    return y


def points(kind: str, dtype: str) -> np.ndarray:
    kind_of, far = LIMITS[dtype]
    rng = np.random.default_rng(5)
    near = rng.standard_normal(9001) * 10.0 ** rng.uniform(-12, 1, 9001)
    x = np.concatenate([rng.uniform(-far, far, 9001), near])
    if kind == "log":
        x = np.concatenate([np.abs(x), 10.0 ** rng.uniform(-44, 38, 9001)])
    elif kind == "log1p":
        x = np.maximum(x, -0.99)
    return x.astype(kind_of)


@pytest.mark.parametrize("dtype", LIMITS)
@pytest.mark.parametrize("kind", ["exp", "expm1", "log", "log1p", "tanh", "sigmoid"])
def test_curves_are_as_exact_as_their_element_type(kind, dtype):
    x = points(kind, dtype)
    with np.errstate(all="ignore"):
        exact = CURVES[kind](x.astype(np.longdouble))
    step = np.spacing(np.abs(exact.astype(x.dtype)))
    assert np.max(np.abs(computed(kind, x, dtype) - exact) / step) < 3


@pytest.mark.parametrize(("dtype", "near"), [("f32", 2.5e-7), ("f64", 4e-16)])
def test_the_normal_distribution(dtype, near):
    x = np.linspace(-38, 38, 7601).astype(LIMITS[dtype][0])
    exact = CURVES["normal_cdf"](x.astype(np.float64))
    np.testing.assert_allclose(computed("normal_cdf", x, dtype), exact, rtol=0, atol=near)


@pytest.mark.parametrize("dtype", LIMITS)
@pytest.mark.parametrize("kind", CURVES)
def test_infinities_small_numbers_and_what_is_none(kind, dtype):
    x = np.array(EDGES, LIMITS[dtype][0])
    with np.errstate(all="ignore"):
        exact = CURVES[kind](x.astype(np.float64)).astype(x.dtype)
        if kind == "sigmoid":
            exact = (1 / (1 + np.exp(-x))).astype(x.dtype)
    np.testing.assert_allclose(computed(kind, x, dtype), exact, rtol=1e-6, atol=1e-45)


@pytest.mark.parametrize("size", [1, 3, 15, 16, 17, 64, 100])
def test_a_curve_is_the_same_in_a_vector_and_in_the_rest(size):
    x = np.linspace(-3, 3, size).astype(np.float32)
    alone = [computed("tanh", x[i : i + 1].copy(), "f32")[0] for i in range(size)]
    assert computed("tanh", x, "f32").tolist() == alone
