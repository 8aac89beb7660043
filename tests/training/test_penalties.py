"""`l1` and `l2` of a layer, `decay` and `l1` of an optimizer: what they add to gradients."""

import numpy as np
import pytest

from netc.diag import render
from netc.ir import build
from netc.training import Learner, Network, check_settings
from tests.nets import feed, graph_of
from tests.training.small import section, spec_of

NET = """net a {{
    input image [3, 6, 5]
    input label class(4)
    conv_a = conv(4, kernel: 3{a}) -> batch_norm -> relu
    free = dense(6) -> tanh
    still = dense(6, l1: 0.1, l2: 0.2, rate: 0)
    last = dense(4{b})
    loss softmax_loss(last, label)
}}
"""
RATE = 0.1


def learner_of(optimizer="sgd(0.1)", a="", b=""):
    graph = graph_of(NET.format(a=a, b=b))
    settings = check_settings(section(f"optimizer {optimizer}"), graph).settings
    return Learner(Network(graph, seed=2, dtype="f64"), settings.optimizer, seed=1)


def learn(learner, step=0):
    engine = learner.network.hold("train", 5)
    for name, array in feed(learner.network.graph, 5, seed=step).items():
        engine.inputs[name][...] = array
    before = {name: weight.copy() for name, weight in learner.network.store.weights.items()}
    loss = learner.learn(engine, learner.optimizer.rate).loss
    store = learner.network.store
    moved = {name: before[name] - weight for name, weight in store.weights.items()}
    return loss, before, moved, store.gradients


def test_a_step_is_that_of_the_gradient_with_the_penalties_added():
    learner = learner_of(a=", l1: 0.03", b=", l1: 0.01, l2: 0.5, rate: 2, decay: 0")
    loss, before, moved, gradients = learn(learner)
    plain = learn(learner_of())
    assert loss == plain[0], "the loss that is shown is that of the data"
    w = before["conv_a.weight"]
    expected = RATE * (gradients["conv_a.weight"] + 0.03 * np.sign(w))
    np.testing.assert_allclose(moved["conv_a.weight"], expected, rtol=1e-9, atol=1e-15)
    w = before["last.weight"]
    expected = 2 * RATE * (gradients["last.weight"] + 0.01 * np.sign(w) + 0.5 * w)
    np.testing.assert_allclose(moved["last.weight"], expected, rtol=1e-9, atol=1e-15)
    for name in ("conv_a.bias", "last.bias", "free.weight", "batch_norm_1.scale"):
        factor = 2 if name == "last.bias" else 1
        expected = factor * RATE * gradients[name]
        np.testing.assert_allclose(moved[name], expected, rtol=1e-9, atol=1e-15, err_msg=name)
    assert not moved["still.weight"].any()


def test_the_decay_and_the_l1_of_the_optimizer_add_to_those_of_the_layer():
    learner = learner_of(
        "sgd(0.1, decay: 0.02, l1: 0.004)", a=", l1: 0.03, decay: 0.5", b=", l2: 0.5"
    )
    _, before, moved, gradients = learn(learner)
    for name, l1, l2 in (
        ("conv_a.weight", 0.03 + 0.002, 0.01),
        ("free.weight", 0.004, 0.02),
        ("last.weight", 0.004, 0.52),
        ("last.bias", 0, 0),
        ("batch_norm_1.scale", 0, 0),
    ):
        w = before[name]
        expected = RATE * (gradients[name] + l1 * np.sign(w) + l2 * w)
        np.testing.assert_allclose(moved[name], expected, rtol=1e-9, atol=1e-15, err_msg=name)


@pytest.mark.parametrize(
    "optimizer", ["adam(0.05)", "rmsprop", "adagrad", "sgd(0.1, momentum: 0.9)"]
)
def test_l2_is_decay_and_every_optimizer_sees_it_in_the_gradient(optimizer):
    everywhere = ", l2: 0.3"
    layer = learner_of(optimizer, a=everywhere, b=everywhere)
    word = optimizer.removesuffix(")") if "(" in optimizer else f"{optimizer}("
    comma = ", " if "(" in optimizer else ""
    whole = learner_of(f"{word}{comma}decay: 0.3)")
    for step in range(3):
        learn(layer, step)
        learn(whole, step)
        if step == 0:
            for name in ("conv_a.weight", "last.weight", "last.bias"):
                a, b = (x.network.store.weights[name] for x in (layer, whole))
                np.testing.assert_allclose(a, b, rtol=1e-12, err_msg=name)


def test_a_large_l1_makes_weights_that_do_not_help_small():
    learner = learner_of("sgd(0.01)", b=", l1: 1.0")
    for _ in range(300):
        learn(learner)
    assert np.abs(learner.network.store.weights["last.weight"]).max() < 0.02


@pytest.mark.parametrize(
    ("layer", "slug", "reason"),
    [
        ("batch_norm(l1: 0.1)", "bad-shape", "which do not decay"),
        ("layer_norm(l2: 0.1)", "bad-shape", "which do not decay"),
        ("dense(3, l2: -1)", "bad-value", "at least 0"),
        ("relu(l1: 0.1)", "unknown-option", "l1"),
    ],
)
def test_a_penalty_that_cannot_be_is_refused(layer, slug, reason):
    problem, *_ = build(spec_of(f"net a {{\n input x [4]\n output {layer}\n}}\n")).problems
    assert problem.slug == slug
    assert reason in render(problem.diagnostic())
