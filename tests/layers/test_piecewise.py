import numpy as np
import pytest

from netc.layers.piecewise import Clip, HardSigmoid, Threshold
from netc.types import Reject, Tensor

X = [[-4.0, -3.0, 0.0, 1.5, 3.0, 4.0]]


def test_hard_sigmoid_is_a_line_between_its_ends(run):
    ran = run(HardSigmoid(), X)
    np.testing.assert_allclose(ran.y, [[0, 0, 0.5, 0.75, 1, 1]])
    np.testing.assert_allclose(ran.gradients["dx"], [[0, 0, 1 / 6, 1 / 6, 0, 0]])


def test_the_hard_sigmoid_of_theano(run):
    np.testing.assert_allclose(run(HardSigmoid(0.2), [[-1.0, 2.0, 3.0]]).y, [[0.3, 0.9, 1]])


def test_clip_passes_the_gradient_up_to_both_ends(run):
    ran = run(Clip(min=-3, max=3), X, dy=10.0)
    assert ran.y.tolist() == [[-3, -3, 0, 1.5, 3, 3]]
    assert ran.gradients["dx"].tolist() == [[0, 10, 10, 10, 10, 0]]


@pytest.mark.parametrize(
    ("ends", "y"), [({"min": 0}, [0, 0, 0, 1.5, 3, 4]), ({"max": 0}, [-4, -3, 0, 0, 0, 0])]
)
def test_clip_may_have_one_end(ends, y, run):
    assert run(Clip(**ends), X).y.tolist() == [y]


@pytest.mark.parametrize(
    ("ends", "culprit", "reason"),
    [
        ({}, "x", "neither `min` nor `max` is given"),
        ({"min": 1, "max": 0}, "max", "`max` 0 is not above `min` 1"),
        ({"min": 0.5, "max": 0.5}, "max", "y would be one number"),
    ],
)
def test_ends_that_leave_nothing_are_refused(ends, culprit, reason):
    with pytest.raises(Reject, match=reason) as refused:
        Clip(**ends).infer(Tensor((3,)))
    assert refused.value.culprit == culprit


def test_threshold_must_be_passed(run):
    ran = run(Threshold(0.5), [[0.4, 0.5, 0.6, np.nan]])
    assert ran.y.tolist() == [[0, 0, 1, 0]]
    assert not ran.gradients["dx"].any()
