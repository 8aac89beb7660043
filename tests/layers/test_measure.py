import numpy as np
import pytest

from netc.layers.measure import Accuracy
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


def test_ignored_labels_do_not_count(run):
    assert run(Accuracy(ignore=-1), SCORES, [1, -1, -1, 2]).y == 0.5
    assert run(Accuracy(ignore=-1), SCORES, [-1, -1, -1, -1]).y == 0


def test_accuracy_is_a_metric_without_a_gradient():
    assert Accuracy.roles == ("metric",)
    assert Accuracy.backward is None


def test_more_than_there_are_classes_is_refused():
    with pytest.raises(Reject, match="the top 4 of 3 classes are always right") as caught:
        Accuracy(4).infer(Tensor((3,)), Tensor((), "i64", classes=3))
    assert caught.value.culprit == "top"
