"""Trials are scored by training examples they do not learn from, and never by test examples."""

from pathlib import Path

from netc.ir import build
from netc.searching.divided import Divided
from netc.training import Dataset, Where, open_data, settings_for_training
from tests.searching.small import NET, TRAIN, spec_of

WHERE = Where(Path("."))


def opened(opener, text=NET + TRAIN):
    whole = spec_of(text)
    graph = build(whole).graph
    assert graph is not None
    settings = settings_for_training(whole, graph).settings
    assert settings is not None
    found = opener(whole, graph, settings, WHERE)
    assert isinstance(found, tuple), found
    data, _ = found
    assert isinstance(data, Dataset)
    return data


def rows(examples):
    return {image.tobytes() for image in examples.fields["image"].data}


def test_the_training_examples_are_divided_and_the_test_examples_left_alone():
    whole, divided = opened(open_data), opened(Divided(0.25))
    assert len(divided.train) + len(divided.test) == len(whole.train)
    assert abs(len(divided.test) - len(whole.train) / 4) <= 1
    assert rows(divided.train) | rows(divided.test) == rows(whole.train)
    assert not rows(divided.test) & (rows(whole.test) - rows(whole.train))


def test_the_same_data_stay_in_memory_and_others_take_their_place():
    divided = Divided(0.2)
    first = opened(divided)
    assert opened(divided, (NET + TRAIN).replace("batch     100", "batch     50")) is first
    other = (NET + TRAIN).replace("digits()", "random(examples: 40)")
    assert len(opened(divided, other).train) == 32
    assert opened(divided) is not first


def test_data_that_are_forgotten_are_read_again():
    divided = Divided(0.2)
    first = opened(divided)
    divided.forget()
    assert opened(divided) is not first
