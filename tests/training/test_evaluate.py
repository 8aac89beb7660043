"""Measuring is exact whatever the batch, and answers need no labels."""

from pathlib import Path

import numpy as np
import pytest

from netc.room import available
from netc.training import Network, Settings, Where, bind, measure, open_source, predict
from netc.training.data import SOURCES
from netc.training.feed import Feed
from netc.training.memory import check_memory, step_bytes
from tests.training.small import NET, graph_of


@pytest.fixture(scope="module")
def network():
    return Network(graph_of(), seed=5)


@pytest.fixture(scope="module")
def data(network):
    read = open_source(SOURCES["digits"](), Where(Path()))
    return bind(read, {n: network.graph.types[n] for n in network.graph.inputs})


@pytest.mark.parametrize("batch", [1, 7, 64, 359, 1000])
def test_the_batch_does_not_change_what_is_measured(network, data, batch):
    whole = measure(network, data.test, batch=359)
    got = measure(network, data.test, batch=batch)
    assert got.examples == 359
    assert got.loss == pytest.approx(whole.loss, rel=1e-6)
    assert got.metrics["accuracy"] == pytest.approx(whole.metrics["accuracy"], abs=1e-7)


@pytest.mark.parametrize("batch", [1, 7, 64])
def test_examples_that_are_ignored_do_not_weigh_whatever_the_batch(data, batch):
    ignoring = NET.replace("(scores, label)", "(scores, label, ignore: 3)")
    loss, metrics = ignoring.split("    metric")
    second = "    loss softmax_loss(scores, label, weight: 0.5)\n    metric"
    network = Network(graph_of(loss + second + metrics), seed=5)
    images = data.test.fields["image"].data.astype(np.float32) / 16
    labels = data.test.fields["label"].data
    prob = predict(network, {"image": images})["prob"].astype(np.float64)
    costs, kept = -np.log(prob[np.arange(359), labels]), labels != 3
    got = measure(network, data.test, batch=batch)
    assert got.loss == pytest.approx(costs[kept].mean() + 0.5 * costs.mean(), rel=1e-5)
    assert got.metrics["accuracy"] == pytest.approx((prob.argmax(1) == labels)[kept].mean())


def test_accuracy_is_counted_over_all_examples(network, data):
    images = data.test.fields["image"].data.astype(np.float32) / 16
    answers = predict(network, {"image": images}, batch=50)["prob"]
    right = (answers.argmax(1) == data.test.fields["label"].data).mean()
    assert measure(network, data.test, batch=64).metrics["accuracy"] == pytest.approx(right)


def test_every_example_is_seen_once_in_an_epoch(data):
    feed = Feed(data.train, batch=100, seed=3)
    assert (feed.steps, feed.size(0), feed.size(14), feed.size(29)) == (15, 100, 38, 38)
    seen = []
    for step in range(feed.steps):
        arrays = {
            "image": np.empty((feed.size(step), 1, 8, 8), np.float32),
            "label": np.empty(feed.size(step), np.int64),
        }
        feed.fill(step, arrays)
        seen += arrays["image"].reshape(feed.size(step), -1).tolist()
    wanted = (data.train.fields["image"].data.reshape(1438, -1) / 16).tolist()
    assert sorted(seen) == sorted(wanted)


def test_a_batch_larger_than_the_data_is_all_of_them(data):
    feed = Feed(data.train, batch=10_000, seed=3)
    assert (feed.batch, feed.steps) == (1438, 1)


def test_memory_grows_with_the_batch(network, data):
    small, large = (step_bytes(network, Settings(batch=b), 1438, 359) for b in (16, 256))
    assert small < large
    assert check_memory(network, Settings(), data) == []
    assert available() is None or available() > 0
