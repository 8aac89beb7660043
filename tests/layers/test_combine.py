import numpy as np
import pytest

from netc.layers.by_phase import ByPhase
from netc.layers.combine import Add, Max, Mul
from netc.layers.concat import Concat
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


def test_mul_multiplies_and_the_gradient_of_each_has_all_others(run):
    ran = run(Mul(), [[2.0, 3.0]], [[5.0, 7.0]], [[11.0, 13.0]], dy=[[1.0, 10.0]])
    assert ran.y.tolist() == [[110, 273]]
    gradients = [d.tolist() for d in ran.gradients["dxs"]]
    assert gradients == [[[55, 910]], [[22, 390]], [[10, 210]]]


def test_zeros_do_not_harm_the_gradient_of_a_product(run):
    ran = run(Mul(), [[0.0, 0.0]], [[5.0, 0.0]], [[3.0, 4.0]], [[2.0, 2.0]])
    assert [d.tolist() for d in ran.gradients["dxs"]] == [[[30, 0]], [[0, 0]], [[0, 0]], [[0, 0]]]


def test_max_gives_the_gradient_to_the_largest(run):
    ran = run(Max(), [[1.0, 9.0, 3.0]], [[4.0, 2.0, 3.5]], [[0.0, 5.0, 8.0]], dy=[[1.0, 2.0, 3.0]])
    assert ran.y.tolist() == [[4, 9, 8]]
    assert [d.tolist() for d in ran.gradients["dxs"]] == [[[0, 2, 0]], [[1, 0, 0]], [[0, 0, 3]]]


def test_of_equal_values_the_first_has_the_gradient_but_the_second_before_the_first(run):
    ran = run(Max(), [[1.0, 2.0, 0.0]], [[1.0, 0.0, 0.0]], [[1.0, 2.0, 3.0]], [[0.0, 2.0, 3.0]])
    assert [d.tolist() for d in ran.gradients["dxs"]] == [
        [[0, 1, 0]],
        [[1, 0, 0]],
        [[0, 0, 1]],
        [[0, 0, 0]],
    ]


def test_max_of_more_values_than_a_byte_can_count(run):
    values = [np.full((1, 1), float(i)) for i in range(300)]
    ran = run(Max(), *values)
    assert [i for i, d in enumerate(ran.gradients["dxs"]) if d.any()] == [299]


@pytest.mark.parametrize("layer", [Add(), Mul(), Max()])
@pytest.mark.parametrize("over", [0, 1, 2, 3])
def test_a_join_may_lie_over_any_of_its_values(layer, over):
    values = [np.random.default_rng(i).normal(size=(2, 3)) for i in range(4)]
    rooms = {"best": np.zeros((2, 3), np.uint8), "mask": np.zeros((2, 3), np.uint8)}
    rooms = rooms if isinstance(layer, Max) else {}
    apart = np.empty((2, 3))
    layer.forward(values, apart, **rooms)
    layer.forward(values, values[over], **rooms)
    np.testing.assert_array_equal(values[over], apart)


@pytest.mark.parametrize("training", [True, False])
def test_by_phase_gives_the_value_of_the_phase_and_the_gradient_to_it(training):
    values = {"train": np.ones((2, 3)), "test": np.full((2, 3), 2.0)}
    gradients = {"dtrain": np.full((2, 3), np.nan), "dtest": np.full((2, 3), np.nan)}
    y, chosen = np.empty((2, 3)), "train" if training else "test"
    ByPhase().forward(**values, y=y, training=training)
    ByPhase().backward(np.full((2, 3), 5.0), training, **gradients)
    assert (y == values[chosen]).all()
    assert (gradients.pop(f"d{chosen}") == 5).all()
    assert not next(iter(gradients.values())).any()
    assert ByPhase().bypass(chosen) == chosen


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
        (Mul(), [(3, 4), (1, 4)], "xs[1]", r"value 2 is \[1, 4\], value 1 is \[3, 4\]"),
        (Max(), [(3, 4), (3, 4), (4,)], "xs[2]", r"value 3 is \[4\]"),
        (ByPhase(), [(3, 4), (3, 5)], "train", r"\[3, 4\] in training and \[3, 5\] otherwise"),
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
