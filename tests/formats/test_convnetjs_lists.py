"""A list of ConvNetJS means the net that ConvNetJS would make of it."""

import json
import re

import pytest

from netc.cli.checked import check_text
from netc.diag import Source
from netc.formats import parse, write
from netc.spec import Spec


def spec_of(*layers: object, trainer: object = None) -> Spec:
    whole = {"layer_defs": layers, "trainer": trainer} if trainer else layers
    made = parse(Source("a.json", json.dumps(whole)), ".json")
    assert isinstance(made, Spec), [p.diagnostic().text for p in made]  # type: ignore[union-attr]
    return made


def lines_of(made: Spec) -> list[str]:
    text = write(made, ".net")
    assert isinstance(text, str)
    text = re.sub(r"\s+->", " ->", text)  # where a long chain goes on
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return [line for line in lines if line not in ("}", "net a {", "train {")]


def net_of(*layers: object, trainer: object = None) -> list[str]:
    """The lines of the net that a list becomes."""
    return lines_of(spec_of(*layers, trainer=trainer))


def original_of(*layers: object, trainer: object = None) -> list[str]:
    """The same with ConvNetJS's own numbers."""
    origin = spec_of(*layers, trainer=trainer).origin
    assert origin is not None
    assert origin.original is not None
    return lines_of(origin.original)


def slugs(*layers: object) -> list[str]:
    return [p.slug for p in check_text(json.dumps(layers), "a.json").problems]


IMAGE = {"type": "input", "out_sx": 24, "out_sy": 20, "out_depth": 3}
NUMBERS = {"type": "input", "out_sx": 1, "out_sy": 1, "out_depth": 4}
LOSS = {"type": "softmax", "num_classes": 10}


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
        "conv(8, kernel: 5, pad: 2, bias_init: 0.1) -> relu",
        "max_pool(2)",
        "conv(16, kernel: 5, pad: 2, bias_init: 0.1) -> relu",
        "max_pool(3)",
        "scores = dense(10)",
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
        "input x [4]",
        "input target [2]",
        "dense(5, decay: 2) -> tanh",
        "y = dense(2)",
        "loss euclidean_loss(y, target)",
        "output y",
    ]


def test_a_support_vector_machine() -> None:
    assert net_of(NUMBERS, {"type": "svm", "num_classes": 3}) == [
        "input x [4]",
        "input label class(3)",
        "scores = dense(3)",
        "loss svm_loss(scores, label)",
        "metric accuracy(scores, label)",
        "output scores",
    ]


