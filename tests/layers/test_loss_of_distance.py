"""Losses that go by how far numbers are apart: of regression, and of embeddings."""

import numpy as np
import pytest

from netc.layers.loss import ContrastiveLoss, EuclideanLoss, SmoothL1Loss, SumLoss, TripletLoss
from netc.types import Reject, Tensor


def test_euclidean_loss_is_half_the_mean_squared_distance(run):
    ran = run(EuclideanLoss(), [[1.0, 2.0], [3.0, 4.0]], [[0.0, 2.0], [3.0, 7.0]])
    assert ran.y == (1 + 9) / 4
    assert ran.gradients["dx"].tolist() == [[0.5, 0], [0, -1.5]]
    assert ran.gradients["dtarget"].tolist() == [[-0.5, 0], [0, 1.5]]


def test_smooth_l1_loss_is_square_near_and_straight_far(run):
    ran = run(SmoothL1Loss(), [[0.5, -3.0], [1.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]])
    assert ran.y == (0.125 + 2.5 + 0.5) / 2
    assert ran.gradients["dx"].tolist() == [[0.25, -0.5], [0.5, 0]]
    assert run(SmoothL1Loss(4.0), [[2.0]], [[0.0]]).y == 0.5


def test_sum_loss_is_the_mean_over_the_batch_of_sums(run):
    ran = run(SumLoss(), [[[1.0, 2.0], [3.0, 4.0]], [[-1.0, 0.0], [0.0, 1.0]]])
    assert ran.y == 5
    assert ran.gradients["dx"].tolist() == [[[0.5, 0.5], [0.5, 0.5]]] * 2


def test_contrastive_loss_pulls_pairs_together_and_pushes_others_apart(run):
    left, right = [[3.0, 0.0], [1.0, 0.0], [9.0, 0.0]], [[0.0, 4.0], [0.0, 0.0], [0.0, 0.0]]
    ran = run(ContrastiveLoss(2.0), left, right, np.array([1, 0, 0]))
    assert ran.y == (25 + 1 + 0) / 6
    np.testing.assert_allclose(ran.gradients["dleft"] * 3, [[3, -4], [-1, 0], [0, 0]])
    np.testing.assert_allclose(ran.gradients["dright"], -ran.gradients["dleft"])


def test_contrastive_loss_at_one_place_has_no_direction(run):
    ran = run(ContrastiveLoss(), [[1.0, 2.0]], [[1.0, 2.0]], np.array([0]))
    assert ran.y == 0.5
    assert not ran.gradients["dleft"].any()


def test_contrastive_loss_may_measure_its_margin_in_squares(run):
    ran = run(
        ContrastiveLoss(2.0, squared=True), [[1.0, 0.0], [3.0, 0.0]], np.zeros((2, 2)), [0, 0]
    )
    assert ran.y == (2 - 1) / 4
    assert ran.gradients["dleft"].tolist() == [[-0.5, 0], [0, 0]]


@pytest.mark.parametrize(
    "same", [Tensor((), "i64", classes=3), Tensor(()), Tensor((2,), "i64", classes=2)]
)
def test_contrastive_loss_wants_to_know_which_are_the_same(same):
    with pytest.raises(Reject, match=r"expected class\(2\)") as caught:
        ContrastiveLoss().infer(Tensor((3,)), Tensor((3,)), same)
    assert caught.value.culprit == "same"


def test_triplet_loss_wants_the_negative_farther_by_a_margin(run):
    anchor = [[0.0, 0.0], [0.0, 0.0]]
    ran = run(TripletLoss(0.5), anchor, [[1.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [0.0, 2.0]])
    assert ran.y == 0.25
    assert ran.gradients["danchor"].tolist() == [[-1, 1], [0, 0]]
    assert ran.gradients["dpositive"].tolist() == [[1, 0], [0, 0]]
    assert ran.gradients["dnegative"].tolist() == [[0, -1], [0, 0]]
