import numpy as np
import pytest

from netc.layers.combine import Add, Concat
from netc.types import Reject, Tensor


def test_add_sums_any_number_of_values_and_copies_the_gradient(run):
    ran = run(Add(), [[1.0, 2.0]], [[10.0, 20.0]], [[100.0, 200.0]], dy=[[5.0, 6.0]])
    assert ran.y.tolist() == [[111, 222]]
    assert [d.tolist() for d in ran.gradients["dxs"]] == [[[5, 6]]] * 3


def test_add_may_lie_over_its_first_value():
    x, more = np.ones((2, 3)), [np.full((2, 3), 2.0), np.full((2, 3), 4.0)]
    Add().forward([x, *more], x)
    assert (x == 7).all()


def test_add_may_lie_over_a_value_that_is_added_twice():
    a, b = np.ones((2, 3)), np.full((2, 3), 2.0)
    Add().forward([a, b, a], a)
    assert (a == 4).all()


def test_concat_joins_channels_and_parts_the_gradient(run):
    a, b = np.arange(4.0).reshape(1, 1, 4), np.arange(8.0).reshape(1, 2, 4) + 10
    ran = run(Concat(), a, b, dy=np.arange(12.0).reshape(1, 3, 4))
    assert ran.y.tolist() == [[[0, 1, 2, 3], [10, 11, 12, 13], [14, 15, 16, 17]]]
    da, db = ran.gradients["dxs"]
    assert da.tolist() == [[[0, 1, 2, 3]]]
    assert db.tolist() == [[[4, 5, 6, 7], [8, 9, 10, 11]]]


def test_concat_joins_along_another_axis(run):
    ran = run(Concat(2), [[[1.0], [2.0]]], [[[3.0, 4.0], [5.0, 6.0]]])
    assert ran.y.tolist() == [[[1, 3, 4], [2, 5, 6]]]


@pytest.mark.parametrize(
    ("layer", "shapes", "culprit", "reason"),
    [
        (Add(), [(3, 4), (3, 4), (3, 5)], "xs[2]", r"value 3 is \[3, 5\], value 1 is \[3, 4\]"),
        (Add(), [(3, 4)], "xs", "2 values or more, found 1"),
        (Concat(), [(3, 4), (3, 5)], "xs[1]", r"\[3, 5\], value 1 is \[3, 4\]: .* axis 2, not"),
        (Concat(), [(3, 4), (3,)], "xs[1]", "not as many axes"),
        (Concat(3), [(3, 4), (3, 4)], "axis", r"no axis 3 in \[3, 4\]"),
        (Concat(), [(), ()], "axis", "no axis 1"),
    ],
)
def test_values_that_do_not_fit_are_refused(layer, shapes, culprit, reason):
    with pytest.raises(Reject, match=reason) as caught:
        layer.infer(*map(Tensor, shapes))
    assert caught.value.culprit == culprit


def test_class_labels_cannot_be_joined():
    with pytest.raises(Reject) as caught:
        Add().infer(Tensor(()), Tensor((), "i64", classes=3))
    assert caught.value.culprit == "xs[1]"
