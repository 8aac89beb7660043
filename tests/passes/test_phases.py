"""What is for one phase only: values chosen by `by_phase`, and roots."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from netc.diag import Source
from netc.engines import Store
from netc.export import Compiled, compile_onnx
from netc.ir import Graph, show, verify
from netc.passes import for_inference, for_phase, for_testing, for_training
from netc.summary import summarize
from netc.training import Learner, Network, measure
from netc.training.data import Examples, Field
from netc.training.optimizers import Sgd
from netc.types import Bug
from tests.nets import engine_of, feed, graph_of, run

SIDED = """net sided {
    input image [2, 6, 6]
    input label class(3)
    trunk = conv(4, kernel: 3) -> relu
    noisy = trunk -> dropout(0.5) -> conv(4, kernel: 3, pad: 1)
    middle = by_phase(noisy, trunk)
    scores = middle -> dense(3)
    side = trunk -> dense(3)
    loss   softmax_loss(scores, label)
    loss   hinge_loss(side, label, weight: 0.5)
    metric accuracy(scores, label)
    output prob = softmax(scores)
    output trunk
}
"""


def sided() -> Graph:
    """A side loss for training alone, and a metric and an output for the other phase alone."""
    phases = {"hinge_loss": "train", "accuracy": "test", "trunk": "test"}
    return verify(graph_of(SIDED).replace(phases=phases))


def names(graph: Graph) -> set[str]:
    return {node.name for node in graph.nodes}


def test_each_phase_has_its_own_roots_and_what_they_are_made_of() -> None:
    train, test, infer = (use(sided()) for use in (for_training, for_testing, for_inference))
    assert [loss.value for loss in train.losses] == ["softmax_loss", "hinge_loss"]
    assert train.metrics == ()
    assert [loss.value for loss in test.losses] == ["softmax_loss"]
    assert test.metrics == ("accuracy",)
    assert test.outputs == infer.outputs == ("prob", "trunk")
    assert {"noisy", "side"} <= names(train)
    assert "accuracy" not in names(train)
    assert not {"noisy", "side", "dropout_1", "middle"} & (names(test) | names(infer))


def test_a_phase_holds_nothing_that_is_for_a_phase() -> None:
    once = for_phase(sided(), "train")
    assert once.phases == {}
    assert show(for_phase(once, "train")) == show(once)


def test_a_graph_says_which_roots_are_for_one_phase() -> None:
    shown = show(sided())
    assert "loss hinge_loss * 0.5 when train" in shown
    assert "metric accuracy when test" in shown
    assert "output trunk when test" in shown
    assert "output prob\n" in shown


def test_what_is_for_a_phase_must_be_a_root() -> None:
    with pytest.raises(Bug, match="no root"):
        verify(graph_of(SIDED).replace(phases={"middle": "test"}))


def test_two_layers_of_one_name_are_a_fault() -> None:
    graph = graph_of(SIDED)
    first, *rest = graph.nodes
    renamed = [replace(node, name=first.name) for node in rest]
    with pytest.raises(Bug, match="two layers are called 'trunk'"):
        verify(graph.replace(nodes=(first, *renamed)))


def test_the_chosen_value_is_what_the_next_layer_reads() -> None:
    graph = sided()
    store = Store.fresh(graph, seed=1, dtype="f64")
    fed = feed(graph, 4)
    for prepare, chosen in ((for_testing, "trunk"), (for_training, "noisy")):
        ready = prepare(graph)
        (scores,) = (n for n in ready.nodes if n.name == "scores" and n.rule == "forward")
        assert scores.ports["x"] == chosen
        run(engine_of(ready, batch=4, store=store, dtype="f64"), fed)


def test_the_gradient_flows_through_the_value_of_training_alone() -> None:
    graph = for_training(graph_of(SIDED))
    swapped = graph_of(SIDED.replace("by_phase(noisy, trunk)", "by_phase(trunk, noisy)"))
    assert {"noisy.weight", "noisy.bias"} <= graph.gradients.keys()
    assert "noisy.weight" not in for_training(swapped).gradients


def test_a_value_that_is_chosen_may_be_an_output() -> None:
    text = "net a {\n input x [3]\n a = x -> tanh\n b = x -> relu\n output c = by_phase(a, b)\n}\n"
    graph = for_inference(graph_of(text))
    engine = engine_of(graph, batch=2)
    fed = feed(graph, 2)
    run(engine, fed)
    np.testing.assert_allclose(engine.value("c"), np.maximum(fed["x"], 0), rtol=1e-6)


def test_chosen_values_may_be_chosen_from_again() -> None:
    text = "a = x -> tanh\n b = by_phase(x, a)\n c = by_phase(b, x)\n output dense(c, 2)"
    graph = graph_of(f"net a {{\n input x [3]\n {text}\n}}\n")
    for phase, source in (("train", "x"), ("test", "x")):
        (dense,) = for_inference(for_phase(graph, phase)).nodes
        assert dense.ports["x"] == source


def test_a_net_is_trained_and_measured_by_the_roots_of_the_phase() -> None:
    network = Network(sided(), seed=1)
    engine = network.hold("train", 4)
    fed = feed(network.graph, 4)
    for name, array in engine.inputs.items():
        array[...] = fed[name]
    learned = Learner(network, Sgd(), seed=1).learn(engine, 0.1)
    assert learned.metrics == {}
    parts = [float(engine.value(name)) for name in ("softmax_loss", "hinge_loss")]
    assert learned.loss == pytest.approx(parts[0] + 0.5 * parts[1])
    fields = {"image": Field(fed["image"]), "label": Field(fed["label"], 3)}
    measured = measure(network, Examples(fields), batch=3)
    assert measured.metrics.keys() == {"accuracy"}
    with network.lend("test", 4) as tested:
        for name, array in tested.inputs.items():
            array[...] = fed[name]
        tested.run()
        assert measured.loss == pytest.approx(float(tested.value("softmax_loss")), rel=1e-5)


def test_weights_that_only_work_outside_training_do_not_decay() -> None:
    text = SIDED.replace("by_phase(noisy, trunk)", "by_phase(trunk, noisy)")
    network = Network(graph_of(text), seed=1)
    before = {name: weight.copy() for name, weight in network.store.weights.items()}
    learner = Learner(network, Sgd(decay=0.1), seed=1)
    engine = network.hold("train", 4)
    for name, array in feed(network.graph, 4).items():
        engine.inputs[name][...] = array
    learner.learn(engine, 0.1)
    kept = {n for n, w in network.store.weights.items() if np.array_equal(w, before[n])}
    assert kept == {"noisy.weight", "noisy.bias"}


def test_memory_and_params_are_known_though_a_loss_is_for_one_phase() -> None:
    graph = sided().replace(phases={"softmax_loss": "test", "hinge_loss": "test"})
    assert summarize(graph).memory.training is None
    assert summarize(sided()).memory.training is not None


def test_onnx_holds_what_is_outside_training(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    path = tmp_path / "sided.onnx"
    made = compile_onnx(sided(), Source("sided.net", SIDED), None, str(path))
    assert isinstance(made, Compiled)
    model = onnx.load(path)
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("Conv") == 1
    assert [value.name for value in model.graph.output] == ["prob", "trunk"]
