"""Saved networks answer as they did in ConvNetJS, by the weights in their own files."""

import json

import numpy as np
import pytest

import netc
from tests.convnetjs.agree import agree
from tests.convnetjs.corpus import NAMES, case, find, read


@pytest.mark.parametrize("form", ["objects", "lists"])
@pytest.mark.parametrize("name", NAMES)
def test_a_saved_net_answers_the_same(name, form, tmp_path):
    known = case(name)
    saved = json.loads(json.dumps(known.data["net"]))
    if form == "lists":
        for volume in volumes(saved):
            volume["w"] = [volume["w"][str(place)] for place in range(len(volume["w"]))]
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(saved))
    agree(answers(path, known), known.data["forward_test"], "f32")


def volumes(saved):
    for layer in saved["layers"]:
        yield from layer.get("filters", [])
        yield from [layer["biases"]] if "biases" in layer else []


def answers(path, known):
    net = netc.load(path, compat="convnetjs")
    (image, *_) = net.graph.inputs
    shape = net.graph.types[image].shape
    inputs = known.inputs.reshape(len(known.inputs), *shape).astype(np.float32)
    return net.predict(inputs, weights=path)


def test_the_net_that_a_page_of_convnetjs_brings_with_it():
    saved = read("rldemo_pretrained.net.json")
    known = case("rldemo")
    assert [layer["layer_type"] for layer in saved["layers"]] == [
        layer.type for layer in known.layers
    ]
    path = find("rldemo_pretrained.net.json")
    agree(answers(path, known), known.data["forward_test"], "f32")
