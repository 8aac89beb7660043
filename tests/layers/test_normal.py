from math import erfc, sqrt

import numpy as np
import pytest

from netc.kernels.normal import normal_cdf, normal_density

POINTS = np.linspace(-38, 38, 7601)


def cdf(x):
    out, t, z = (np.empty_like(x) for _ in range(3))
    normal_cdf(x, out, t, z)
    return out


@pytest.mark.parametrize(("dtype", "near", "far"), [("f8", 4e-16, 3e-13), ("f4", 2.5e-7, 2e-5)])
def test_the_normal_distribution_is_as_exact_as_its_element_type(dtype, near, far):
    x = POINTS.astype(dtype)
    exact = np.array([erfc(-v / sqrt(2)) / 2 for v in x.astype("f8")])
    found = cdf(x).astype("f8")
    np.testing.assert_allclose(found, exact, rtol=0, atol=near)
    seen = exact > np.finfo(dtype).tiny
    np.testing.assert_allclose(found[seen], exact[seen], rtol=far)


def test_both_sides_add_up_to_one():
    np.testing.assert_allclose(cdf(POINTS) + cdf(-POINTS), 1, rtol=0, atol=3e-16)
    assert cdf(np.zeros(1)) == pytest.approx(0.5, abs=3e-16)


def test_no_number_is_too_large():
    with np.errstate(all="raise", under="ignore"):
        assert cdf(np.float32([-3e38, 3e38])).tolist() == [0, 1]
        assert cdf(np.array([-np.inf, np.inf])).tolist() == [0, 1]


def test_the_density_is_the_slope_of_the_distribution():
    x, step = np.linspace(-5, 5, 101), 1e-5
    density = np.empty_like(x)
    normal_density(x, density)
    np.testing.assert_allclose(density, (cdf(x + step) - cdf(x - step)) / (2 * step), atol=1e-10)
