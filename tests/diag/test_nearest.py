"""The word that was meant is found, and none where none was."""

import pytest

from netc.diag import did_you_mean, is_slip, nearest
from netc.layers import REGISTRY


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("dens", "dense"),
        ("Dense", "dense"),
        ("cnov", "conv"),
        ("MaxPool", "max_pool"),
        ("maxpool2", "max_pool"),
        ("sigm", "sigmoid"),
        ("rely", "relu"),
        ("softmaxloss", "softmax_loss"),
        ("acuracy", "accuracy"),
        ("batchnorm", "batch_norm"),
        ("global-avg-pool", "global_avg_pool"),
        ("x", None),
        ("", None),
        ("wavelet", None),
        ("transformer", None),
    ],
)
def test_the_nearest_layer_type(word: str, meant: str | None) -> None:
    assert nearest(word, REGISTRY) == meant


def test_nothing_is_near_where_nothing_is_known() -> None:
    assert nearest("dense", []) is None


def test_help_is_a_question_or_nothing() -> None:
    assert did_you_mean("dense") == "did you mean `dense`?"
    assert did_you_mean(None) == ""


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("dens", "dense"),
        ("cnov", "conv"),
        ("MaxPool", "max_pool"),
        ("acuracy", "accuracy"),
        ("softmaxx", "softmax"),
        ("sofmax_loss", "softmax_loss"),
    ],
)
def test_a_slip_of_the_pen_is_one(word: str, meant: str) -> None:
    assert is_slip(word, meant, REGISTRY)


@pytest.mark.parametrize(
    ("word", "meant", "known"),
    [
        ("prelu", "relu", ["relu"]),  # the first letter
        ("rel", "relu", ["relu"]),  # too short
        ("conv_2", "conv_1", ["conv_1"]),  # a number
        ("branch_b", "branch_a", ["branch_a"]),  # a letter that stands alone
        ("conv1b", "conv1a", ["conv1a"]),
        ("luft", "left", ["left", "lift"]),  # two are as near
        ("maxpool2d", "max_pool", ["max_pool"]),
        ("sigmd", "sigmoid", ["sigmoid"]),  # two letters
    ],
)
def test_what_may_be_meant_otherwise_is_no_slip(word: str, meant: str, known: list[str]) -> None:
    assert not is_slip(word, meant, known)


def test_of_very_many_names_the_one_with_the_same_number_is_meant() -> None:
    known = [f"value_{number}" for number in range(2000)]
    assert nearest("vlaue_777", known) == "value_777"
    assert nearest("value_5000", known) is None
