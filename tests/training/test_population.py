"""Statistics of the whole training set: those of algorithm 2, whatever the momentum was."""

from contextlib import suppress

import numpy as np
import pytest
from safetensors import safe_open

from netc.training import Network, Stepped, predict
from netc.training import Tested as Measurement
from netc.training.data import Examples, Field, order
from netc.training.feed import fill
from netc.training.population import fill_population
from tests.nets import graph_of
from tests.training.small import NET as DIGITS
from tests.training.small import TRAIN, consume, ready, resumed

NET = """net a {{
    input image [2, 4, 4]
    input label class(3)
    first = conv(3, kernel: 3) -> batch_norm(momentum: {momentum}) -> relu
    {middle}
    scores = dense(3)
    side = first -> batch_norm(frozen: true) -> global_avg_pool
    loss softmax_loss(scores, label)
    output scores
    output side
}}
"""


def network_of(momentum=0.9, middle="batch_norm", **options):
    text = NET.format(momentum=momentum, middle=middle)
    return Network(graph_of(text), seed=2, **{"dtype": "f64", **options})


def examples_of(count=22, seed=1):
    rng = np.random.default_rng(seed)
    images = rng.normal(1.0, 2.0, (count, 2, 4, 4))
    return Examples({"image": Field(images), "label": Field(rng.integers(0, 3, count), classes=3)})


def conv(images, weight, bias):
    windows = np.lib.stride_tricks.sliding_window_view(images, (3, 3), axis=(2, 3))
    return np.einsum("nchwij,fcij->nfhw", windows, weight) + bias[:, None, None]


def normalized(x, epsilon=1e-5):
    axes = (0, 2, 3)
    spread = x.var(axis=axes, keepdims=True)
    return (x - x.mean(axis=axes, keepdims=True)) / np.sqrt(spread + epsilon)


def test_the_statistics_are_those_of_algorithm_2():
    network, examples = network_of(), examples_of()
    gathered = fill_population(network, examples, batch=5, seed=7)
    assert (gathered.batch, gathered.batches) == (5, 4)
    weights, states = network.store.weights, network.store.states
    images = examples.fields["image"].data[order(22, 7, 0)[:20]].reshape(4, 5, 2, 4, 4)
    first = [conv(batch, weights["first.weight"], weights["first.bias"]) for batch in images]
    second = [np.maximum(normalized(batch), 0) for batch in first]
    m = 5 * 2 * 2
    for name, batches in (("batch_norm_1", first), ("batch_norm_2", second)):
        means = [batch.mean(axis=(0, 2, 3)) for batch in batches]
        variances = [batch.var(axis=(0, 2, 3)) for batch in batches]
        np.testing.assert_allclose(states[f"{name}.mean"], np.mean(means, axis=0), rtol=1e-12)
        expected = m / (m - 1) * np.mean(variances, axis=0)
        np.testing.assert_allclose(states[f"{name}.var"], expected, rtol=1e-12)
    assert set(gathered.states) == {
        f"batch_norm_{n}.{name}" for n in (1, 2) for name in ("mean", "var")
    }
    np.testing.assert_array_equal(states["side.mean"], np.zeros(3))


@pytest.mark.parametrize("dtype", ["f32", "f64"])
def test_neither_momentum_nor_what_was_there_before_counts(dtype):
    answers = []
    for momentum, before in ((0, 0.0), (0.9, 1.0), (1, -123.4)):
        network = network_of(momentum, dtype=dtype)
        for name in ("batch_norm_1", "batch_norm_2"):
            network.store.states[f"{name}.mean"].fill(before)
            network.store.states[f"{name}.var"].fill(before)
        fill_population(network, examples_of(), batch=5, seed=7)
        image = np.ones((2, 2, 4, 4))
        answers.append(predict(network, {"image": image})["scores"])
    np.testing.assert_array_equal(answers[0], answers[1])
    np.testing.assert_array_equal(answers[0], answers[2])


def test_layers_that_share_a_state_count_each():
    text = """net a {
    input left [4]
    input right [4]
    layer norm = batch_norm()
    sum = add(norm(left), norm(right))
    output dense(sum, 2)
}
"""
    network = Network(graph_of(text), seed=1, dtype="f64")
    rng = np.random.default_rng(1)
    left, right = rng.normal(3, 1, (12, 4)), rng.normal(-5, 2, (12, 4))
    examples = Examples({"left": Field(left), "right": Field(right)})
    fill_population(network, examples, batch=12, seed=1)
    states = network.store.states
    np.testing.assert_allclose(states["norm.mean"], (left.mean(0) + right.mean(0)) / 2)
    unbiased = (left.var(0, ddof=1) + right.var(0, ddof=1)) / 2
    np.testing.assert_allclose(states["norm.var"], unbiased)


def test_dropout_drops_as_in_training_and_the_same_each_time():
    found = []
    for middle in ("dropout(0.5) -> batch_norm", "dropout(0.5) -> batch_norm", "batch_norm"):
        network = network_of(middle=middle)
        fill_population(network, examples_of(), batch=5, seed=7)
        found.append(network.store.states["batch_norm_2.var"].copy())
    np.testing.assert_array_equal(found[0], found[1])
    assert (found[0] > 1.2 * found[2]).all()


