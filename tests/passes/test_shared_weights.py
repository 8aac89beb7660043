"""Layers that share weights learn from everywhere they stand; what they share is there once."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from netc import passes
from netc.diag import Source
from netc.engines import CpuEngine, Store
from netc.export import Compiled, compile_onnx
from netc.ir import Graph
from netc.passes import differentiate, drop_dead, for_training
from netc.plan import plan
from netc.summary import params, summarize
from netc.training import Learner, Network
from netc.training.optimizers import Sgd
from netc.types import Bug
from tests.nets import engine_of, feed, graph_of, run, sharing

TWINS = """net twins {
    input left [2, 7, 6]
    input right [2, 7, 6]
    input label class(3)
    conv_a = left -> conv(4, kernel: 3)
    norm_a = conv_a -> batch_norm
    conv_b = right -> conv(4, kernel: 3)
    norm_b = conv_b -> batch_norm(momentum: 0.6)
    small = norm_a -> tanh -> max_pool(2)
    conv_c = conv(4, kernel: 3, pad: 1, groups: 2, bias: false)
    again = concat(norm_b, norm_b) -> max_pool(2) -> conv(4, kernel: 3, pad: 1, groups: 4)
    conv_d = conv(4, kernel: 3, pad: 1, groups: 2, bias: false)
    add(conv_c, conv_d) -> flatten
    h = dense(5)
    step_1 = h -> dense(5)
    step_2 = step_1 -> tanh -> dense(5)
    step_3 = step_2 -> tanh -> dense(5)
    scores = add(step_1, step_3) -> dense(3)
    loss softmax_loss(scores, label)
    output prob = softmax(scores)
    output step_2
}
"""
"""Shared below: two branches with running statistics, and a layer that stands three times."""

OWNERS = {
    "conv_b": "conv_a",
    "norm_b": "norm_a",
    "conv_d": "conv_c",
    "step_2": "step_1",
    "step_3": "step_1",
}


def twins() -> Graph:
    return sharing(graph_of(TWINS), OWNERS)


def loss_of(engine: CpuEngine) -> float:
    return float(engine.value("softmax_loss"))


@pytest.mark.parametrize("threads", [1, 2])
def test_the_gradient_of_a_shared_weight_is_the_central_difference(threads: int) -> None:
    graph = for_training(twins())
    store = Store.fresh(graph, seed=2, dtype="f64")
    engine = engine_of(graph, batch=3, store=store, dtype="f64", threads=threads)
    fed = feed(graph, 3)
    run(engine, fed)
    gradients = {name: array.copy() for name, array in store.gradients.items()}
    assert gradients.keys() == graph.gradients.keys() == graph.weights.keys()
    for name, weight in store.weights.items():
        for place in list(np.ndindex(weight.shape))[:: max(1, weight.size // 12)]:
            kept, losses = weight[place], []
            for moved in (kept + 1e-6, kept - 1e-6):
                weight[place] = moved
                run(engine, fed)
                losses.append(loss_of(engine))
            weight[place] = kept
            slope = (losses[0] - losses[1]) / 2e-6
            assert gradients[name][place] == pytest.approx(slope, rel=1e-5, abs=1e-8), name


@pytest.mark.parametrize("threads", [1, 2])
def test_shared_layers_learn_what_their_twin_in_torch_learns(threads: int) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    network = Network(twins(), seed=4, threads=threads, dtype="f64")
    optimizer = Sgd(rate=0.05, momentum=0.9)
    learner = Learner(network, optimizer, seed=1)
    own = {n: torch.tensor(a.copy(), requires_grad=True) for n, a in network.store.weights.items()}
    states = {n: torch.tensor(a.copy()) for n, a in network.store.states.items()}
    stepper = torch.optim.SGD(own.values(), lr=0.05, momentum=0.9)
    for step in range(6):
        fed = feed(network.graph, 5, seed=step)
        engine = network.hold("train", 5)
        for name, array in engine.inputs.items():
            array[...] = fed[name]
        loss = twin_of(torch, own, states, {n: torch.tensor(a) for n, a in fed.items()})
        stepper.zero_grad()
        loss.backward()
        stepper.step()
        assert learner.learn(engine, 0.05).loss == pytest.approx(loss.item(), rel=1e-10)
    for name, array in network.store.weights.items():
        np.testing.assert_allclose(array, own[name].detach(), rtol=1e-9, atol=1e-12, err_msg=name)
    for name, array in network.store.states.items():
        np.testing.assert_allclose(array, states[name], rtol=1e-9, err_msg=name)


def twin_of(torch, w, s, fed):
    """The loss of the net above in PyTorch's words."""
    F = torch.nn.functional

    def norm(x, momentum):
        mean, var = s["norm_a.mean"], s["norm_a.var"]
        return F.batch_norm(x, mean, var, w["norm_a.scale"], w["norm_a.shift"], True, momentum)

    def pool(x):
        return F.max_pool2d(x, 2, ceil_mode=True)

    def step(x):
        return F.linear(x, w["step_1.weight"], w["step_1.bias"])

    a = norm(F.conv2d(fed["left"], w["conv_a.weight"], w["conv_a.bias"]), 0.1)
    b = norm(F.conv2d(fed["right"], w["conv_a.weight"], w["conv_a.bias"]), 0.4)
    c = F.conv2d(pool(torch.tanh(a)), w["conv_c.weight"], padding=1, groups=2)
    b = pool(torch.cat([b, b], 1))
    b = F.conv2d(b, w["again.weight"], w["again.bias"], padding=1, groups=4)
    d = F.conv2d(b, w["conv_c.weight"], padding=1, groups=2)
    first = step(F.linear((c + d).flatten(1), w["h.weight"], w["h.bias"]))
    last = step(torch.tanh(step(torch.tanh(first))))
    scores = F.linear(first + last, w["scores.weight"], w["scores.bias"])
    return F.cross_entropy(scores, fed["label"])


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("batch", [1, 6])
def test_the_plan_of_shared_layers_changes_no_bit(threads: int, batch: int) -> None:
    graph = for_training(twins())
    found = []
    for reuse in (True, False):
        store = Store.fresh(graph, seed=5)
        engine = CpuEngine(plan(graph, batch=batch, threads=threads, reuse=reuse), store)
        for seed in (1, 2):
            run(engine, feed(graph, batch, seed), seed)
        states = (state.tobytes() for state in store.states.values())
        found.append((store.flat_gradients.tobytes(), *states))
    assert found[0] == found[1]


