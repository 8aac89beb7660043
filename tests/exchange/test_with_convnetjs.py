"""ConvNetJS itself loads what netc writes for it, and answers the same."""

import json

import numpy as np
import pytest

import netc
from netc.exchange import Saved, Script, write_saved, write_script
from netc.training import Network, check_settings, load_saved, predict
from tests.convnetjs.corpus import NAMES, case
from tests.convnetjs.corpus import text as read_text
from tests.exchange.convnetjs import ask, volume_of

NEAR = 1e-12
"""Of the size of a number: sums are taken in another order."""

NETS = {
    "images": """net images {
        input image [2, 7, 6]
        input label class(3)
        conv(4, kernel: [3, 2], stride: 2, pad: 1) -> tanh
        conv(5, kernel: 3, pad: same) -> relu -> dropout(0.3, scaling: test)
        max_pool(2, round: down)
        scores = dense(3)
        loss softmax_loss(scores, label)
        output prob = softmax(scores)
    }""",
    "flattened": """net flattened {
        input image [3, 4, 5]
        input label class(4)
        conv(6, kernel: 2) -> flatten -> sigmoid -> dropout(0.2) -> dense(7) -> relu
        scores = dense(4)
        loss svm_loss(scores, label)
        output scores
    }""",
    "maxout": """net maxout {
        input image [2, 3, 3]
        input target [2]
        conv(7, kernel: 2) -> slice(stop: 6) -> channel_pool(3)
        lrn(size: 3, alpha: 0.5) -> dense(5) -> dropout(0.75, scaling: test)
        y = dense(2)
        loss euclidean_loss(y, target)
        output y
    }""",
    "answers alone": """net answers {
        input x [6]
        quadratic -> dense(3, bias: false) -> relu
        output softmax(dense(2))
    }""",
    "tied to the last": """net tied {
        input x [6]
        code = dense(x, 4) -> sigmoid
        output dense(code, 6, transposed: true, tied_to: code)
    }""",
}


def double(net, seed=5):
    """The net in float64, with weights whose every digit is needed."""
    network = Network(net.graph, seed=seed, dtype="f64", engine="numpy")
    rng = np.random.default_rng(seed)
    for array in network.store.weights.values():
        array += rng.normal(0, 0.1, array.shape)
    return network


def inputs_of(net, count=3):
    rng = np.random.default_rng(7)
    name = net.graph.inputs[0]
    return rng.normal(size=(count, *net.graph.types[name].shape))


def answered(network, inputs):
    name = network.graph.inputs[0]
    (answer,) = predict(network, {name: inputs}).values()
    return np.asarray(answer, np.float64)


def near(found, wanted):
    found, wanted = np.asarray(found, np.float64), np.asarray(wanted, np.float64)
    assert found.shape == wanted.shape
    np.testing.assert_allclose(found, wanted, rtol=NEAR, atol=NEAR)


@pytest.mark.parametrize("name", NETS)
def test_a_net_with_weights_answers_in_convnetjs_as_in_netc(name, tmp_path):
    (tmp_path / "a.net").write_text(NETS[name])
    net = netc.load(tmp_path / "a.net")
    network, inputs = double(net), inputs_of(net)
    made = write_saved(net.graph, network.store.arrays, None)
    assert isinstance(made, Saved)
    found = ask(saved=json.loads("".join(made.parts)), inputs=map(volume_of, inputs))
    near(found["answers"], answered(network, inputs))


@pytest.mark.parametrize("name", NAMES)
def test_nets_of_convnetjs_go_there_and_back(name, tmp_path):
    known = case(name)
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(known.data["net"]))
    net = netc.load(path, compat="convnetjs")
    network = Network(net.graph, seed=None, dtype="f64", engine="numpy")
    assert load_saved(net.spec.source, network.store, net=net.name) == []
    made = write_saved(net.graph, network.store.arrays, None)
    assert isinstance(made, Saved)
    saved = json.loads("".join(made.parts))
    assert saved == without_l1(known.data["net"])
    found = ask(saved=saved, inputs=known.data["inputs"])
    near(found["answers"], known.data["forward_test"])
    assert found["text"] == "".join(made.parts)


def without_l1(saved):
    """A saved net as netc knows it: there is no trainer whose l1 decay could be multiplied."""
    layers = [
        {**each, "l1_decay_mul": 0} if "filters" in each else each for each in saved["layers"]
    ]
    return {"layers": layers}


@pytest.mark.parametrize(
    "name", [n for n in NETS if n not in ("answers alone", "tied to the last")]
)
def test_the_script_of_a_net_makes_it_in_convnetjs(name, tmp_path):
    (tmp_path / "a.net").write_text(NETS[name])
    net = netc.load(tmp_path / "a.net")
    made = write_script(net.graph, None)
    assert isinstance(made, Script)
    saved = ask(text=made.text)["saved"]
    path = tmp_path / "saved.json"
    path.write_text(json.dumps(saved))
    again = netc.load(path)
    shapes = [again.graph.types[weight].shape for weight in again.graph.weights]
    assert shapes == [net.graph.types[weight].shape for weight in net.graph.weights]
    inputs = inputs_of(net)
    near(
        ask(saved=saved, inputs=map(volume_of, inputs))["answers"],
        answered(loaded(netc.load(path, compat="convnetjs")), inputs),
    )


def loaded(net):
    network = Network(net.graph, seed=None, dtype="f64", engine="numpy")
    assert load_saved(net.spec.source, network.store, net=net.name) == []
    return network


@pytest.mark.parametrize("page", ["mnist", "cifar10", "classify2d", "regression", "autoencoder"])
def test_the_script_of_a_page_says_to_convnetjs_what_the_page_says(page, tmp_path):
    text = read_text(f"{page}.layer_defs.js")
    (tmp_path / "a.js").write_text(text)
    net = netc.load(tmp_path / "a.js")
    made = write_script(net.graph, check_settings(net.spec, net.graph).settings)
    assert isinstance(made, Script)
    wanted, found = ask(text=text), ask(text=made.text)
    assert structure(found["saved"]) == structure(wanted["saved"])
    wanted["trainer"]["l1_decay"] = 0  # that of the page has no effect, and is left out
    if found["trainer"]["method"] == "adadelta":  # which has no rate
        found["trainer"]["learning_rate"] = wanted["trainer"]["learning_rate"]
    assert found["trainer"] == wanted["trainer"]


def structure(saved):
    """A saved net without its weights, which are drawn; biases are not."""
    return [{**layer, "filters": len(layer.get("filters", ()))} for layer in saved["layers"]]
