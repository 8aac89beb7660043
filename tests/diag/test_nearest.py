"""The word that was meant is found, and none where none was."""

import pytest

from netc.diag import did_you_mean, nearest
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
