import numpy as np
import pytest

from netc.layers.measure import Accuracy, ClassAccuracy, Confusion, MeanIou, MultiLabelAccuracy
from netc.types import Reject, Tensor

SCORES = [[0.1, 0.7, 0.2], [0.5, 0.3, 0.2], [0.2, 0.3, 0.5], [0.4, 0.5, 0.1]]


def test_accuracy_counts_the_highest_score(run):
    assert run(Accuracy(), SCORES, [1, 0, 2, 2]).y == 0.75


def test_top_two_counts_the_second_highest_too(run):
    assert run(Accuracy(2), SCORES, [2, 1, 0, 0]).y == 0.75


def test_ties_count_against_the_label(run):
    assert run(Accuracy(), np.zeros((4, 3)), [0, 1, 2, 0]).y == 0
    assert run(Accuracy(2), [[1.0, 1.0, 0.0]], [0]).y == 1


def test_scores_that_are_no_numbers_are_never_right(run):
    assert run(Accuracy(), np.full((2, 3), np.nan), [0, 1]).y == 0
    assert run(Accuracy(), [[np.nan, 5.0, 1.0]], [0]).y == 0
    assert run(MultiLabelAccuracy(), [[np.nan, np.nan]], [[0.0, 1.0]]).y.tolist() == [0, 2]


def test_ignored_labels_do_not_count(run):
    assert run(Accuracy(ignore=-1), SCORES, [1, -1, -1, 2]).y == 0.5
    assert run(Accuracy(ignore=-1), SCORES, [-1, -1, -1, -1]).y == 0


def test_accuracy_is_a_metric_without_a_gradient():
    assert Accuracy.roles == ("metric",)
    assert Accuracy.backward is None


@pytest.mark.parametrize("kind", [Accuracy, ClassAccuracy])
def test_more_than_there_are_classes_is_refused(kind):
    with pytest.raises(Reject, match="the top 4 of 3 classes are always right") as caught:
        kind(4).infer(Tensor((3,)), Tensor((), "i64", classes=3))
    assert caught.value.culprit == "top"


def test_accuracy_of_a_map_is_that_of_its_places(run):
    rng = np.random.default_rng(3)
    scores, label = rng.normal(size=(2, 4, 3, 5)), rng.integers(0, 4, (2, 3, 5))
    rows = np.moveaxis(scores, 1, -1).reshape(-1, 4), label.reshape(-1)
    for metric in (Accuracy(), Accuracy(2, ignore=1), ClassAccuracy(), Confusion(), MeanIou()):
        np.testing.assert_array_equal(run(metric, scores, label).y, run(metric, *rows).y)


# ---- by class


def test_class_accuracy_counts_right_answers_of_each_class(run):
    y = run(ClassAccuracy(), SCORES, [1, 0, 0, 1]).y
    assert y.tolist() == [[1, 2, 0], [2, 2, 0]]
    np.testing.assert_array_equal(ClassAccuracy().result(y), [0.5, 1, np.nan])


def test_class_accuracy_leaves_out_ignored_labels_and_may_look_at_more_scores(run):
    y = run(ClassAccuracy(2, ignore=255), SCORES, [2, 255, 0, 0]).y
    assert y.tolist() == [[1, 0, 1], [2, 0, 1]]


def test_confusion_counts_answers_in_columns(run):
    table = run(Confusion(ignore=9), [*SCORES, [9.0, 0.0, 0.0]], [0, 0, 2, 1, 9]).y
    assert table.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 1]]
    np.testing.assert_array_equal(Confusion().result(table), table)


def test_the_first_of_equal_scores_is_the_answer(run):
    assert run(Confusion(), np.zeros((3, 3)), [0, 1, 1]).y.tolist() == [
        [1, 0, 0],
        [2, 0, 0],
        [0] * 3,
    ]


def test_mean_iou_is_that_of_the_confusions_of_all_batches(run):
    first = run(MeanIou(), SCORES[:2], [1, 1]).y
    second = run(MeanIou(), SCORES[3:], [0]).y
    total = first + second
    # right, then all that is of a class or was answered with it
    assert total.tolist() == [[0, 1, 0], [2, 3, 0]]
    assert MeanIou().result(total) == pytest.approx((0 + 1 / 3) / 2)


def test_mean_iou_of_nothing_is_zero(run):
    y = run(MeanIou(ignore=7), SCORES[:1], [7]).y
    assert MeanIou().result(y) == 0


# ---- several labels at once


def test_multi_label_accuracy_counts_answers_or_whole_examples(run):
    scores, target = [[2.0, -1.0, 0.5], [-3.0, -1.0, 4.0]], [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    assert run(MultiLabelAccuracy(), scores, target).y.tolist() == [5, 6]
    assert run(MultiLabelAccuracy(exact=True), scores, target).y.tolist() == [1, 2]
    assert run(MultiLabelAccuracy(1.0), scores, target).y.tolist() == [6, 6]


def test_unknown_targets_do_not_count(run):
    scores, target = [[2.0, -1.0], [-3.0, 1.0]], [[-1.0, 1.0], [-1.0, -1.0]]
    assert run(MultiLabelAccuracy(ignore=-1.0), scores, target).y.tolist() == [0, 1]
    y = run(MultiLabelAccuracy(exact=True, ignore=-1.0), scores, target).y
    assert y.tolist() == [0, 1]
    assert MultiLabelAccuracy().result(np.zeros(2, np.int64)) == 0
