"""Optimizers move weights as the papers, PyTorch and the real Caffe do."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from netc.diag import Source
from netc.formats import read_source
from netc.ir import build
from netc.training import Learner, Network, check_settings
from netc.training.optimizers import OPTIMIZERS, Adagrad, Adam, Rmsprop, Sgd
from netc.training.schedules import Progress
from netc.training.updater import Updater
from tests.training.small import section

DATA = Path(__file__).parents[1] / "data"
with np.load(DATA / "optimizers.npz") as stored:
    TORCH = {name: stored[name] for name in stored.files}
with np.load(DATA / "solvers.npz") as stored:
    CAFFE = {name: stored[name] for name in stored.files}
TEXTS = [name for name in TORCH if "(" in name]


@dataclass(frozen=True)
class Group:
    start: int
    stop: int
    rate: float = 1.0
    decay: float = 1.0
    l1: float = 0.0
    l2: float = 0.0


def optimizer_of(text):
    bound = check_settings(section(f"optimizer {text}"), None)
    assert not bound.problems
    return bound.settings.optimizer


def trajectory(optimizer, weights, gradients, *, groups=None, dtype=np.float64, batch=1):
    """The weights after each step."""
    weights, gradient = weights.astype(dtype), np.zeros(weights.size, dtype)
    updater = Updater(optimizer, weights, gradient, groups or (Group(0, weights.size),))
    path = []
    for count, row in enumerate(gradients, start=1):
        gradient[...] = row
        updater.step(optimizer.rate, optimizer.counted(count, batch))
        path.append(weights.copy())
    return np.array(path)


@pytest.mark.parametrize("text", TEXTS)
def test_optimizer_follows_the_stored_path_of_torch(text):
    path = trajectory(optimizer_of(text), TORCH["weights"], TORCH["gradients"])
    np.testing.assert_allclose(path, TORCH[text], rtol=1e-12)


@pytest.mark.parametrize("text", TEXTS)
def test_optimizer_follows_torch_live(text):
    pytest.importorskip("torch")
    from tests.data.make_optimizers import trajectory as path_of_torch

    path = trajectory(optimizer_of(text), TORCH["weights"], TORCH["gradients"])
    np.testing.assert_allclose(path, path_of_torch(text), rtol=1e-12)


def test_every_optimizer_has_stored_paths():
    assert {text.split("(")[0] for text in TEXTS} == set(OPTIMIZERS)


def test_first_step_of_adam_is_the_rate_whatever_the_gradient():
    path = trajectory(Adam(rate=0.5), np.zeros(2), np.array([[1e-3, -200.0]]))
    np.testing.assert_allclose(path[0], [-0.5, 0.5], rtol=1e-4)


def path_of_convnetjs(method, rate, batch=1):
    """The weights after each step, as convnet_trainers.js moves them; all gradients are means."""
    p, a, b, k, path = TORCH["weights"].copy(), 0.0, 0.0, 0, []
    for g in TORCH["gradients"]:
        k += batch
        if method == "adam":
            a = a * 0.9 + (1 - 0.9) * g
            b = b * 0.999 + (1 - 0.999) * g * g
            p += -rate * a * (1 - 0.9**k) / (np.sqrt(b * (1 - 0.999**k)) + 1e-8)
        else:
            a = a + g * g if method == "adagrad" else 0.95 * a + (1 - 0.95) * g * g
            p += -rate / np.sqrt(a + 1e-3) * g
        path.append(p.copy())
    return path


@pytest.mark.parametrize("batch", [1, 20])
def test_adam_frees_its_means_as_convnetjs_does_where_that_is_asked_for(batch):
    rule = Adam(rate=0.01, compat="convnetjs")
    path = trajectory(rule, TORCH["weights"], TORCH["gradients"], batch=batch)
    np.testing.assert_allclose(path, path_of_convnetjs("adam", 0.01, batch), rtol=1e-12)
    plain = trajectory(Adam(rate=0.01), TORCH["weights"], TORCH["gradients"], batch=batch)
    np.testing.assert_allclose(plain, TORCH["adam(rate: 0.01)"], rtol=1e-12)


@pytest.mark.parametrize(
    ("method", "rule"),
    [("adagrad", Adagrad(rate=0.1)), ("windowgrad", Rmsprop(rate=0.1, smoothing=0.95))],
)
def test_epsilon_may_be_in_the_root(method, rule):
    rule = replace(rule, epsilon=1e-3, epsilon_in_root=True)
    path = trajectory(rule, TORCH["weights"], TORCH["gradients"])
    np.testing.assert_allclose(path, path_of_convnetjs(method, 0.1), rtol=1e-12)


@pytest.mark.parametrize("text", TEXTS)
def test_blocks_change_nothing(text, monkeypatch):
    rng = np.random.default_rng(1)
    weights, gradients = rng.normal(size=50), rng.normal(size=(3, 50))
    whole = trajectory(optimizer_of(text), weights, gradients)
    monkeypatch.setattr("netc.training.updater._BLOCK", 7)
    assert np.array_equal(trajectory(optimizer_of(text), weights, gradients), whole)


def test_factors_of_a_group_scale_rate_and_decay():
    weights, gradients = np.ones(3), np.ones((1, 3))
    groups = (Group(0, 1), Group(1, 2, rate=2.0, decay=0.0), Group(2, 3, rate=0.0))
    path = trajectory(Sgd(rate=0.1, decay=0.5), weights, gradients, groups=groups)
    np.testing.assert_allclose(path[0], [1 - 0.1 * 1.5, 1 - 0.2, 1])


@pytest.mark.parametrize("text", TEXTS)
def test_single_precision_stays_single(text):
    path = trajectory(optimizer_of(text), TORCH["weights"], TORCH["gradients"], dtype=np.float32)
    assert path.dtype == np.float32
    np.testing.assert_allclose(path, TORCH[text], rtol=2e-5)


@pytest.mark.parametrize("text", TEXTS)
def test_gradients_are_left_as_they_are(text):
    weights, gradient = np.ones(4), np.full(4, 0.5)
    Updater(optimizer_of(text), weights, gradient, (Group(0, 4),)).step(0.1, 1)
    assert (gradient == 0.5).all()


SOLVERS = {
    "sgd_plain": "optimizer sgd(0.1)",
    "sgd_momentum": "optimizer sgd(0.1, momentum: 0.9)",
    "sgd_wd": "optimizer sgd(0.1, decay: 0.1)",
    "nesterov": "optimizer sgd(0.1, momentum: 0.9, nesterov: true)",
    "nesterov_step": "optimizer sgd(0.1, momentum: 0.95, nesterov: true)\n"
    "schedule step(4, factor: 0.5, unit: step)",
    "adagrad": "optimizer adagrad(0.1)",
    "rmsprop": "optimizer rmsprop(0.01, smoothing: 0.98)",
    "rmsprop_default": "optimizer rmsprop(0.01, smoothing: 0.99)",
    "adam": "optimizer adam(0.02)",
    "lr_step": "optimizer sgd(0.1, momentum: 0.9)\nschedule step(3, factor: 0.5, unit: step)",
    "lr_exp": "optimizer sgd(0.1, momentum: 0.9)\nschedule exp(0.9, unit: step)",
    "lr_inv": "optimizer sgd(0.1, momentum: 0.9)\nschedule inv(0.3, power: 0.75, unit: step)",
    "lr_poly": "optimizer sgd(0.1, momentum: 0.9)\nschedule poly(1.5)",
    "lr_multistep": "optimizer sgd(0.1, momentum: 0.9)\n"
    "schedule multistep([2, 5, 6], factor: 0.3, unit: step)",
}
LAST = {"lr_poly": 25}
ROUGHLY = {"adam": 2e-4}
"""Caffe leaves epsilon out of the bias correction, so in the first steps its epsilon counts up to
30 times as much; where a gradient is near 1e-5 that is seen in the fourth digit."""

CAFFE_NET = """net small {
    input image [2, 6, 6]
    input label class(3)
    c = conv(3, kernel: 3) -> tanh
    avg_pool(2, stride: 2)
    ip = dense(3)
    loss softmax_loss(ip, label)
}
"""
FACTORS = {"c.bias": (2.0, 0.0), "ip.bias": (0.5, 2.0)}
NAMES = {"c.weight": "conv/0", "c.bias": "conv/1", "ip.weight": "ip/0", "ip.bias": "ip/1"}


@pytest.mark.parametrize("case", SOLVERS)
def test_a_small_net_learns_as_in_the_real_caffe(case):
    spec = read_source(Source("small.net", CAFFE_NET + "train {\n" + SOLVERS[case] + "\n}\n"))
    graph = build(spec).graph
    weights = {
        name: replace(weight, rate=FACTORS[name][0], decay=FACTORS[name][1])
        if name in FACTORS
        else weight
        for name, weight in graph.weights.items()
    }
    settings = check_settings(spec, graph).settings
    network = Network(graph.replace(weights=weights))
    learner = Learner(network, settings.optimizer, seed=0)
    for name, theirs in NAMES.items():
        network.store.weights[name][...] = CAFFE[f"{case}/0/{theirs}"]
    engine = network.hold("train", 4)
    for step in range(10):
        rows = slice(step % 3 * 4, step % 3 * 4 + 4)
        engine.inputs["image"][...] = CAFFE["image"][rows]
        engine.inputs["label"][...] = CAFFE["label"][rows]
        progress = Progress(step, steps_per_epoch=3, steps=LAST.get(case, 20))
        rate = settings.optimizer.rate * settings.schedule.factor_at(progress)
        np.testing.assert_allclose(rate, CAFFE[f"{case}/rates"][step], rtol=1e-6)
        learner.learn(engine, rate)
        if f"{case}/{step + 1}/conv/0" in CAFFE:
            for name, theirs in NAMES.items():
                wanted = CAFFE[f"{case}/{step + 1}/{theirs}"]
                np.testing.assert_allclose(
                    network.store.weights[name],
                    wanted,
                    rtol=1e-4,
                    atol=ROUGHLY.get(case, 2e-6),
                    err_msg=name,
                )
