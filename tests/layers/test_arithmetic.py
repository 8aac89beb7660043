import numpy as np
import pytest

from netc.layers.arithmetic import Abs, Negate, Power
from netc.layers.exponential import Exp, Log
from netc.types import Reject, Tensor


def test_abs_has_no_slope_at_zero(run):
    ran = run(Abs(), [[-2.0, 0.0, 3.0]], dy=5.0)
    assert ran.y.tolist() == [[2, 0, 3]]
    assert ran.gradients["dx"].tolist() == [[-5, 0, 5]]


def test_negate_turns_value_and_gradient(run):
    ran = run(Negate(), [[-2.0, 3.0]], dy=5.0)
    assert ran.y.tolist() == [[2, -3]]
    assert ran.gradients["dx"].tolist() == [[-5, -5]]


@pytest.mark.parametrize("power", [3.0, 2.0, 1.0, 0.5, 0.0, -1.0, -2.5])
def test_power_is_that_of_numpy(power, run):
    x = np.array([[0.3, 1.0, 2.5]])
    ran = run(Power(power, scale=2.0, shift=0.5), x)
    np.testing.assert_allclose(ran.y, (0.5 + 2 * x) ** power)
    np.testing.assert_allclose(ran.gradients["dx"], power * 2 * (0.5 + 2 * x) ** (power - 1))


def test_power_of_negative_numbers_is_a_number_where_it_is_whole(run):
    assert run(Power(3.0), [[-2.0]]).y == -8
    assert np.isnan(run(Power(0.5), [[-2.0]]).y).all()


def test_the_root_has_an_endless_slope_at_zero(run):
    ran = run(Power(0.5), [[0.0]])
    assert (ran.y, ran.gradients["dx"]) == (0, np.inf)


def test_exp_has_e_as_its_base(run):
    np.testing.assert_allclose(run(Exp(), [[1.0]]).y, np.e)
    ran = run(Exp(base=2.0, scale=3.0, shift=-1.0), [[1.0]])
    np.testing.assert_allclose(ran.y, 4)
    np.testing.assert_allclose(ran.gradients["dx"], 4 * 3 * np.log(2))


def test_log_undoes_exp(run):
    x = np.linspace(-3, 3, 13)[None]
    y = run(Exp(base=3.0), x).y
    np.testing.assert_allclose(run(Log(base=3.0), y).y, x, atol=1e-14)


def test_log_of_what_is_not_above_zero_is_no_finite_number(run):
    with np.errstate(all="raise"):
        y = run(Log(), [[0.0, -1.0]]).y
    assert y[0, 0] == -np.inf
    assert np.isnan(y[0, 1])


def test_exp_of_huge_numbers_is_infinite(run):
    with np.errstate(all="raise", under="ignore"):
        assert run(Exp(), np.float32([[1000, -1000]])).y.tolist() == [[np.inf, 0]]


def test_a_logarithm_to_the_base_one_is_refused():
    with pytest.raises(Reject, match="no logarithm to the base 1") as refused:
        Log(base=1.0).infer(Tensor((3,)))
    assert refused.value.culprit == "base"
