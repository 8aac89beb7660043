import numpy as np
import pytest

from netc.layers.base import inputs_of
from netc.layers.loss import (
    EuclideanLoss,
    HingeLoss,
    LogLoss,
    RbfLoss,
    SigmoidLoss,
    SoftmaxLoss,
    SvmLoss,
)
from netc.types import Reject, Tensor
from tests.rules import Bench, parse_example

# Karpathy and Johnson, CS231n notes on linear classification: one example worked out by hand.
CS231N_SCORES = [[-2.85, 0.86, 0.28]]
CS231N_LOSS = 1.04  # the notes print two digits
CS231N_HINGE_LOSS = 1.58


def test_softmax_loss_is_that_of_the_cs231n_notes(run):
    assert run(SoftmaxLoss(), CS231N_SCORES, [2]).y == pytest.approx(CS231N_LOSS, abs=0.005)


def test_svm_loss_is_that_of_the_cs231n_notes(run):
    assert run(SvmLoss(), CS231N_SCORES, [2]).y == pytest.approx(CS231N_HINGE_LOSS, abs=0.005)
    ran = run(SvmLoss(margin=10), [[13.0, -7.0, 11.0]], [0])
    assert ran.y == 8
    assert ran.gradients["dscores"].tolist() == [[-1, 0, 1]]


def test_a_score_that_misses_the_margin_by_nothing_costs_nothing(run):
    ran = run(SvmLoss(), [[3.0, 2.0, 2.5], [0.0, 0.0, 5.0]], [0, 1])
    assert ran.y == (0.5 + 1 + 6) / 2
    assert ran.gradients["dscores"].tolist() == [[-0.5, 0, 0.5], [0.5, -1, 0.5]]


def test_softmax_loss_of_equal_scores_is_the_logarithm_of_the_class_count(run):
    ran = run(SoftmaxLoss(), np.zeros((4, 10)), [0, 3, 9, 1])
    assert ran.y == pytest.approx(np.log(10))
    right = ran.gradients["dscores"][[0, 1, 2, 3], [0, 3, 9, 1]]
    np.testing.assert_allclose(right, -0.9 / 4)


def test_softmax_loss_of_huge_scores_is_exact(run):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        ran = run(SoftmaxLoss(), np.float32([[1000, 0], [0, 3000]]), [1, 1])
    assert ran.y == 500
    np.testing.assert_array_equal(ran.gradients["dscores"], [[0.5, -0.5], [0, 0]])


def test_smoothing_spreads_the_wanted_probability(run):
    scores, wanted = np.array([[1.0, 2.0, 4.0]]), [0.1, 0.1, 0.8]
    prob = np.exp(scores) / np.exp(scores).sum()
    ran = run(SoftmaxLoss(smoothing=0.3), scores, [2])
    assert ran.y == pytest.approx(-(np.log(prob) * wanted).sum())
    np.testing.assert_allclose(ran.gradients["dscores"], prob - wanted)


def test_ignored_labels_do_not_count(run):
    scores = np.array([[1.0, 2.0], [5.0, 0.0], [0.0, 0.0]])
    ran = run(SoftmaxLoss(ignore=255), scores, [1, 255, 0])
    only = run(SoftmaxLoss(), scores[[0, 2]], [1, 0])
    assert ran.y == pytest.approx(only.y)
    np.testing.assert_allclose(ran.gradients["dscores"][[0, 2]], only.gradients["dscores"])
    assert not ran.gradients["dscores"][1].any()


def test_a_batch_of_ignored_labels_has_loss_zero(run):
    ran = run(SoftmaxLoss(smoothing=0.1, ignore=1), [[1.0, 2.0]], [1])
    assert ran.y == 0
    assert not ran.gradients["dscores"].any()


def test_the_gradient_of_a_loss_is_scaled_by_that_of_its_value(run):
    once, thrice = (run(SoftmaxLoss(), [[1.0, 2.0]], [0], dy=dy) for dy in (1.0, 3.0))
    np.testing.assert_allclose(thrice.gradients["dscores"], 3 * once.gradients["dscores"])


def test_sigmoid_loss_sums_over_scores_and_averages_over_the_batch(run):
    ran = run(SigmoidLoss(), [[0.0, 0.0], [0.0, 2.0]], [[1.0, 0.0], [0.5, 1.0]])
    # three scores of 0 cost log 2 whatever the target; log(1 + exp(-2)) is 0.126928
    assert ran.y == pytest.approx((3 * np.log(2) + 0.12692801104297263) / 2)
    np.testing.assert_allclose(
        ran.gradients["dscores"], [[-0.25, 0.25], [0, -0.0596014]], atol=1e-7
    )
    np.testing.assert_allclose(ran.gradients["dtarget"], [[0, 0], [0, -1]])


