"""The units of LeNet-5's last layer, and the loss that goes by their distances."""

import numpy as np
import pytest

from netc.layers.digits import digits
from netc.layers.loss import RbfLoss
from netc.layers.rbf import Rbf
from netc.types import Reject, Tensor


def test_rbf_gives_squared_distances_from_the_drawings_of_digits(run):
    drawings = digits("f64")
    ran = run(Rbf(10, "digits_7x12"), drawings, dy=np.eye(10))
    np.testing.assert_array_equal(np.diag(ran.y), 0)
    differing = (drawings[:, None] != drawings).sum(axis=2)
    np.testing.assert_array_equal(ran.y, 4 * differing)
    assert not ran.gradients["dx"].any(), "nothing pulls where the distance is 0"


def test_the_drawings_are_ten_that_differ_and_no_weights():
    drawings = digits("f32")
    assert drawings.shape == (10, 84)
    assert set(np.unique(drawings)) == {-1, 1}
    differing = (drawings[:, None] != drawings).sum(axis=2) + 84 * np.eye(10)
    assert differing.min() >= 6
    assert not Rbf(10, "digits_7x12").weights(Tensor((84,)))
    assert Rbf(10).weights(Tensor((84,)))["center"].shape == (10, 84)


@pytest.mark.parametrize(
    ("units", "size", "culprit", "reason"),
    [(10, 80, "x", "84 pixels, the input has 80"), (11, 84, "units", "of 10 digits, not of 11")],
)
def test_drawings_fit_84_numbers_and_ten_units(units, size, culprit, reason):
    with pytest.raises(Reject, match=reason) as caught:
        Rbf(units, "digits_7x12").infer(Tensor((size,)))
    assert caught.value.culprit == culprit


def test_rbf_loss_is_equation_8_or_9_of_the_lenet_paper(run):
    penalties, label = np.array([[3.0, 1.0, 7.0], [0.5, 2.0, 9.0]]), [1, 2]
    assert run(RbfLoss("mle"), penalties, label).y == (1 + 9) / 2
    ran = run(RbfLoss("map", 2.0), penalties, label)
    rubbish = np.log(np.exp(-2.0) + np.exp(-penalties).sum(axis=1))
    assert ran.y == pytest.approx(5 + rubbish.mean())
    parts = np.exp(-penalties) / (np.exp(-2.0) + np.exp(-penalties).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(ran.gradients["dpenalties"], ([[0, 1, 0], [0, 0, 1]] - parts) / 2)


def test_rbf_loss_of_huge_distances_is_exact(run):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        ran = run(RbfLoss("map", 1.0), np.float32([[5000, 3000]]), [0])
    assert ran.y == pytest.approx(5000 - 1)


# ---- regression and embeddings
