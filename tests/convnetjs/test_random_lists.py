"""Lists of layers that nobody wrote train in netc as they do in ConvNetJS, run beside it."""

import json
import random
from pathlib import Path

import pytest

from tests.convnetjs.agree import agree
from tests.convnetjs.corpus import Case
from tests.convnetjs.drawn import draw_case
from tests.convnetjs.twin import Twin
from tests.exchange.convnetjs import run_script

SCRIPT = Path(__file__).with_name("answers.js")
COUNT = 12
ROOM = 100
"""Nets drawn at random have numbers of all sizes, and terms that cancel."""


@pytest.fixture(scope="module")
def cases():
    rng = random.Random(5)
    asked = [draw_case(rng) for _ in range(COUNT)]
    answers = run_script(SCRIPT.read_text(), asked)
    finite = [found for found in answers if '"NaN"' not in json.dumps(found)]
    assert len(finite) > COUNT / 2
    return [Case(f"drawn_{place}", found) for place, found in enumerate(finite)]


@pytest.mark.parametrize("engine", ["cpu", "numpy"])
def test_drawn_lists_compute_and_learn_as_in_convnetjs(engine, cases):
    for known in cases:
        options = known.run("drawn").options
        assert_same_values(Twin(known, options, engine=engine))
        assert_same_gradients(Twin(known, options, engine=engine))
        assert_same_updates(Twin(known, options, engine=engine))


def assert_same_values(twin):
    known = twin.case
    found = twin.all_values([0], twin.values)
    wanted = known.data["activations_input0"]
    for layer, value, volume in zip(known.layers, found, wanted, strict=True):
        agree(value[0], layer.numbers(volume), "f64", told(known, layer.type), room=ROOM)


def assert_same_gradients(twin):
    known, call = twin.case, twin.case.data["backward"]
    measured, gradients = twin.gradients(call)
    agree(measured.loss, known.loss(call["loss"]), "f64", told(known, "loss"), room=ROOM)
    for weight, numbers in twin.named(call["grads"]):
        agree(gradients[weight], numbers, "f64", told(known, weight), room=ROOM)
    image = known.layers[0].numbers(call["input_grad"])
    agree(twin.input_gradient(call), image, "f64", told(known, "data"), room=ROOM)


def assert_same_updates(twin):
    known, run = twin.case, twin.case.run("drawn")
    for calls in run.batches:
        twin.learn(calls)
    for weight, numbers in twin.named(run.weights):
        agree(twin.store.weights[weight], numbers, "f64", told(known, weight), room=ROOM)


def told(known, what):
    return f"{what} of {json.dumps(known.definitions)}, {known.run('drawn').options}"