def test_sigmoid_loss_of_huge_scores_is_exact(run):
    with np.errstate(over="raise", invalid="raise"):
        ran = run(SigmoidLoss(), np.float32([[500, -500, 500]]), np.float32([[1, 0, 0]]))
    assert ran.y == 500
    np.testing.assert_array_equal(ran.gradients["dscores"], [[0, 0, 1]])


def test_hinge_loss_counts_one_class_against_all_others(run):
    scores = [[2.0, -3.0, 0.5], [0.0, 0.0, 0.0]]
    # first: label 0 is safe, class 2 costs 1.5; second: all three cost 1
    ran = run(HingeLoss(), scores, [0, 1])
    assert ran.y == (1.5 + 3) / 2
    assert ran.gradients["dscores"].tolist() == [[0, 0, 0.5], [0.5, -0.5, 0.5]]


def test_hinge_loss_may_square_what_is_missed(run):
    ran = run(HingeLoss("l2"), [[2.0, -3.0, 0.5]], [1])
    assert ran.y == 9 + 16 + 2.25
    assert ran.gradients["dscores"].tolist() == [[6, -8, 3]]


@pytest.mark.parametrize("layer", [SoftmaxLoss(), HingeLoss()], ids=str)
@pytest.mark.parametrize(
    ("scores", "label", "culprit", "reason"),
    [
        ((12,), Tensor((), "i64", classes=10), "scores", "12 entries, label has 10 classes"),
        ((10, 4, 4), Tensor((), "i64", classes=10), "scores", r"one number for each class, \[10\]"),
        ((10,), Tensor((9,)), "label", r"expected a class label, found numbers of shape \[9\]"),
    ],
)
def test_scores_must_fit_the_label(layer, scores, label, culprit, reason):
    with pytest.raises(Reject, match=reason) as caught:
        layer.infer(Tensor(scores), label)
    assert caught.value.culprit == culprit


@pytest.mark.parametrize("layer", [SigmoidLoss(), EuclideanLoss()], ids=str)
@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (Tensor((4,)), r"target is \[4\], \w+ (is|are) \[3\]"),
        (Tensor((), "i64", classes=3), "class label"),
    ],
)
def test_target_must_have_the_shape_of_the_scores(layer, target, reason):
    with pytest.raises(Reject, match=reason) as caught:
        layer.infer(Tensor((3,)), target)
    assert caught.value.culprit == "target"


def test_a_loss_has_no_batch_axis():
    assert SoftmaxLoss().infer(Tensor((3,)), Tensor((), "i64", classes=3)) == Tensor(
        (), batched=False
    )
    with pytest.raises(Reject, match="whole batch"):
        EuclideanLoss().infer(Tensor((), batched=False), Tensor(()))


# ---- maps and soft targets


def test_a_map_of_labels_is_the_mean_over_its_places(run):
    rng = np.random.default_rng(2)
    scores, label = rng.normal(size=(2, 4, 3, 5)), rng.integers(0, 4, (2, 3, 5))
    flat = np.moveaxis(scores, 1, -1).reshape(-1, 4)
    for loss in (SoftmaxLoss(), SoftmaxLoss(smoothing=0.2, ignore=1), HingeLoss(), RbfLoss()):
        name = f"d{inputs_of(type(loss))[0]}"
        over_map, over_rows = run(loss, scores, label), run(loss, flat, label.reshape(-1))
        assert over_map.y == pytest.approx(over_rows.y)
        found, wanted = (ran.gradients[name] for ran in (over_map, over_rows))
        np.testing.assert_allclose(np.moveaxis(found, 1, -1).reshape(-1, 4), wanted, atol=1e-15)


def test_a_loss_counts_the_places_it_is_the_mean_of():
    label = np.array([[0, 255, 1], [2, 2, 255]])
    assert SoftmaxLoss(ignore=255).counts(label) == LogLoss(ignore=255).counts(label) == 4
    assert SoftmaxLoss().counts(label) == HingeLoss().counts(label) == 6


def test_soft_targets_that_are_one_class_are_its_label(run):
    scores, label = [[1.0, 2.0, 4.0], [0.5, 0.1, -3.0]], [2, 0]
    soft = run(SoftmaxLoss(smoothing=0.1), scores, np.eye(3)[label])
    hard = run(SoftmaxLoss(smoothing=0.1), scores, label)
    assert soft.y == pytest.approx(hard.y)
    np.testing.assert_allclose(soft.gradients["dscores"], hard.gradients["dscores"])


