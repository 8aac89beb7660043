import numpy as np
import pytest

from netc.layers.shape import Flatten, Identity, Reshape
from netc.types import Reject, Tensor


def test_flatten_runs_the_last_axis_fastest(run):
    ran = run(Flatten(), np.arange(6.0).reshape(1, 2, 3), dy=np.arange(6.0).reshape(1, 6))
    assert ran.y.tolist() == [[0, 1, 2, 3, 4, 5]]
    assert ran.gradients["dx"].tolist() == [[[0, 1, 2], [3, 4, 5]]]


def test_flatten_is_right_with_the_batch_last_in_memory():
    x = np.moveaxis(np.arange(12.0).reshape(2, 3, 2), -1, 0)
    y = np.empty((6, 2)).T
    Flatten().forward(x, y)
    assert y.tolist() == [[0, 2, 4, 6, 8, 10], [1, 3, 5, 7, 9, 11]]


def test_reshape_works_out_one_side(run):
    ran = run(Reshape((3, -1)), np.arange(6.0).reshape(1, 6))
    assert ran.y.tolist() == [[[0, 1], [2, 3], [4, 5]]]


def test_reshape_to_a_single_number():
    assert Reshape(()).infer(Tensor((1, 1))) == Tensor(())


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ((5, -1), r"the 12 numbers of \[3, 4\] do not go into \[5, -1\]: 12 is no multiple of 5"),
        ((5, 2), r"\[5, 2\] holds 10 numbers, but \[3, 4\] has 12"),
        ((-1, -1), "more than one unknown side"),
        ((0, -1), "a side of 0"),
    ],
)
def test_shapes_that_hold_another_number_are_refused(shape, reason):
    with pytest.raises(Reject, match=reason) as caught:
        Reshape(shape).infer(Tensor((3, 4)))
    assert caught.value.culprit == "shape"


def test_identity_changes_nothing(run):
    ran = run(Identity(), [[1.0, -2.0]], dy=[[3.0, 4.0]])
    assert ran.y.tolist() == [[1, -2]]
    assert ran.gradients["dx"].tolist() == [[3, 4]]


def test_identity_passes_labels_too():
    label = Tensor((), "i64", classes=3)
    assert Identity().infer(label) == label