def test_a_list_without_a_loss_ends_in_an_output() -> None:
    assert net_of(IMAGE, {"type": "conv", "sx": 3, "filters": 4}, {"type": "relu"}) == [
        "input image [3, 20, 24]",
        "output y = conv(4, kernel: 3) -> relu",
    ]


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        ({"type": "pool", "sx": 3}, "max_pool(3, stride: 2, round: down)"),
        ({"type": "pool", "sx": 3, "stride": 3}, "max_pool(3, round: down)"),
        ({"type": "pool", "sx": 2}, "max_pool(2)"),
        ({"type": "pool", "sx": 3, "pad": 1}, "max_pool(3, stride: 2, pad: 1, round: down)"),
        ({"type": "pool", "sx": 4, "pad": 1}, "max_pool(4, stride: 2, pad: 1)"),
        ({"type": "pool", "sx": 3, "sy": 2}, "max_pool([2, 3], stride: 2, round: down)"),
        ({"type": "conv", "sx": 3, "sy": 2, "filters": 4}, "conv(4, kernel: [2, 3])"),
        ({"type": "conv", "sx": 3, "stride": 3, "filters": 4}, "conv(4, kernel: 3, stride: 3)"),
        ({"type": "dropout", "drop_prob": 0.2}, "dropout(0.2, scaling: test)"),
        ({"type": "dropout"}, "dropout(0.5, scaling: test)"),
        ({"type": "sigmoid", "drop_prob": 0.2}, "sigmoid -> dropout(0.2, scaling: test)"),
        (
            {"type": "fc", "num_neurons": 3, "activation": "relu", "drop_prob": 0.2},
            "dense(3, bias_init: 0.1) -> relu -> dropout(0.2, scaling: test)",
        ),
        (
            {"type": "fc", "num_neurons": 3, "activation": "relu", "bias_pref": 0},
            "dense(3) -> relu",
        ),
        ({"type": "fc", "num_neurons": 3, "bias_pref": 2}, "dense(3, bias_init: 2)"),
        ({"type": "fc", "filters": 3, "l2_decay_mul": 0}, "dense(3, decay: 0)"),
        (
            {"type": "conv", "sx": 1, "filters": 2, "in_sx": 9, "l1_decay_mul": 0.0},
            "conv(2, kernel: 1)",
        ),
        ({"type": "lrn", "k": 1, "n": 3, "alpha": 0.1, "beta": 0.75}, "lrn(size: 3, alpha: 0.1)"),
        (
            {"type": "lrn", "k": 2, "n": 4, "alpha": 0.1, "beta": 0.5},
            "lrn(k: 2, alpha: 0.125, beta: 0.5)",
        ),
        (
            {"type": "lrn", "k": 1, "n": 2, "alpha": 0.1, "beta": 0.5},
            "lrn(size: 3, alpha: 0.15, beta: 0.5)",
        ),
        ({"type": "maxout", "group_size": 3}, "channel_pool(3)"),
        ({"type": "maxout"}, "slice(stop: 2) -> channel_pool(2)"),
        (
            {"type": "fc", "num_neurons": 7, "activation": "maxout", "group_size": 3},
            "dense(7) -> slice(stop: 6) -> channel_pool(3)",
        ),
        ({"type": "fc", "num_neurons": 6, "tensor": True}, "quadratic -> dense(6)"),
        ({"type": "fc", "num_neurons": 6, "tensor": False}, "dense(6)"),
        ({"type": "quadtransform"}, "quadratic"),
        ({"type": "relu", "activation": "tanh"}, "relu -> tanh"),
    ],
)
def test_a_layer_and_what_is_short_for_others(layer: object, line: str) -> None:
    lines = net_of(IMAGE, layer, {"type": "softmax", "num_classes": 10})
    assert lines[0] == "input image [3, 20, 24]"
    assert lines[2] == line


def test_without_a_loss_the_last_layer_is_the_output() -> None:
    layers = [
        {"type": "conv", "sx": 3, "filters": 4, "activation": "relu"},
        {"type": "pool", "sx": 2},
        {"type": "fc", "num_neurons": 7},
        {"type": "fc", "num_neurons": 5, "activation": "tanh"},
    ]
    assert net_of(IMAGE, *layers) == [
        "input image [3, 20, 24]",
        "conv(4, kernel: 3, bias_init: 0.1) -> relu",
        "max_pool(2)",
        "dense(7)",
        "output y = dense(5) -> tanh",
    ]


def test_a_quadratic_layer_stands_on_the_line_of_what_asks_for_it() -> None:
    layers = [
        {"type": "fc", "num_neurons": 3, "activation": "tanh"},
        {"type": "fc", "num_neurons": 5, "tensor": True, "activation": "relu"},
    ]
    assert net_of(NUMBERS, *layers, LOSS)[2:4] == [
        "dense(3) -> tanh",
        "quadratic -> dense(5, bias_init: 0.1) -> relu",
    ]


@pytest.mark.parametrize(
    ("sx", "stride", "pad", "line"),
    [
        (3, 3, 1, "max_pool(3, pad: 1)"),
        (3, 2, 1, "max_pool(3, stride: 2, pad: 1, round: down)"),
        (3, 2, 0, "max_pool(3, stride: 2, round: down)"),
        (2, 2, 0, "max_pool(2)"),
        (4, 3, 1, "max_pool(4, stride: 3, pad: 1, round: down)"),
    ],
)
def test_sizes_are_rounded_down_where_that_is_not_all_the_same(
    sx: int, stride: int, pad: int, line: str
) -> None:
    image = {"type": "input", "out_sx": 22, "out_sy": 16, "out_depth": 1}
    pool = {"type": "pool", "sx": sx, "stride": stride, "pad": pad}
    assert net_of(image, pool, LOSS)[2] == line


