"""What ConvNetJS does in silence, each row seen in a run of it, is told of or done otherwise."""

import numpy as np
import pytest

import netc
from netc.diag import Level, Source
from netc.formats import read_source
from netc.ir import build
from netc.layers import REGISTRY
from netc.training import check_settings
from netc.types import Tensor
from tests.convnetjs.agree import agree
from tests.convnetjs.corpus import read
from tests.convnetjs.twin import page, spec_of
from tests.rules import Bench

VECTOR = {"type": "input", "out_depth": 2}
IMAGE = {"type": "input", "out_sx": 4, "out_sy": 4, "out_depth": 1}
FC = {"type": "fc", "num_neurons": 2}
LRN = {"type": "lrn", "k": 1, "n": 3, "alpha": 1, "beta": 0.75}
POOL = {"type": "pool", "sx": 1, "pad": 1, "stride": 1}
END = {"type": "softmax", "num_classes": 2}
TARGET = {"type": "regression", "num_neurons": 2}

TOLD = {
    "unknown_layer_type": ([VECTOR, {"type": "wobble"}, END], "unknown-layer-type"),
    "unknown_activation": ([VECTOR, {**FC, "activation": "swish"}, END], "unknown-activation"),
    "one_layer_only": ([VECTOR], "not-a-definition"),
    "first_not_input": ([FC, END], "not-a-definition"),
    "no_loss_layer_backward": ([VECTOR, FC], "absent-loss"),
    "filter_bigger_than_input": (
        [IMAGE, {"type": "conv", "sx": 7, "filters": 2}, END],
        "unfit-window",
    ),
    "conv_without_filters": ([IMAGE, {"type": "conv", "sx": 3}, END], "absent-option"),
    "pool_window_wholly_in_padding": ([IMAGE, POOL, END], "unfit-window"),
    "lrn_gradient": ([IMAGE, LRN, END], "(differs-from-original)"),
    "tanh_of_400": ([VECTOR, {**FC, "activation": "tanh"}, END], "(differs-from-original)"),
    "dropout_test_mode_of_ones_with_drop_prob_0_2": (
        [VECTOR, {**FC, "drop_prob": 0.2}, END],
        "(differs-from-original)",
    ),
    "dropout_drop_prob_0_test_mode": (
        [VECTOR, {**FC, "drop_prob": 0}, END],
        "(differs-from-original)",
    ),
}
"""Rows of the file, a page that does the same, and what is said of it; warnings in brackets."""

SAME = {
    "tanh_of_354",
    "tanh_of_minus400",
    "softmax_label_as_number",
    "no_loss_layer_forward_ok",
    "filter_bigger_than_input_error",
    "conv_without_filters_forward",
    "conv_without_filters_error",
    "unknown_activation_layers",
}
"""Rows that are a part of others, or nothing strange."""

ELSEWHERE = {
    "method_changed_sgd_to_adadelta_midrun": "an optimizer does not change in a run",
    "maxout_nonzero_bias_grads": "a saved net is trained by the same rules as any other",
    "user_defs_after_makeLayers": "definitions are not written to",
}

BELOW = {
    "desugar_order",
    "dropout_drop_prob_0_test_mode",
    "input_aliases_last_wins",
    "input_longer_than_declared",
    "input_shorter_than_declared",
    "l1_decay_without_l1_decay_mul",
    "pool_values_below_minus_99999",
    "regression_target_float32array_loss",
    "regression_target_vol_loss",
    "relu_bias_pref",
    "softmax_label_as_string",
    "softmax_label_one_hot_array",
    "softmax_label_out_of_range",
    "unknown_method_is_sgd",
}
"""Rows with a test of their own."""


def told(definitions, **options):
    """The slugs of what is said of a page, those of warnings in brackets."""
    made = read_source(Source("page.js", page(definitions, options)), ".js")
    if isinstance(made, list):
        found = made
    else:
        built = build(made)
        found = [*made.notices, *built.problems, *check_settings(made, built.graph).problems]
    return [f"({p.slug})" if p.level is Level.WARNING else p.slug for p in found]


@pytest.mark.parametrize("row", TOLD)
def test_what_convnetjs_takes_in_silence_is_told_of(row):
    definitions, slug = TOLD[row]
    assert row in read("quirks.json")
    assert told(definitions) == [slug]


def test_a_method_that_there_is_not_is_told_of():
    assert read("quirks.json")["unknown_method_is_sgd"]
    assert told([VECTOR, END], method="netsterov") == ["unknown-method"]