def test_soft_targets_of_huge_scores_are_exact(run):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        ran = run(SoftmaxLoss(), np.float32([[1000, 0]]), np.float32([[0.25, 0.75]]))
    assert ran.y == 750
    np.testing.assert_array_equal(ran.gradients["dlabel"], [[0, 1000]])


def test_soft_targets_need_not_sum_to_one(run):
    ran = run(SoftmaxLoss(), np.zeros((1, 4)), [[1.0, 1.0, 0.0, 0.0]])
    assert ran.y == pytest.approx(2 * np.log(4))
    np.testing.assert_allclose(ran.gradients["dscores"], [[-0.5, -0.5, 0.5, 0.5]])


@pytest.mark.parametrize(
    ("loss", "types", "culprit", "reason"),
    [
        (SoftmaxLoss(ignore=0), ((3,), (3,)), "ignore", "probabilities are no labels"),
        (SoftmaxLoss(), ((), ()), "scores", "has no classes"),
        (SoftmaxLoss(), ((3, 4), (3, 5)), "label", "expected a class label"),
    ],
)
def test_soft_targets_that_do_not_fit_are_refused(loss, types, culprit, reason):
    with pytest.raises(Reject, match=reason) as caught:
        loss.infer(*(Tensor(shape) for shape in types))
    assert caught.value.culprit == culprit


@pytest.mark.parametrize("loss", [SoftmaxLoss(), HingeLoss(), LogLoss(), RbfLoss()], ids=str)
@pytest.mark.parametrize(
    ("scores", "places", "reason"),
    [
        ((5,), (2, 3), r"one for each class and place, \[5, 2, 3\]"),
        ((4, 2, 3), (2, 3), "ha(ve|s) 4 channels, label has 5 classes"),
        ((5, 2, 4), (2, 3), r"(are|is) of \[2, 4\] places, label is of \[2, 3\]"),
    ],
)
def test_a_map_of_scores_must_fit_that_of_labels(loss, scores, places, reason):
    with pytest.raises(Reject, match=reason) as caught:
        loss.infer(Tensor(scores), Tensor(places, "i64", classes=5))
    assert caught.value.culprit in ("scores", "prob", "penalties")


# ---- likelihoods


def test_log_loss_is_that_of_the_softmax(run):
    scores, label = np.array([[1.0, 2.0, 4.0], [0.5, 0.1, -3.0]]), [2, 0]
    prob = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    ran = run(LogLoss(), prob, label)
    assert ran.y == pytest.approx(run(SoftmaxLoss(), scores, label).y)
    np.testing.assert_allclose(
        ran.gradients["dprob"], [[0, 0, -0.5 / prob[0, 2]], [-0.5 / prob[1, 0], 0, 0]]
    )


def test_log_loss_of_the_impossible_is_finite_and_teaches_nothing(run):
    ran = run(LogLoss(), [[0.0, 1.0]], [0])
    assert ran.y == pytest.approx(-np.log(1e-20))
    assert not ran.gradients["dprob"].any()


def test_ignored_labels_cost_no_likelihood(run):
    ran = run(LogLoss(ignore=9), [[0.5, 0.5], [0.1, 0.9]], [0, 9])
    assert ran.y == pytest.approx(np.log(2))
    assert ran.gradients["dprob"].tolist() == [[-2, 0], [0, 0]]


def test_ignored_targets_cost_nothing(run):
    ran = run(SigmoidLoss(ignore=-1.0), [[0.0, 5.0], [0.0, 0.0]], [[1.0, -1.0], [0.0, -1.0]])
    assert ran.y == pytest.approx(np.log(2))
    np.testing.assert_array_equal(ran.gradients["dscores"], [[-0.25, 0], [0.25, 0]])
    assert not ran.gradients["dtarget"][:, 1].any()


# ---- the radial basis functions of LeNet-5


@pytest.mark.parametrize(
    "use",
    [
        "softmax_loss([4, 3], class(4) [3], ignore: 1)",
        "log_loss([4], class(4), ignore: 1)",
        "sigmoid_loss([3], [3], ignore: 1)",
    ],
)
def test_a_loss_of_no_label_that_counts_is_0(use):
    layer, types, _ = parse_example(f"{use} -> []")
    bench = Bench(layer, *types, batch=3)
    bench.arrays[bench.names[1]][...] = 1
    loss = bench.forward()
    assert loss == 0
    assert not np.signbit(loss)
    for gradient in bench.backward().values():
        assert not gradient.any()
