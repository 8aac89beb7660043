"""Where ConvNetJS computes something else than it means, netc does what is meant by default."""

import numpy as np
import pytest

from netc.layers import REGISTRY
from netc.types import Tensor
from tests.convnetjs.agree import agree, distance
from tests.convnetjs.corpus import NAMES, case, read
from tests.convnetjs.twin import Twin
from tests.rules import Bench

WRONG_OUTPUTS, WRONG_GRADIENTS = {"maxout_dropout"}, {"lrn"}
DROPOUT = 6
"""The place of a dropout layer with the rate 0.3."""
BOTH = pytest.mark.parametrize("compat", ["none", "convnetjs"])


@pytest.mark.parametrize("name", NAMES)
def test_where_nothing_is_wrong_the_default_is_the_same(name):
    known = case(name)
    twin = Twin(known, compat=False)
    answers = twin.answers(range(len(known.inputs)))
    assert_far_or_same(answers, known.data["forward_test"], is_wrong=name in WRONG_OUTPUTS)
    call = known.data["backward"]
    _, gradients = twin.gradients(call)
    first, numbers = next(twin.named(call["grads"]))
    assert_far_or_same(gradients[first], numbers, is_wrong=name in WRONG_GRADIENTS)


def assert_far_or_same(found, wanted, *, is_wrong):
    if is_wrong:
        assert distance(found, np.array(wanted), "f32") > 1e-3
    else:
        agree(found, wanted, "f64")


def test_after_training_dropout_leaves_what_was_kept_on_average():
    known = case("maxout_dropout")
    twin = Twin(known, compat=False)
    before, after = twin.all_values([0], twin.values[DROPOUT - 1 : DROPOUT + 1])
    agree(after, 0.7 * before, "f64")
    agree(0.3 / 0.7 * after[0], known.data["activations_input0"][DROPOUT], "f64")


def test_with_a_rate_of_0_only_convnetjs_drops_everything_after_training():
    assert read("quirks.json")["dropout_drop_prob_0_test_mode"] == [0, 0, 0]
    made = REGISTRY["dropout"](0.0, scaling="test", compat="convnetjs")
    bench = Bench(made, Tensor((3,), "f64"), training=False)
    assert made.bypass("test") is None
    np.testing.assert_array_equal(bench.forward(), 0)
    assert REGISTRY["dropout"](0.0, scaling="test").bypass("test") == "x"


def test_the_default_gradient_of_lrn_is_that_of_the_loss():
    twin = Twin(case("lrn"), compat=False)
    found = twin.input_gradient({"input": 0})
    image = twin.examples([0])
    engine = twin.network.hold("test", 1)
    engine.inputs[twin.wanted][...] = twin.targets([0])

    def loss(moved):
        engine.inputs[twin.image][...] = moved
        engine.run()
        return twin.network.measured(engine).loss

    for place in [(0, 0, 0), (1, 3, 4), (0, 6, 2), (1, 5, 5)]:
        step = np.zeros_like(image)
        step[0, *place] = 1e-5
        slope = (loss(image + step) - loss(image - step)) / 2e-5
        assert found[place] == pytest.approx(slope, rel=1e-6)


@BOTH
def test_both_gradients_of_lrn_are_those_that_were_measured(compat):
    known = read("quirks.json")["lrn_gradient"]
    options = {"size": known["n"], "alpha": known["alpha"], "beta": known["beta"], "k": known["k"]}
    bench = Bench(REGISTRY["lrn"](**options, compat=compat), Tensor((4, 1, 1), "f64"), batch=1)
    bench.put({"x": np.reshape(known["x"], (1, 4, 1, 1))})
    bench.put({"dy": np.reshape(known["upstream"], (1, 4, 1, 1))})
    bench.forward()
    found = bench.backward()["x"].reshape(-1)
    if compat == "convnetjs":
        agree(found, known["convnetjs"], "f64")
    else:
        np.testing.assert_allclose(found, known["numeric"], rtol=1e-6)


@BOTH
def test_great_numbers_overflow_in_the_tanh_of_convnetjs_alone(compat):
    known = read("quirks.json")
    bench = Bench(REGISTRY["tanh"](compat=compat), Tensor((3,), "f64"), batch=1)
    bench.put({"x": np.array([[400.0, 354.0, -400.0]])})
    with np.errstate(all="ignore"):
        found = bench.forward()[0]
    names = ("tanh_of_400", "tanh_of_354", "tanh_of_minus400")
    wanted = [float(known[name]) for name in names] if compat == "convnetjs" else [1, 1, -1]
    np.testing.assert_array_equal(found, wanted)


@BOTH
def test_among_equal_numbers_convnetjs_takes_the_leftmost_and_netc_the_topmost(compat):
    known = case("pool_ties")
    twin = Twin(known, compat=compat == "convnetjs")
    call = known.data["backward"]
    found = twin.input_gradient(call)
    wanted = known.layers[0].numbers(call["input_grad"])
    # The window at the left and top: both numbers are greatest, one of them takes the gradient.
    image = twin.examples([0])[0, :, :3, :3]
    assert (image[:, 0, 1] == image[:, 1, 0]).all()
    winner = (1, 0) if compat == "convnetjs" else (0, 1)
    np.testing.assert_array_equal(found[:, *winner] != 0, True)
    if compat == "convnetjs":
        agree(found, wanted, "f64")
    windows = (2, 2, 3, 2, 3)
    sums = [g.reshape(windows).sum((2, 4)) for g in (found, wanted)]
    agree(*sums, "f64")


def test_the_first_step_of_adam_is_as_long_as_the_rate():
    known = case("svm")
    run = known.run("adam")
    moved = {}
    for compat in (False, True):
        twin = Twin(known, run.options, compat=compat)
        weight = twin.store.weights[f"{twin.learned[0]}.weight"]
        before = weight.copy()
        twin.learn(run.steps[:1])
        moved[compat] = np.abs(weight - before).max()
    rate = run.options["learning_rate"]
    assert moved[False] == pytest.approx(rate, rel=1e-4)
    assert moved[True] == pytest.approx(10 * rate, rel=1e-2)