def test_l1_decay_that_reaches_no_layer_is_told_of():
    assert not read("quirks.json")["l1_decay_without_l1_decay_mul"]["params_changed"]
    hidden = {**FC, "activation": "relu"}
    assert told([VECTOR, hidden, END], l1_decay=0.001) == ["(idle-option)"]
    assert told([VECTOR, {**hidden, "l1_decay_mul": 1}, END], l1_decay=0.001) == []


def graph_of(*definitions):
    return build(spec_of(page(definitions, {}), compat=False)).graph


def test_sugar_is_taken_off_in_the_same_order():
    there = read("quirks.json")["desugar_order"]
    assert there == ["input", "fc", "relu", "dropout", "lrn", "pool", "tanh", "fc", "softmax"]
    graph = graph_of(
        IMAGE,
        {"type": "fc", "num_neurons": 4, "activation": "relu", "drop_prob": 0.5},
        {**LRN, "n": 1},
        {"type": "pool", "sx": 1, "stride": 1, "activation": "tanh"},
        END,
    )
    here = [type(node.layer).name for node in graph.nodes]
    wanted = ["dense", "relu", "dropout", "lrn", "tanh", "dense"]
    assert [kind for kind in here if kind in wanted] == wanted


def test_biases_before_relu_start_at_a_tenth():
    start = read("quirks.json")["relu_bias_pref"][0]
    graph = graph_of(VECTOR, {**FC, "activation": "relu"}, END)
    starts = [graph.weights[name].init for name in graph.weights if name.endswith(".bias")]
    filled = [init.fill((1,), 1, 1, np.random.default_rng(0)).item() for init in starts]
    assert filled == [start, 0]


def test_of_several_names_of_a_side_the_last_one_wins():
    width, height, depth = read("quirks.json")["input_aliases_last_wins"]
    assert (width, height, depth) == (5, 1, 6)
    names = {"out_sx": 3, "sx": 4, "width": 5, "out_depth": 7, "depth": 6}
    graph = graph_of({"type": "input", **names}, END)
    assert graph.types[graph.inputs[0]].shape == (depth, height, width)


def test_very_small_numbers_have_a_maximum_only_in_netc():
    (there,) = read("quirks.json")["pool_values_below_minus_99999"]
    for compat, wanted in (("convnetjs", there), ("none", -200000)):
        bench = Bench(REGISTRY["max_pool"](2, compat=compat), Tensor((1, 2, 2), "f64"), batch=1)
        bench.put({"x": np.full((1, 1, 2, 2), -200000.0)})
        agree(bench.forward(), [wanted], "f64")


@pytest.fixture
def trainer(tmp_path):
    def made(*definitions):
        path = tmp_path / "page.js"
        path.write_text(page(definitions, {}))
        return netc.load(path).trainer()

    return made


@pytest.mark.parametrize(
    ("row", "label"),
    [
        ("softmax_label_as_string", ["1"]),
        ("softmax_label_out_of_range", [2]),
        ("softmax_label_one_hot_array", [[0, 1]]),
    ],
)
def test_labels_that_are_none_are_refused(trainer, row, label):
    there = read("quirks.json")
    assert there[row]["dw"][1] > 0 > there["softmax_label_as_number"]["dw"][1]
    with pytest.raises((ValueError, TypeError)):
        trainer(VECTOR, END).step(np.zeros((1, 2)), np.array(label))


@pytest.mark.parametrize("row", ["input_shorter_than_declared", "input_longer_than_declared"])
def test_inputs_of_another_size_are_refused(trainer, row):
    assert row in read("quirks.json")
    count = 1 if "shorter" in row else 3
    with pytest.raises(ValueError, match=r"`x` must be of shape \(count, 2\)"):
        trainer(VECTOR, END).step(np.zeros((1, count)), np.array([0]))


def test_targets_in_single_precision_are_targets(trainer):
    there = read("quirks.json")
    assert there["regression_target_float32array_loss"] == "NaN"
    assert there["regression_target_vol_loss"] == "NaN"
    measured = trainer(VECTOR, TARGET).step(np.ones((1, 2)), np.zeros((1, 2), np.float32))
    assert np.isfinite(measured.loss)


def test_no_row_is_left_out():
    assert set(read("quirks.json")) == {*TOLD, *SAME, *ELSEWHERE, *BELOW}
