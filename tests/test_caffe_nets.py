"""Whole networks give the numbers of the real Caffe; tests/data/make_caffe_nets.py says how."""

from pathlib import Path

import numpy as np
import pytest

from netc import passes
from netc.engines import Store
from netc.ir import Graph
from tests.data.make_caffe_nets import NETS
from tests.nets import engine_of, graph_of, run

VALUES = Path(__file__).parent / "data" / "caffe" / "nets.npz"

LENET = """
    conv1 = conv(data, 3, kernel: 3) -> max_pool(2)
    conv2 = conv(4, kernel: 3) -> max_pool(2)
    ip1 = dense(6) -> relu
    ip2 = dense(4)
    loss end = softmax_loss(ip2, label)
"""


RESNET = """
    input data [3, 5, 5]; input label class(3)
    conv0 = conv(data, 4, kernel: 3, pad: 1, bias: false)
    sc_0 = batch_norm(momentum: MOMENTUM)
    x = relu
    conv1 = conv(4, kernel: 3, pad: 1, bias: false)
    sc_1 = batch_norm(momentum: MOMENTUM)
    relu
    conv2 = conv(4, kernel: 3, pad: 1, bias: false)
    sc_2 = batch_norm(momentum: MOMENTUM)
    add(x, sc_2) -> relu -> global_avg_pool
    cls = dense(3)
    loss end = softmax_loss(cls, label)
"""

TEXTS = {
    "net_resnet_train": RESNET,
    "net_resnet_test": RESNET,
    "loss_weight_zero": """
        input data [4]; input t1 [2]; input label class(3)
        ip1 = dense(data, 2)
        ip2 = dense(data, 3)
        loss l1 = euclidean_loss(ip1, t1, weight: 0)
        loss l2 = softmax_loss(ip2, label)
    """,
    "two_losses": """
        input data [4]; input t1 [2]; input label class(3)
        ip1 = dense(data, 2)
        ip2 = dense(data, 3)
        loss l1 = euclidean_loss(ip1, t1, weight: 0.7)
        loss l2 = softmax_loss(ip2, label, weight: 1.3)
    """,
    "net_lenet": f"input data [1, 12, 12]; input label class(4)\n{LENET}",
    "net_lenet_test": f"""input data [1, 12, 12]; input label class(4)\n{LENET}
        metric accuracy(ip2, label)
    """,
    "net_alex": """
        input data [3, 19, 19]
        conv1 = conv(4, kernel: 5, stride: 2)
        relu -> lrn(size: 5, alpha: 1e-4, beta: 0.75, k: 1) -> max_pool(3, stride: 2)
        conv2 = conv(4, kernel: 3, pad: 1, groups: 2)
        relu
        fc6 = dense(6)
        relu -> dropout(0.5)
        fc8 = dense(5)
        output prob = softmax
    """,
    "net_cifar": """
        input data [3, 12, 12]; input label class(3)
        conv1 = conv(data, 4, kernel: 5, pad: 2)
        max_pool(3, stride: 2) -> relu
        lrn(size: 3, alpha: 5e-5, beta: 0.75, k: 1, over: image)
        conv2 = conv(4, kernel: 5, pad: 2)
        relu -> avg_pool(3, stride: 2)
        ip1 = dense(3)
        loss end = softmax_loss(ip1, label)
    """,
    "net_fcn": """
        input data [3, 9, 8]; input label class(3) [9, 8]
        c1 = conv(data, 4, kernel: 3, pad: 4)
        relu -> max_pool(2)
        score = conv(3, kernel: 1)
        up = deconv(3, kernel: 4, stride: 2, bias: false)
        cut = crop(up, data, offset: 4)
        loss end = softmax_loss(cut, label, ignore: 1)
    """,
    "net_autoencoder": """
        input data [1, 2, 4]
        flat = flatten
        enc = dense(3)
        sigmoid
        dec = dense(8)
        dn = sigmoid
        loss xent = sigmoid_loss(dec, flat)
        loss l2 = euclidean_loss(dn, flat, weight: 0)
    """,
    "shared_params": """
        input a [4]; input b [4]
        layer ip_a = dense(3)
        loss end = euclidean_loss(ip_a(a), ip_a(b))
    """,
    "softmax_then_multinomial": """
        input data [3]; input label class(3)
        prob = softmax(data)
        loss end = log_loss(prob, label)
    """,
}

