import numpy as np
import pytest

from netc.layers.smooth import ScaledTanh, Selu, Softplus

HUGE = np.float32([[-3e38, -1e5, -100, 100, 1e5, 3e38]])


def test_selu_keeps_mean_zero_and_variance_one(run):
    # Klambauer et al. 2017: the fixed point of mean 0 and variance 1 for normal inputs
    x = np.random.default_rng(0).standard_normal((1000, 1000))
    y = run(Selu(), x).y
    assert y.mean() == pytest.approx(0, abs=2e-3)
    assert y.var() == pytest.approx(1, abs=5e-3)


def test_selu_scales_above_zero_and_ends_below(run):
    ran = run(Selu(), [[-1e9, 0.0, 2.0]], dy=np.ones((1, 3)))
    np.testing.assert_allclose(ran.y, [[-1.7580993408473766, 0, 2.101401974710961]])
    np.testing.assert_allclose(
        ran.gradients["dx"], [[0, 1.7580993408473766, 1.0507009873554805]], atol=1e-15
    )


def test_softplus_has_its_known_values(run):
    ran = run(Softplus(), [[0.0, 1.0, -1.0]])
    # log 2, log(1 + e), log(1 + 1/e); the gradient is the sigmoid
    np.testing.assert_allclose(ran.y, [[0.6931471805599453, 1.3132616875182228, 0.31326168751822]])
    np.testing.assert_allclose(ran.gradients["dx"], [[0.5, 0.7310585786300049, 0.2689414213699951]])


def test_softplus_keeps_its_digits_far_below_zero(run):
    ran = run(Softplus(), [[-40.0, -700.0]])
    np.testing.assert_allclose(ran.y, np.exp([[-40.0, -700.0]]), rtol=1e-14)
    np.testing.assert_allclose(ran.gradients["dx"], np.exp([[-40.0, -700.0]]), rtol=1e-14)


def test_scaled_tanh_is_that_of_lenet(run):
    # LeCun et al. 1998, appendix A: f(1) = 1 and f(-1) = -1
    ran = run(ScaledTanh(), [[1.0, -1.0, 0.0, 1e9]])
    np.testing.assert_allclose(ran.y, [[1, -1, 0, 1.7159]], atol=1e-4)
    np.testing.assert_allclose(ran.gradients["dx"][0, 2:], [1.7159 * 2 / 3, 0], atol=1e-15)


@pytest.mark.parametrize("layer", [Selu(), Softplus(), ScaledTanh()], ids=str)
def test_huge_values_neither_overflow_nor_lose_the_slope(layer, run):
    with np.errstate(all="raise", under="ignore"):
        ran = run(layer, HUGE / 2)
    assert np.isfinite(ran.y).all()
    slopes = ran.gradients["dx"]
    np.testing.assert_allclose(slopes[0, :3], 0, atol=1e-6)
    flat = isinstance(layer, ScaledTanh)
    np.testing.assert_allclose(slopes[0, 3:], 0 if flat else slopes[0, 3], atol=1e-6)