def test_only_the_whole_gradient_lies_in_the_store() -> None:
    graph = differentiate(drop_dead(twins()))
    assert graph.gradients["step_1.weight"] == "d:step_1.weight:1-3"
    assert graph.gradients["h.weight"] == "d:h.weight"
    laid_out = plan(graph, batch=2)
    assert {"d:step_1.weight", "d:step_1.weight:2"} <= laid_out.offsets.keys()
    assert "d:step_1.weight:1-3" not in laid_out.offsets


@pytest.mark.parametrize("count", [3, 20])
def test_memory_for_gradients_does_not_grow_with_the_places_that_share_a_weight(count: int) -> None:
    text = "".join(f"    step_{i} = tanh -> dense(64)\n" for i in range(count))
    text += f"    loss euclidean_loss(step_{count - 1}, x)\n"
    graph = graph_of(f"net deep {{\n    input x [64]\n{text}}}\n")
    graph = sharing(graph, {f"step_{i}": "step_0" for i in range(1, count)})
    matrix, row = 64 * 64 * 4, 64 * 4
    arena = plan(for_training(graph), batch=1).arena_bytes
    assert 2 * matrix <= arena < 2 * matrix + count * 8 * row


def test_a_shared_weight_is_needed_as_long_as_one_layer_that_has_it() -> None:
    graph = twins().replace(outputs=("norm_b",), losses=())
    kept = drop_dead(graph)
    assert [node.name for node in kept.nodes] == ["conv_b", "norm_b"]
    assert kept.nodes[0].ports["weight"] == "conv_a.weight"


def test_a_frozen_weight_that_is_shared_has_no_gradient() -> None:
    text = TWINS.replace("left -> conv(4, kernel: 3)", "left -> conv(4, kernel: 3, rate: 0)")
    graph = for_training(sharing(graph_of(text), OWNERS))
    assert "conv_a.weight" not in graph.gradients
    assert "step_1.weight" in graph.gradients


def test_params_of_a_shared_layer_are_counted_where_it_stands_first() -> None:
    graph = twins()
    summary = summarize(graph)
    layers = {layer.name: layer for layer in summary.layers}
    assert layers["step_1"].params == 30
    assert layers["step_2"].params == layers["step_3"].params == layers["norm_b"].params == 0
    assert layers["step_2"].shares == "step_1"
    assert layers["norm_b"].shares == "norm_a"
    assert layers["step_1"].shares is None
    assert layers["step_2"].macs == layers["step_1"].macs == 25
    assert sum(layer.params for layer in summary.layers) == summary.params == params(graph)
    assert summary.params == Store.fresh(graph).flat_weights.size


def test_onnx_holds_a_shared_weight_once_and_onnxruntime_agrees(tmp_path: Path) -> None:
    graph, path = twins(), tmp_path / "twins.onnx"
    made = compile_onnx(graph, Source("twins.net", TWINS), None, str(path))
    assert isinstance(made, Compiled)
    assert made.verified
    model = onnx.load(path)
    names = [initializer.name for initializer in model.graph.initializer]
    assert sorted(names) == sorted([*graph.weights, *graph.states])
    readers = [n.name for n in model.graph.node if "step_1.weight" in n.input]
    assert readers == ["step_1", "step_2", "step_3"]


def test_layers_that_share_a_weight_must_want_it_in_one_shape() -> None:
    with pytest.raises(Bug, match=r"h wants 'step_1.weight' as \(5, 24\), not \(5, 5\)"):
        sharing(graph_of(TWINS), {**OWNERS, "h": "step_1"})


def test_a_shared_state_is_changed_by_each_layer_in_turn() -> None:
    graph = passes.for_training(twins())
    store = Store.fresh(graph, seed=2, dtype="f64")
    engine = CpuEngine(plan(graph, batch=4, dtype="f64", reuse=False), store)
    run(engine, feed(graph, 4))
    expected = np.zeros(4)
    for kept, value in ((0.9, "conv_a"), (0.6, "conv_b")):
        mean = engine.value(value).mean(axis=(0, 2, 3))
        expected = kept * expected + (1 - kept) * mean
    np.testing.assert_allclose(store.states["norm_a.mean"], expected, rtol=1e-12)
