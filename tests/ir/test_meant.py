"""Words of other programs, and slips of the pen, lead to the right word."""

import pytest

from netc.diag import Sure
from netc.ir import advise, meant
from netc.ir.functions import FUNCTIONS
from netc.ir.meant import _ADVICE, _ALMOST, _ELSEWHERE
from netc.layers import INITIALIZERS, REGISTRY
from netc.layers.learning import Counting, Learning
from netc.options import options_of
from netc.training import OPTIMIZERS, SCHEDULES, SOURCES
from netc.training.settings import NAMES


@pytest.mark.parametrize(
    ("word", "known", "right"),
    [
        ("Linear", REGISTRY, "dense"),
        ("Conv2d", REGISTRY, "conv"),
        ("Conv3d", REGISTRY, "conv"),
        ("ConvTranspose2d", REGISTRY, "deconv"),
        ("MaxPool2d", REGISTRY, "max_pool"),
        ("InnerProduct", REGISTRY, "dense"),
        ("SoftmaxWithLoss", REGISTRY, "softmax_loss"),
        ("kernel_size", ["filters", "kernel"], "kernel"),
        ("num_output", ["filters", "kernel"], "filters"),
        ("num_output", ["units", "bias"], "units"),
        ("lr", ["rate", "momentum"], "rate"),
        ("lr", ["batch", "epochs"], None),
        ("batch_size", ["batch", "epochs"], "batch"),
        ("kernal", ["filters", "kernel"], "kernel"),
        ("activation", ["dilation", "stride"], None),
        ("zzz", REGISTRY, None),
    ],
)
def test_the_word_that_is_meant(word: str, known: list[str], right: str | None) -> None:
    assert meant(word, known) == right


def test_advice_is_a_word_or_what_to_do_or_what_there_is() -> None:
    assert advise("kernal", "kernel", "else") == "did you mean `kernel`?"
    assert advise("activation", None, "else").startswith("an activation is a layer")
    assert advise("zzz", None, "else") == "else"


def test_every_translation_leads_to_a_word_that_there_is() -> None:
    kinds = [*REGISTRY.values(), *INITIALIZERS.values(), *OPTIMIZERS.values()]
    kinds += [*SCHEDULES.values(), *SOURCES.values(), Learning, Counting]
    words = {*REGISTRY, *INITIALIZERS, *OPTIMIZERS, *SCHEDULES, *SOURCES, *NAMES, *FUNCTIONS}
    words |= {option for kind in kinds for option in options_of(kind)}
    assert {word for known in _ELSEWHERE.values() for word in known} <= words


def test_words_from_elsewhere_are_written_as_they_are_looked_up() -> None:
    assert all(word == word.lower().replace("_", "") for word in (*_ELSEWHERE, *_ADVICE))


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("Linear", REGISTRY),
        ("Conv2d", REGISTRY),
        ("ReLU", REGISTRY),
        ("PReLU", REGISTRY),
        ("Swish", REGISTRY),
        ("dens", REGISTRY),
        ("num_output", ["filters", "kernel"]),
        ("lr", ["rate", "momentum"]),
        ("kernal", ["filters", "kernel"]),
    ],
)
def test_a_plain_word_is_sure(word: str, known: list[str]) -> None:
    assert isinstance(meant(word, known), Sure)


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("Pooling", REGISTRY),  # max_pool or avg_pool
        ("CrossEntropy", REGISTRY),  # of numbers, or of probabilities as in Keras
        ("num_output", ["filters", "units"]),
        ("CReLU", REGISTRY),
        ("softmin", REGISTRY),
        ("glorot_uniform", INITIALIZERS),  # scales by both fans
        ("zzz", REGISTRY),
    ],
)
def test_a_word_that_may_mean_something_else_is_not_sure(word: str, known: list[str]) -> None:
    assert not isinstance(meant(word, known), Sure)


def test_words_that_mean_almost_the_same_are_translated() -> None:
    assert set(_ELSEWHERE) >= _ALMOST
