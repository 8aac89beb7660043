"""Whatever list of layers is given, it is told what is wrong, or it is a net without errors."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netc.diag import Level, Problem, Source
from netc.formats import is_same, parse, write
from netc.ir import build
from netc.spec import Library, Spec
from netc.training import check_settings

SIDES = st.integers(1, 7)
FACTORS = st.sampled_from([0, 0.5, 1, 2])
SHARES = st.sampled_from([0, 0.25, 0.5, 0.9])
TYPES = ["input", "fc", "conv", "pool", "relu", "sigmoid", "tanh", "maxout", "dropout", "lrn"]
TYPES += ["quadtransform", "softmax", "svm", "regression"]
METHODS = ["sgd", "nesterov", "adagrad", "windowgrad", "adadelta", "adam"]

SUGAR = {
    "activation": st.sampled_from(["relu", "sigmoid", "tanh", "maxout"]),
    "drop_prob": SHARES,
    "group_size": st.integers(1, 4),
}
LEARNING = {"bias_pref": FACTORS, "l1_decay_mul": FACTORS, "l2_decay_mul": FACTORS}


def one(type: str, needed: dict[str, Any], others: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"type": st.just(type), **needed}, optional=others)


LAYERS = st.one_of(
    one("fc", {"num_neurons": SIDES}, {**LEARNING, **SUGAR, "tensor": st.booleans()}),
    one(
        "conv",
        {"filters": SIDES, "sx": st.integers(1, 4)},
        {
            "sy": st.integers(1, 4),
            "stride": st.integers(1, 3),
            "pad": st.integers(0, 3),
            **LEARNING,
            **SUGAR,
        },
    ),
    one(
        "pool",
        {"sx": st.integers(1, 4)},
        {"sy": st.integers(1, 4), "stride": st.integers(1, 4), "pad": st.integers(0, 2), **SUGAR},
    ),
    one("relu", {}, SUGAR),
    one("tanh", {}, SUGAR),
    one("sigmoid", {}, SUGAR),
    one("maxout", {}, {"group_size": st.integers(1, 3)}),
    one("dropout", {}, {"drop_prob": SHARES}),
    one("quadtransform", {}, {}),
    one(
        "lrn",
        {
            "k": st.sampled_from([0.5, 1, 2]),
            "n": st.integers(1, 6),
            "alpha": st.sampled_from([0, 0.1, 1]),
            "beta": st.sampled_from([0.5, 0.75]),
        },
        {},
    ),
)
LOSSES = st.one_of(
    one("softmax", {"num_classes": SIDES}, {}),
    one("svm", {"num_classes": SIDES}, {}),
    one("regression", {"num_neurons": SIDES}, {}),
)
INPUTS = one("input", {"out_depth": SIDES}, {"out_sx": SIDES, "out_sy": SIDES, "drop_prob": SHARES})
TRAINERS = st.fixed_dictionaries(
    {},
    optional={
        "method": st.sampled_from(METHODS),
        "learning_rate": st.sampled_from([0, 0.01, 1]),
        "momentum": SHARES,
        "batch_size": st.integers(1, 9),
        "l1_decay": FACTORS,
        "l2_decay": FACTORS,
        "eps": st.sampled_from([1e-8, 1e-6]),
        "ro": SHARES,
        "beta1": SHARES,
    },
)
LISTS = st.builds(
    lambda first, middle, last: [first, *middle, *last],
    INPUTS,
    st.lists(LAYERS, max_size=6),
    st.lists(LOSSES, max_size=1),
)


def read(data: object) -> Library | list[Problem]:
    return parse(Source("a.json", json.dumps(data)), ".json")


def errors_of(whole: Spec) -> list[str]:
    built = build(whole)
    found = [*built.problems, *check_settings(whole, built.graph).problems]
    return [p.diagnostic().text for p in found if p.level is Level.ERROR]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(LISTS, TRAINERS)
def test_a_list_without_mistakes_is_a_net_without_errors(
    layers: list[Any], trainer: dict[str, Any]
) -> None:
    made = read({"layer_defs": layers, "trainer": trainer})
    if not isinstance(made, Spec):
        assert isinstance(made, list)
        assert any(problem.level is Level.ERROR for problem in made)
        return
    assert made.origin is not None
    assert made.origin.original is not None
    for whole in (made, made.origin.original):
        assert errors_of(whole) == []
        text = write(whole, ".net")
        assert isinstance(text, str)
        again = parse(Source("a.net", text), ".net")
        assert isinstance(again, Spec), text
        assert is_same(again, whole), text


WORDS = [*TYPES, "rleu", "x", "", "8", "netsgd", "__proto__", "\ud800", "a" * 200]
NUMBERS = [0, -1, 1, 2, 3, 0.5, 1e-300, 1e300, 10**40, 2.5]
VALUES = st.recursive(
    st.one_of(st.sampled_from(WORDS), st.sampled_from(NUMBERS), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(WORDS), inner),
    max_leaves=4,
)
KEYS = ["type", "layer_type", "out_depth", "out_sx", "sx", "sy", "stride", "pad", "filters"]
KEYS += ["num_neurons", "num_classes", "group_size", "drop_prob", "activation", "tensor", "n", "k"]
KEYS += ["alpha", "beta", "bias_pref", "l1_decay_mul", "constructor", "method", "batch_size", "eps"]
OBJECTS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.one_of(OBJECTS, VALUES, LAYERS, LOSSES, INPUTS), max_size=5),
    st.one_of(OBJECTS, TRAINERS),
    st.sampled_from(["layer_defs", "layers"]),
)
def test_nothing_at_all_breaks_the_reader(layers: list[Any], trainer: Any, key: str) -> None:
    made = read({key: layers, "trainer": trainer})
    if isinstance(made, Spec):
        # What netc refuses of it is its size alone.
        assert all("too" in text or "more than" in text for text in errors_of(made))
        return
    assert isinstance(made, list)
    for problem in made:
        assert len(problem.diagnostic().text) < 2000


def test_a_long_list_of_mistakes_is_told_of_whole() -> None:
    wrong = {"type": "cnov", "sxx": 3, "activation": "rleu"}
    made = read({"layer_defs": [{"type": "input", "out_depth": 1}, *[wrong] * 10_000]})
    assert isinstance(made, list)
    assert 3 * 10_000 <= len(made) <= 5 * 10_000
