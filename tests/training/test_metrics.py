"""Metrics of classes are those of a whole test set, kept as lists and shown as tables."""

import json

import numpy as np
import pytest

from netc.cli.class_tables import class_tables
from netc.cli.measures import Measures
from netc.training import Network, Settings, Stepped, measure, predict
from netc.training import Tested as Measurement
from netc.training.data import Dataset, Examples, Field
from netc.training.learner import Learner
from netc.training.loop import Loop
from netc.training.metrics import lists, numbers, read_value, tables
from tests.training.small import NET, TRAIN, consume, graph_of, ready, resumed

BY_CLASS = NET.replace(
    "metric accuracy(scores, label)",
    """metric class_accuracy(scores, label)
    metric confusion(scores, label)
    metric mean_iou(scores, label)
    metric accuracy(scores, label)""",
)
MAPS = """net maps {
    input image [2, 4, 3]
    input truth class(3) [4, 3]
    scores = conv(3, kernel: 1)
    loss softmax_loss(scores, truth, ignore: 2)
    metric mean_iou(scores, truth, ignore: 2)
    metric class_accuracy(scores, truth)
    output scores
}
"""


def examples_of(count, shape, label_shape, classes):
    rng = np.random.default_rng(8)
    image = rng.normal(size=(count, *shape)).astype(np.float32)
    truth = rng.integers(0, classes, (count, *label_shape))
    truth[truth.size // 2 // truth[0].size :] = 0
    return image, truth


@pytest.mark.parametrize("batch", [1, 4, 11])
def test_metrics_of_maps_are_of_the_whole_set_not_means_of_batches(batch):
    network = Network(graph_of(MAPS), seed=4)
    image, truth = examples_of(11, (2, 4, 3), (4, 3), 3)
    examples = Examples({"image": Field(image), "truth": Field(truth, 3)})
    got = measure(network, examples, batch=batch)
    answer = predict(network, {"image": image})["scores"].argmax(axis=1)
    counted = truth != 2
    parts = [
        ((answer == k) & (truth == k) & counted).sum() / both
        for k in range(3)
        if (both := (((answer == k) | (truth == k)) & counted).sum())
    ]
    assert got.metrics["mean_iou"] == pytest.approx(np.mean(parts))
    found = [(answer == k)[truth == k].mean() for k in range(3)]
    assert got.metrics["class_accuracy"] == pytest.approx(found)


def test_a_class_without_examples_has_no_accuracy():
    network = Network(graph_of(MAPS), seed=4)
    image, truth = examples_of(2, (2, 4, 3), (4, 3), 2)
    examples = Examples({"image": Field(image), "truth": Field(truth * 0, 3)})
    assert measure(network, examples, batch=2).metrics["class_accuracy"][1:] == [None, None]


def loop_of(text=BY_CLASS, epochs=2, network=Network, clock=lambda: 0.0):
    network = network(graph_of(text), seed=1)
    image, label = examples_of(40, (1, 8, 8), (), 10)
    fields = {"image": Field(image), "label": Field(label, 10)}
    data = Dataset("made", Examples(fields), Examples(fields))
    settings = Settings(batch=16, epochs=epochs)
    learner = Learner(network, settings.optimizer, seed=1)
    return Loop(learner, data, settings, clock=clock)


def test_a_step_tells_numbers_and_a_test_tells_all():
    events = list(loop_of().events())
    stepped = next(event for event in events if isinstance(event, Stepped))
    assert stepped.metrics.keys() == {"accuracy", "mean_iou"}
    tested = next(event for event in events if isinstance(event, Measurement))
    assert sum(map(sum, tested.metrics["confusion"])) == 40
    hit = [row[i] for i, row in enumerate(tested.metrics["confusion"])]
    assert sum(hit) / 40 == pytest.approx(tested.metrics["accuracy"])
    assert json.loads(json.dumps(tested.metrics)) == tested.metrics


def test_the_speed_of_a_step_leaves_out_what_only_the_first_one_waits_for():
    seconds = [0.0]

    class SlowToStart(Network):
        def hold(self, use, batch):
            seconds[0] += 100.0
            return super().hold(use, batch)

    def clock():
        seconds[0] += 1.0
        return seconds[0]

    loop = loop_of(network=SlowToStart, clock=clock)
    stepped = next(event for event in loop.events() if isinstance(event, Stepped))
    assert stepped.examples_per_second == 16


def test_the_first_metric_that_is_a_number_says_which_test_is_best():
    best = (-1.0, 0.0)
    for event in loop_of(epochs=6).events():
        if isinstance(event, Measurement):
            score = (event.metrics["mean_iou"], -event.loss)
            assert event.is_best == (score > best)
            best = max(best, score)


def test_what_was_kept_is_read_again():
    for value in (0.25, [0.5, None, 1.0], [[3, 0], [1, 2]]):
        assert read_value(json.loads(json.dumps(value))) == value
    with pytest.raises(TypeError):
        read_value([["three"]])


def test_metrics_are_told_apart_by_what_they_are():
    values = {"a": 0.5, "b": [0.5, None], "c": [[1, 2], [3, 4]]}
    assert numbers(values) == {"a": 0.5}
    assert lists(values) == {"b": [0.5, None]}
    assert tables(values) == {"c": [[1, 2], [3, 4]]}


def test_classes_are_shown_by_name_with_their_numbers():
    measures = Measures(graph_of(MAPS))
    values = {"mean_iou": 0.5, "class_accuracy": [0.5, None, 1.0], "confusion": [[1200, 0], [1, 7]]}
    first, second = class_tables(values, measures, ("cat", "dog", "sky"))
    assert first.splitlines() == [
        "class  class_accuracy",
        "cat           50.00 %",
        "dog                 -",
        "sky          100.00 %",
    ]
    assert second.splitlines()[:3] == [
        "confusion      0  1",
        "0          1,200  .",
        "1              1  7",
    ]
    many = {"confusion": np.zeros((30, 30)).tolist()}
    assert "30 by 30 classes" in next(class_tables(many, measures, ()))


def test_a_run_keeps_lists_and_goes_on_after_them(tmp_path):
    consume(ready(tmp_path / "run", BY_CLASS + TRAIN))
    lines = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    tested = [line for line in map(json.loads, lines) if line["event"] == "test"]
    assert [len(line["metrics"]["confusion"]) for line in tested] == [10, 10]
    longer = resumed(tmp_path / "run", epochs=3)
    assert longer.loop.place.last.metrics == tested[-1]["metrics"]
    assert consume(longer)[-1].reason == "done"