PORTS = {"weight": 0, "scale": 0, "bias": 1, "shift": 1}
"""Which of the parameters of a layer of Caffe is which weight."""


@pytest.fixture(scope="module")
def values():
    with np.load(VALUES) as arrays:
        return {name: arrays[name] for name in arrays.files}


def caffe_of(name, values):
    prefix = f"{name}/"
    return {k.removeprefix(prefix): v for k, v in values.items() if k.startswith(prefix)}


def graph_for(name: str, caffe: dict[str, np.ndarray]) -> Graph:
    """The net, with the part that Caffe's running sums give to the old ones in this step."""
    text = TEXTS[name]
    if "MOMENTUM" in text:
        count = 0.999 * float(caffe["param/bn_0/2"][0])
        text = text.replace("MOMENTUM", repr(count / (count + 1)))
    return graph_of(f"net caffe {{\n{text}\n}}\n")


def store_of(graph: Graph, caffe: dict[str, np.ndarray]) -> Store:
    store = Store.fresh(graph, seed=1, dtype="f64")
    for name, weight in store.weights.items():
        weight[...] = caffe[parameter(name)]
    for name, state in store.states.items():
        state[...] = statistic(name, caffe, "param")
    return store


def parameter(weight: str) -> str:
    layer, port = weight.rsplit(".", 1)
    return f"param/{layer}/{PORTS[port]}"


def statistic(state: str, caffe: dict[str, np.ndarray], kind: str) -> np.ndarray:
    """A running mean or variance: Caffe has sums, and a count to divide them by."""
    layer, port = state.replace("sc_", "bn_").rsplit(".", 1)
    sums, count = (caffe[f"{kind}/{layer}/{i}"] for i in (("mean", "var").index(port), 2))
    return sums / (count or 1)


def fed(graph: Graph, caffe: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    arrays = {name: caffe[f"in/{name}"] for name in graph.inputs}
    return {n: a.astype(int) if graph.types[n].classes else a for n, a in arrays.items()}


def scale_of(name: str, inputs: dict[str, np.ndarray]) -> float:
    """How much more Caffe counts: here it divides by the examples, and netc by the labels."""
    if name != "net_fcn":
        return 1.0
    label = inputs["label"]
    return float(np.count_nonzero(label != 1) / len(label))


@pytest.mark.parametrize("name", NETS)
def test_a_network_gives_the_numbers_of_caffe(name, values):
    caffe = caffe_of(name, values)
    whole = graph_for(name, caffe)
    trains = name not in ("net_alex", "net_lenet_test", "net_resnet_test")
    graph = (passes.for_training if trains else passes.for_testing)(whole)
    inputs = fed(whole, caffe)
    store = store_of(whole, caffe)
    engine = engine_of(graph, batch=len(next(iter(inputs.values()))), store=store, dtype="f64")
    run(engine, inputs)
    ends = [*(loss.value for loss in graph.losses), *graph.metrics, *graph.outputs]
    assert ends
    scale = scale_of(name, inputs)
    for end in ends:
        expected = caffe[f"blob/{'loss' if end == 'end' else end}"] / scale
        np.testing.assert_allclose(engine.value(end), expected, rtol=1e-4, atol=1e-5)
    for weight in graph.gradients:
        expected = caffe[parameter(weight).replace("param", "pdiff")] / scale
        np.testing.assert_allclose(
            store.gradients[weight], expected, rtol=1e-3, atol=2e-5, err_msg=weight
        )
    for state in store.states if trains else ():
        expected = statistic(state, caffe, "param_after")
        np.testing.assert_allclose(store.states[state], expected, rtol=1e-4, atol=1e-5)
