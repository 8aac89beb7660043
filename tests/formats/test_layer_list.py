"""A list of layers means the net that ConvNetJS, or netc, would make of it."""

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


IMAGE = {"type": "input", "out_sx": 24, "out_sy": 20, "out_depth": 3}
NUMBERS = {"type": "input", "out_sx": 1, "out_sy": 1, "out_depth": 4}


def test_the_mnist_network_of_convnetjs() -> None:
    assert net_of(
        {"type": "input", "out_sx": 24, "out_sy": 24, "out_depth": 1},
        {"type": "conv", "sx": 5, "filters": 8, "stride": 1, "pad": 2, "activation": "relu"},
        {"type": "pool", "sx": 2, "stride": 2},
        {"type": "conv", "sx": 5, "filters": 16, "stride": 1, "pad": 2, "activation": "relu"},
        {"type": "pool", "sx": 3, "stride": 3},
        {"type": "softmax", "num_classes": 10},
    ) == [
        "input image [1, 24, 24]",
        "input label class(10)",
        "conv(kernel: 5, filters: 8, stride: 1, pad: 2, bias_init: 0.1) -> relu",
        "max_pool(kernel: 2, stride: 2, round: down)",
        "conv(kernel: 5, filters: 16, stride: 1, pad: 2, bias_init: 0.1) -> relu",
        "max_pool(kernel: 3, stride: 3, round: down)",
        "scores = dense(units: 10)",
        "loss softmax_loss(scores, label)",
        "metric accuracy(scores, label)",
        "output prob = softmax(scores)",
    ]


def test_a_regression_on_plain_numbers() -> None:
    assert net_of(
        NUMBERS,
        {"type": "fc", "num_neurons": 5, "activation": "tanh", "l2_decay_mul": 2},
        {"type": "regression", "num_neurons": 2},
    ) == [
        "input image [4]",
        "input target [2]",
        "dense(units: 5, decay: 2) -> tanh",
        "y = dense(units: 2)",
        "loss euclidean_loss(y, target)",
        "output y",
    ]


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


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        ({"type": "pool", "sx": 3}, "max_pool(kernel: 3, stride: 2, round: down)"),
        ({"type": "pool", "sx": 3, "sy": 2}, "max_pool(kernel: [2, 3], stride: 2, round: down)"),
        ({"type": "conv", "sx": 3, "sy": 2, "filters": 4}, "conv(kernel: [2, 3], filters: 4)"),
        ({"type": "dropout", "drop_prob": 0.2}, "dropout(rate: 0.2)"),
        ({"type": "dropout"}, "dropout"),
        ({"type": "sigmoid", "drop_prob": 0.2}, "sigmoid -> dropout(rate: 0.2)"),
        (
            {"type": "fc", "num_neurons": 3, "activation": "relu", "drop_prob": 0.2},
            "dense(units: 3, bias_init: 0.1) -> relu -> dropout(rate: 0.2)",
        ),
        (
            {"type": "fc", "num_neurons": 3, "activation": "relu", "bias_pref": 0},
            "dense(units: 3, bias_init: 0) -> relu",
        ),
        (
            {"type": "conv", "sx": 1, "filters": 2, "in_sx": 9, "l1_decay_mul": 0.0},
            "conv(kernel: 1, filters: 2)",
        ),
        (
            {"type": "lrn", "k": 1, "n": 3, "alpha": 0.1, "beta": 0.75},
            "lrn(k: 1, size: 3, alpha: 0.1, beta: 0.75)",
        ),
    ],
)
def test_a_layer_and_what_is_short_for_others(layer: object, line: str) -> None:
    lines = net_of(IMAGE, layer, {"type": "softmax", "num_classes": 10})
    assert lines[0] == "input image [3, 20, 24]"
    assert lines[2] == line


@pytest.mark.parametrize(
    "layer",
    [
        {"type": "maxout", "group_size": 2},
        {"type": "fc", "num_neurons": 4, "activation": "maxout"},
        {"type": "fc", "num_neurons": 4, "tensor": True},
        {"type": "fc", "num_neurons": 4, "l1_decay_mul": 1},
        {"type": "svm", "num_classes": 2},
        {"type": "softmax", "num_classes": 2, "drop_prob": 0.5},
        {"type": "softmax", "num_classes": 2},
    ],
)
def test_what_netc_cannot_do_in_the_same_way_is_told_of(layer: object) -> None:
    assert slugs(NUMBERS, layer, {"type": "softmax", "num_classes": 2}) == ["no-counterpart"]


@pytest.mark.parametrize(
    ("layers", "slug"),
    [
        ([], "bad-json"),
        ([{"type": "fc", "num_neurons": 3}], "bad-json"),
        ([{"type": "input", "out_sx": 3}], "missing-key"),
        ([NUMBERS, {"type": "softmax"}], "missing-key"),
        ([NUMBERS, {"type": "fc", "num_neurons": 3, "activation": "swish"}], "bad-json"),
        ([NUMBERS, {"type": "fc", "num_neurons": 3, "drop_porb": 0.5}], "unknown-option"),
        ([NUMBERS, {"type": "fc"}], "missing-option"),
        ([NUMBERS, {"type": "cnov", "sx": 3}], "unknown-layer"),
        ([IMAGE, {"type": "conv", "sx": 30, "filters": 2}], "bad-shape"),
        ([NUMBERS, 3], "bad-json"),
        ([NUMBERS, {"num_neurons": 3}], "bad-json"),
        ([NUMBERS, {"num_neurons": 3, "drop_prob": 0.5}], "bad-json"),
    ],
)
def test_a_mistake_that_convnetjs_takes_in_silence_is_told_of(
    layers: list[object], slug: str
) -> None:
    assert slug in slugs(*layers)


def test_a_repeated_key_is_told_of() -> None:
    text = '[{"type": "input", "shape": [4]}, {"type": "dense", "units": 1, "units": 2}]'
    assert [p.slug for p in check_text(text, "a.json").problems] == ["repeated-key"]
