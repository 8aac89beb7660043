from math import erf, exp, log1p, sqrt, tanh

import numpy as np
import pytest

from netc.layers.gates import HardSwish, Mish, Silu
from netc.layers.gelu import Gelu

GATES = [Gelu(), Gelu("tanh"), Silu(), Silu(2.5), Mish(), HardSwish()]
POINTS = np.linspace(-9, 9, 181)


def values(curve):
    return [[curve(x) for x in POINTS]]


def test_gelu_is_the_formula_to_the_last_digits(run):
    exact = values(lambda x: x * (1 + erf(x / sqrt(2))) / 2)
    np.testing.assert_allclose(run(Gelu(), [POINTS]).y, exact, rtol=0, atol=2e-15)


def test_gelu_keeps_its_digits_far_below_zero(run):
    # -10 times the normal distribution's 7.619853024160527e-24
    np.testing.assert_allclose(run(Gelu(), [[-10.0]]).y, -7.619853024160527e-23, rtol=1e-13)


def test_the_tanh_form_is_near_and_is_the_formula(run):
    formula = values(lambda x: 0.5 * x * (1 + tanh(sqrt(2 / np.pi) * (x + 0.044715 * x**3))))
    y = run(Gelu("tanh"), [POINTS]).y
    np.testing.assert_allclose(y, formula, atol=1e-15)
    np.testing.assert_allclose(y, run(Gelu(), [POINTS]).y, atol=5e-4)


def test_silu_is_x_times_its_sigmoid(run):
    for beta in (1.0, 1.7, -0.5):
        exact = values(lambda x, beta=beta: x / (1 + exp(-beta * x)))
        np.testing.assert_allclose(run(Silu(beta), [POINTS]).y, exact, rtol=1e-14, atol=1e-15)


def test_mish_is_x_times_the_tanh_of_softplus(run):
    exact = values(lambda x: x * tanh(log1p(exp(x))))
    np.testing.assert_allclose(run(Mish(), [POINTS]).y, exact, rtol=1e-13)


def test_mish_has_the_least_value_of_its_paper(run):
    # Misra 2019, section 2: bounded below by about -0.31
    x = np.linspace(-2, 0, 200001)
    assert run(Mish(), [x]).y.min() == pytest.approx(-0.30884, abs=1e-5)


def test_hard_swish_is_closed_below_minus_three_and_open_above_three(run):
    ran = run(HardSwish(), [[-4.0, -3.0, 0.0, 1.5, 3.0, 4.0]])
    np.testing.assert_allclose(ran.y, [[0, 0, 0, 1.125, 3, 4]])
    np.testing.assert_allclose(ran.gradients["dx"], [[0, 0, 0.5, 1, 1, 1]])


@pytest.mark.parametrize("layer", GATES, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_values_neither_overflow_nor_lose_the_slope(layer, dtype, run):
    far = float(np.finfo(dtype).max) / 8
    x = np.array([[-far, -1e6, -60, 60, 1e6, far]], dtype)
    with np.errstate(all="raise", under="ignore"):
        ran = run(layer, x)
    np.testing.assert_allclose(ran.y[0, :3], 0, atol=1e-20)
    np.testing.assert_allclose(ran.y[0, 3:], x[0, 3:], rtol=1e-6)
    np.testing.assert_allclose(ran.gradients["dx"][0], [0, 0, 0, 1, 1, 1], atol=1e-6)