def test_images_are_cut_from_the_middle():
    rng = np.random.default_rng(1)
    wide = rng.normal(size=(10, 2, 8, 6))
    label = Field(np.zeros(10, np.int64), classes=3)
    cut = Examples({"image": Field(wide, crop=4), "label": label})
    inner = {"image": np.empty((10, 2, 4, 4)), "label": np.empty(10, np.int64)}
    fill(cut, np.arange(10), inner)
    middle = Examples({"image": Field(inner["image"]), "label": label})
    states = []
    for examples in (cut, middle):
        network = network_of()
        fill_population(network, examples, batch=5, seed=7)
        states.append(network.store.states["batch_norm_1.mean"].copy())
    np.testing.assert_array_equal(*states)


def test_fewer_batches_may_do():
    network, whole = network_of(), network_of()
    assert fill_population(network, examples_of(), batch=5, seed=7, batches=2).batches == 2
    few = examples_of()
    chosen = order(22, 7, 0)[:10]
    for name, field in few.fields.items():
        assert len(field.rows(chosen)) == 10, name
    assert fill_population(whole, few, batch=5, seed=7, batches=100).batches == 4
    mean, other = (n.store.states["batch_norm_1.mean"] for n in (network, whole))
    assert (mean != other).any()


def test_less_than_a_batch_is_a_batch():
    network = network_of()
    gathered = fill_population(network, examples_of(3), batch=64, seed=1)
    assert (gathered.batch, gathered.batches) == (3, 1)


def test_statistics_that_are_no_numbers_are_not_kept():
    network = network_of()
    network.store.weights["first.weight"].fill(np.nan)
    before = {name: state.copy() for name, state in network.store.states.items()}
    assert not fill_population(network, examples_of(), batch=5, seed=7).is_finite
    for name, state in network.store.states.items():
        np.testing.assert_array_equal(state, before[name])


def test_a_net_without_such_layers_has_nothing_to_gather():
    network = Network(graph_of("net a {\n input x [4]\n output dense(x, 2)\n}\n"))
    examples = Examples({"x": Field(np.ones((3, 4)))})
    assert fill_population(network, examples, batch=2, seed=1).states == ()


POPULATION = (DIGITS + TRAIN).replace("seed      3", "seed      3\n    statistics population")


def kept(folder, name="last"):
    with safe_open(folder / f"{name}.safetensors", framework="numpy") as file:
        return {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118


def test_a_run_keeps_and_tests_the_statistics_of_the_training_set(tmp_path):
    found = []
    for momentum in (0.5, 0.99):
        text = POPULATION.replace("batch_norm", f"batch_norm(momentum: {momentum})")
        events = consume(ready(tmp_path / str(momentum), text))
        tests = [(e.loss, e.metrics) for e in events if isinstance(e, Measurement)]
        found.append(
            (tests, kept(tmp_path / str(momentum)), kept(tmp_path / str(momentum), "best"))
        )
    (tests, last, best), (other_tests, other_last, other_best) = found
    assert tests == other_tests
    for name, array in last.items():
        np.testing.assert_array_equal(array, other_last[name], err_msg=name)
        np.testing.assert_array_equal(best[name], other_best[name], err_msg=name)


def test_what_a_run_keeps_is_what_calibrating_it_gives(tmp_path):
    run = ready(tmp_path / "run", POPULATION)
    network, data = run.loop.learner.network, run.loop.data
    consume(run)
    states = {name: state.copy() for name, state in network.store.states.items()}
    fill_population(network, data.train, batch=100, seed=3)
    for name, state in network.store.states.items():
        np.testing.assert_array_equal(state, states[name])
        np.testing.assert_array_equal(state, kept(tmp_path / "run")[name])


def test_training_itself_is_the_same_with_both(tmp_path):
    moving = consume(ready(tmp_path / "moving", DIGITS + TRAIN))
    population = consume(ready(tmp_path / "population", POPULATION))
    losses = [[e.loss for e in events if isinstance(e, Stepped)] for events in (moving, population)]
    assert losses[0] == losses[1]
    last = kept(tmp_path / "moving"), kept(tmp_path / "population")
    assert (last[0]["batch_norm_1.mean"] != last[1]["batch_norm_1.mean"]).any()
    np.testing.assert_array_equal(last[0]["scores.weight"], last[1]["scores.weight"])


@pytest.mark.parametrize("step", [3, 15, 29])
def test_a_stopped_run_goes_on_bit_for_bit(tmp_path, step):
    consume(ready(tmp_path / "whole", POPULATION))
    with suppress(KeyboardInterrupt):
        consume(ready(tmp_path / "cut", POPULATION), interrupt_at=step)
    consume(resumed(tmp_path / "cut"))
    for name in ("last", "best", "state"):
        whole, cut = ((tmp_path / f / f"{name}.safetensors").read_bytes() for f in ("whole", "cut"))
        assert whole == cut, name


def test_without_test_examples_the_end_has_them(tmp_path):
    rng = np.random.default_rng(1)
    np.savez(
        tmp_path / "few.npz", image=rng.normal(size=(50, 1, 8, 8)), label=rng.integers(0, 10, 50)
    )
    data = f'npz("{tmp_path / "few.npz"}", holdout: 0)'
    text = POPULATION.replace("digits()", data).replace("batch     100", "batch     20")
    run = ready(tmp_path / "run", text)
    network, examples = run.loop.learner.network, run.loop.data.train
    consume(run)
    fill_population(network, examples, batch=20, seed=3)
    for name, state in network.store.states.items():
        np.testing.assert_array_equal(state, kept(tmp_path / "run")[name])
