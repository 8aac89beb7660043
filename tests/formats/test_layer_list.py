"""A list of layers in netc's words means the net that one would write of it."""

import json

import pytest

from netc.cli.checked import check_text
from netc.diag import Source
from netc.formats import parse, write
from netc.spec import Library


def net_of(*layers: object) -> list[str]:
    """The lines of the net that a list becomes."""
    made = parse(Source("a.json", json.dumps(layers)), ".json")
    assert isinstance(made, Library), [p.diagnostic().text for p in made]
    text = write(made, ".net")
    assert isinstance(text, str)
    return [" ".join(line.split()) for line in text.splitlines()[1:-1] if line.strip()]


def slugs(*layers: object) -> list[str]:
    return [p.slug for p in check_text(json.dumps(layers), "a.json").problems]


IMAGE = {"type": "input", "shape": [3, 20, 24]}
NUMBERS = {"type": "input", "shape": [4]}


def test_words_of_netc_are_taken_as_they_are() -> None:
    assert net_of(
        {"type": "input", "shape": [1, 24, 24], "name": "picture"},
        {"type": "conv", "filters": 8, "kernel": 5, "pad": 2, "activation": "relu"},
        "batch_norm",
        {"type": "max_pool", "kernel": 2, "name": "small"},
        {"type": "dense", "units": 10},
    ) == [
        "input picture [1, 24, 24]",
        "conv(filters: 8, kernel: 5, pad: 2) -> relu",
        "batch_norm",
        "small = max_pool(kernel: 2)",
        "output y = dense(units: 10)",
    ]


def test_classes_end_in_scores_a_loss_and_probabilities() -> None:
    assert net_of(
        IMAGE,
        {"type": "conv", "filters": 8, "kernel": 5, "activation": "relu"},
        {"type": "softmax", "num_classes": 10},
    ) == [
        "input image [3, 20, 24]",
        "input label class(10)",
        "conv(filters: 8, kernel: 5) -> relu",
        "scores = dense(units: 10)",
        "loss softmax_loss(scores, label)",
        "metric accuracy(scores, label)",
        "output prob = softmax(scores)",
    ]


def test_a_regression_on_plain_numbers() -> None:
    assert net_of(
        NUMBERS,
        {"type": "dense", "units": 5, "activation": "tanh", "decay": 2},
        {"type": "regression", "num_neurons": 2},
    ) == [
        "input image [4]",
        "input target [2]",
        "dense(units: 5, decay: 2) -> tanh",
        "y = dense(units: 2)",
        "loss euclidean_loss(y, target)",
        "output y",
    ]


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        ({"type": "dropout", "rate": 0.2}, "dropout(rate: 0.2)"),
        ("dropout", "dropout"),
        ({"type": "sigmoid", "drop_prob": 0.2}, "sigmoid -> dropout(rate: 0.2)"),
        (
            {"type": "dense", "units": 3, "activation": "relu", "drop_prob": 0.2},
            "dense(units: 3) -> relu -> dropout(rate: 0.2)",
        ),
    ],
)
def test_a_layer_and_what_is_short_for_others(layer: object, line: str) -> None:
    lines = net_of(IMAGE, layer, {"type": "softmax", "num_classes": 10})
    assert lines[2] == line


@pytest.mark.parametrize(
    "layer",
    [
        {"type": "softmax", "num_classes": 2, "drop_prob": 0.5},
        {"type": "softmax", "num_classes": 2, "activation": "relu"},
    ],
)
def test_nothing_can_stand_behind_a_loss(layer: object) -> None:
    assert slugs(NUMBERS, layer) == ["no-counterpart"]
    loss = {"type": "softmax", "num_classes": 2}
    assert slugs(NUMBERS, loss, {"type": "dense", "units": 2}) == ["no-counterpart"]


@pytest.mark.parametrize(
    ("layers", "slug"),
    [
        ([], "bad-json"),
        ([{"type": "dense", "units": 3}], "bad-json"),
        ([NUMBERS, {"type": "softmax", "num_clases": 3}], "missing-key"),
        ([NUMBERS, {"type": "dense", "units": 3, "activation": "rleu"}], "unknown-layer"),
        ([NUMBERS, {"type": "dense", "units": 3, "drop_porb": 0.5}], "unknown-option"),
        ([NUMBERS, {"type": "dense"}], "missing-option"),
        ([NUMBERS, {"type": "cnov", "kernel": 3}], "unknown-layer"),
        ([IMAGE, {"type": "conv", "kernel": 30, "filters": 2}], "bad-shape"),
        ([NUMBERS, 3], "bad-json"),
        ([NUMBERS, {"units": 3}], "bad-json"),
    ],
)
def test_a_mistake_is_told_of(layers: list[object], slug: str) -> None:
    assert slug in slugs(*layers)


def test_a_list_that_is_not_plainly_of_convnetjs_is_told_of_in_words_of_netc() -> None:
    (problem,) = check_text(json.dumps([{"type": "dense", "units": 3}]), "a.json").problems
    assert '"shape": [1, 28, 28]' in problem.diagnostic().helps[0]


def test_a_repeated_key_is_told_of() -> None:
    text = '[{"type": "input", "shape": [4]}, {"type": "dense", "units": 1, "units": 2}]'
    assert [p.slug for p in check_text(text, "a.json").problems] == ["repeated-key"]