def test_the_group_size_of_a_maxout_is_that_of_its_activation_too() -> None:
    both = {"type": "maxout", "activation": "maxout", "group_size": 3}
    assert net_of({**NUMBERS, "out_depth": 9}, both, LOSS)[2:3] == [
        "channel_pool(3) -> channel_pool(3)"
    ]


def test_layers_of_their_own_stand_on_the_line_of_what_they_belong_to() -> None:
    layers = [
        {"type": "conv", "sx": 3, "filters": 4},
        {"type": "relu"},
        {"type": "dropout"},
        {"type": "pool", "sx": 2},
        {"type": "tanh"},
    ]
    assert net_of(IMAGE, *layers, LOSS)[2:5] == [
        "conv(4, kernel: 3) -> relu -> dropout(0.5, scaling: test)",
        "max_pool(2)",
        "tanh",
    ]


def test_what_comes_in_may_have_layers_of_its_own() -> None:
    assert net_of({**NUMBERS, "drop_prob": 0.1}, LOSS)[2:4] == [
        "dropout(0.1, scaling: test)",
        "scores = dense(10)",
    ]


def test_an_image_of_one_place_is_one_where_a_layer_wants_it() -> None:
    conv = {"type": "conv", "sx": 1, "filters": 2}
    assert net_of(NUMBERS, {"type": "relu"}, conv, LOSS)[0] == "input image [4, 1, 1]"
    lines = net_of(NUMBERS, {"type": "fc", "num_neurons": 6}, conv, LOSS)
    assert lines[0] == "input x [4]"
    assert lines[3] == "reshape([6, 1, 1]) -> conv(2, kernel: 1)"


def test_the_last_of_the_names_of_a_size_counts() -> None:
    sizes = {"type": "input", "out_sx": 3, "sx": 4, "width": 5, "sy": 6, "depth": 7}
    assert net_of(sizes, LOSS)[0] == "input image [7, 6, 5]"


def test_the_original_is_written_out() -> None:
    layers = [
        {"type": "conv", "sx": 5, "filters": 8, "activation": "relu", "drop_prob": 0.5},
        {"type": "lrn", "k": 1, "n": 5, "alpha": 1e-4, "beta": 0.75},
        {"type": "pool", "sx": 2},
        {"type": "fc", "num_neurons": 4, "activation": "tanh"},
    ]
    trainer = {"method": "adam", "batch_size": 4}
    assert original_of(IMAGE, *layers, LOSS, trainer=trainer) == [
        "input image [3, 20, 24]",
        "input label class(10)",
        "conv(8, kernel: 5, init: gaussian(std: sqrt(1 / 75)), bias_init: 0.1) -> relu "
        "-> dropout(0.5, compat: convnetjs)",
        "lrn(compat: convnetjs)",
        "max_pool(2, compat: convnetjs)",
        "dense(4, init: gaussian(std: sqrt(1 / 640))) -> tanh(compat: convnetjs)",
        "scores = dense(10, init: gaussian(std: sqrt(1 / 4)))",
        "loss softmax_loss(scores, label)",
        "metric accuracy(scores, label)",
        "output prob = softmax(scores)",
        "batch 4",
        "optimizer adam(rate: 0.01, compat: convnetjs)",
    ]


