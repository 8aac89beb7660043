"""Outputs, the values of all layers and all gradients are those of ConvNetJS."""

import pytest

from tests.convnetjs.agree import agree
from tests.convnetjs.corpus import NAMES, case
from tests.convnetjs.twin import Twin

pytestmark = [
    pytest.mark.parametrize("name", NAMES),
    pytest.mark.parametrize("dtype", ["f64", "f32"]),
    pytest.mark.parametrize("engine", ["cpu", "numpy"]),
]


def test_once_trained_the_outputs_are_those_of_convnetjs(name, dtype, engine):
    known = case(name)
    twin = Twin(known, dtype=dtype, engine=engine)
    places = range(len(known.inputs))
    for place, wanted in enumerate(known.data["forward_test"]):
        agree(twin.answers([place])[0], wanted, dtype, f"input {place}")
    agree(twin.answers(list(places)), known.data["forward_test"], dtype, "all at once")


def test_every_layer_makes_the_same(name, dtype, engine):
    known = case(name)
    if "activations_input0" not in known.data:
        pytest.skip("the file has only the outputs")
    twin = Twin(known, dtype=dtype, engine=engine)
    found = twin.all_values([0], twin.values)
    for layer, value, volume in zip(
        known.layers, found, known.data["activations_input0"], strict=True
    ):
        agree(value[0], layer.numbers(volume), dtype, layer.type)


def test_gradients_of_weights_and_data_are_those_of_convnetjs(name, dtype, engine):
    known = case(name)
    twin = Twin(known, dtype=dtype, engine=engine)
    call = known.data["backward"]
    measured, gradients = twin.gradients(call)
    agree(measured.loss, known.loss(call["loss"]), dtype, "loss")
    wanted = dict(twin.named(call["grads"]))
    assert wanted.keys() == gradients.keys()
    for weight, numbers in wanted.items():
        agree(gradients[weight], numbers, dtype, weight)
    image = known.layers[0].numbers(call["input_grad"])
    agree(twin.input_gradient(call), image, dtype, "data")
