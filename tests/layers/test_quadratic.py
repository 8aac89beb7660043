import numpy as np
import pytest

from netc.layers.quadratic import Quadratic
from netc.types import Reject, Tensor


def test_products_follow_the_channels_the_second_factor_running_fastest(run):
    ran = run(Quadratic(), [[2.0, 3.0, 5.0]], dy=np.arange(12.0))
    assert ran.y.tolist() == [[2, 3, 5, 4, 6, 10, 6, 9, 15, 10, 15, 25]]
    slope_of_the_first = 0 + 2 * 3 * 2 + (4 + 6) * 3 + (5 + 9) * 5
    assert ran.gradients["dx"][0, 0] == slope_of_the_first


def test_places_of_an_image_are_apart(run):
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    y = run(Quadratic(), x).y
    products = np.einsum("nihw,njhw->nijhw", x, x).reshape(2, 9, 4, 5)
    np.testing.assert_array_equal(y, np.concatenate([x, products], 1))


def test_a_single_number_has_no_channels_to_multiply():
    with pytest.raises(Reject, match="no channels to multiply"):
        Quadratic().infer(Tensor(()))