@pytest.mark.parametrize(
    ("trainer", "optimizer"),
    [
        ({"learning_rate": 0.1}, "sgd(rate: 0.1, momentum: 0.9)"),
        ({"method": "sgd", "momentum": 0}, "sgd(rate: 0.01)"),
        ({"method": "nesterov"}, "sgd(rate: 0.01, momentum: 0.9, nesterov: true)"),
        ({"method": "adagrad", "eps": 1e-6}, "adagrad(rate: 0.01, epsilon: 1e-6, "),
        ({"method": "windowgrad"}, "rmsprop(rate: 0.01, smoothing: 0.95, epsilon_in_root: true)"),
        ({"method": "adadelta"}, "adadelta"),
        ({"method": "adadelta", "ro": 0.9, "eps": 1e-8}, "adadelta(smoothing: 0.9, epsilon: 1e-8)"),
        ({"method": "adam", "beta2": 0.99}, "adam(rate: 0.01, beta2: 0.99)"),
    ],
)
def test_a_method_becomes_an_optimizer(trainer: dict[str, object], optimizer: str) -> None:
    lines = net_of(NUMBERS, LOSS, trainer={**trainer, "batch_size": 20})
    assert lines[-2] == "batch 20"
    assert lines[-1].startswith(f"optimizer {optimizer}")


def test_adadelta_has_its_later_epsilon_where_the_original_is_asked_for() -> None:
    trainer = {"method": "adadelta"}
    assert original_of(NUMBERS, LOSS, trainer=trainer)[-1] == "optimizer adadelta(epsilon: 1e-8)"


def test_decay_is_shared_by_the_batch() -> None:
    layer = {"type": "fc", "num_neurons": 4, "l1_decay_mul": 0.5, "l2_decay_mul": 2}
    trainer = {"batch_size": 20, "l2_decay": 0.001, "l1_decay": 0.01, "momentum": 0}
    lines = net_of(NUMBERS, layer, LOSS, trainer=trainer)
    assert lines[2] == "dense(4, decay: 2, l1: 0.00025)"
    assert lines[-1] == "optimizer sgd(rate: 0.01, decay: 5e-5)"


@pytest.mark.parametrize(
    ("layers", "slug"),
    [
        ([{"type": "fc", "num_neurons": 3}], "not-a-definition"),
        ([NUMBERS], "not-a-definition"),
        ([NUMBERS, NUMBERS, LOSS], "not-a-definition"),
        ([{"type": "input", "out_sx": 3}, LOSS], "absent-option"),
        ([NUMBERS, {"type": "softmax"}], "absent-option"),
        ([NUMBERS, {"type": "fc", "num_neurons": 3, "activation": "swish"}], "unknown-activation"),
        ([NUMBERS, {"type": "fc", "num_neurons": 3, "drop_porb": 0.5}], "ignored-option"),
        ([NUMBERS, {"type": "fc"}], "absent-option"),
        ([NUMBERS, {"type": "cnov", "sx": 3}], "unknown-layer-type"),
        ([IMAGE, {"type": "conv", "sx": 30, "filters": 2}], "unfit-window"),
        ([NUMBERS, 3], "not-a-definition"),
        ([NUMBERS, {"num_neurons": 3}], "not-a-definition"),
        ([NUMBERS, {"num_neurons": 3, "drop_prob": 0.5}], "not-a-definition"),
        ([NUMBERS, {**LOSS, "drop_prob": 0.5}], "misplaced-loss"),
        ([NUMBERS, LOSS, LOSS], "misplaced-loss"),
    ],
)
def test_a_mistake_that_convnetjs_takes_in_silence_is_told_of(
    layers: list[object], slug: str
) -> None:
    assert slug in slugs(*layers)


@pytest.mark.parametrize(
    "layer",
    [
        {"type": "svm"},
        {"type": "conv", "sx": 3, "filters": 2},
        {"type": "dropout", "drop_prob": 0.5},
        {"type": "input", "depth": 2},
    ],
)
def test_one_word_of_convnetjs_makes_a_list_one_of_its_own(layer: object) -> None:
    assert "not-a-definition" in slugs(layer)


@pytest.mark.parametrize("layer", [{"type": "dense", "units": 2}, {"type": "input", "shape": [2]}])
def test_a_list_without_its_words_is_none_of_convnetjs(layer: object) -> None:
    assert "not-a-definition" not in slugs(layer)
