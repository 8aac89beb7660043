import numpy as np
import pytest

from netc.layers.softmax import Softmax
from netc.types import Reject, Tensor


def test_softmax_of_known_scores(run):
    ran = run(Softmax(), np.log([[1.0, 2.0, 5.0]]), dy=[[1.0, 0.0, 0.0]])
    np.testing.assert_allclose(ran.y, [[0.125, 0.25, 0.625]])
    np.testing.assert_allclose(ran.gradients["dx"], [[7 / 64, -2 / 64, -5 / 64]])


def test_softmax_takes_each_place_of_an_image_alone(run):
    y = run(Softmax(), np.random.default_rng(0).normal(size=(2, 3, 4, 5))).y
    np.testing.assert_allclose(y.sum(axis=1), 1)


def test_softmax_does_not_overflow(run):
    assert run(Softmax(), [[3e4, 0.0, -3e4]]).y.tolist() == [[1, 0, 0]]


def test_softmax_needs_channels():
    with pytest.raises(Reject, match="no channels"):
        Softmax().infer(Tensor(()))
