"""The small networks of `specs/` learn and answer, and the large ones do what they are for."""

from pathlib import Path

import numpy as np
import pytest
from numpy.random import Generator, default_rng

import netc
from docs.networks import SPECS, Given
from netc.ir import Graph
from netc.passes import for_inference, fully_convolutional
from netc.types import Array
from tests.nets import engine_of, feed, run

SMALL: list[tuple[str, Given]] = [
    ("lenet5", {}),
    ("mnist_bn", {}),
    ("mnist_sigmoid", {}),
    ("resnet_cifar", {}),
    ("resnet_cifar", {"residual": False}),
    ("densenet_cifar", {"depth": 10}),
    ("densenet_cifar", {"depth": 10, "compact": True}),
    ("gn", {"side": 32, "classes": 10}),
    ("autoencoder", {}),
    ("siamese", {}),
    ("char_rnn", {"units": 16, "length": 12}),
    ("dcgan_generator", {"width": 64}),
    ("dcgan_discriminator", {"width": 64}),
]


@pytest.mark.parametrize(
    ("spec", "given"),
    SMALL,
    ids=lambda v: v if isinstance(v, str) else "-".join(map(str, v.values())),
)
def test_a_small_network_learns_and_answers(spec: str, given: Given) -> None:
    net = netc.load(SPECS / f"{spec}.net", **given)
    trainer = net.trainer(threads=1)
    fed = _batch(net.graph, default_rng(1))
    rates = {name: weight.rate for name, weight in net.graph.weights.items()}
    before = {name: array.copy() for name, array in trainer.weights.items()}
    assert np.isfinite([trainer.step(**fed).loss for _ in range(2)]).all()
    moved = {n: not np.array_equal(before[n], array) for n, array in trainer.weights.items()}
    assert not any(moved[name] for name in moved if rates[name] == 0)
    free = [moved[name] for name in moved if rates[name] > 0]
    assert sum(free) >= 0.8 * len(free)
    read = {value for node in for_inference(net.graph).nodes for value in node.inputs}
    answers = trainer.predict(**{name: array for name, array in fed.items() if name in read})
    for answer in answers.values() if isinstance(answers, dict) else [answers]:
        assert np.all(np.isfinite(answer))


@pytest.mark.parametrize("spec", ["lenet5", "mnist_bn", "lenet"])
def test_the_class_that_a_network_answers_is_the_one_its_accuracy_counts(spec: str) -> None:
    graph = netc.load(SPECS / f"{spec}.net").graph
    (metric,) = (node for node in graph.nodes if node.name == "accuracy")
    (answer,) = graph.outputs
    small = for_inference(graph.replace(outputs=(metric.inputs[0], answer)))
    engine = engine_of(small, batch=4)
    run(engine, feed(small, 4))
    counted, answered = (np.array(engine.value(name)) for name in small.outputs)
    assert answered.argmax(axis=1).tolist() == counted.argmax(axis=1).tolist()


def _batch(graph: Graph, rng: Generator) -> dict[str, object]:
    """Two random examples."""
    fed: dict[str, object] = {}
    for name in graph.inputs:
        kind = graph.types[name]
        shape = kind.full_shape(2)
        fed[name] = rng.integers(0, kind.classes, shape) if kind.classes else rng.normal(size=shape)
    return fed


def test_the_two_networks_of_dcgan_take_turns(tmp_path: Path) -> None:
    small: Given = {"width": 64}
    rng = default_rng(1)
    image, noise = rng.normal(size=(2, 3, 64, 64)), rng.normal(size=(2, 100))
    judge = netc.load(SPECS / "dcgan_discriminator.net", **small).trainer(threads=1)
    judge.step(image=image, noise=noise)
    judge.save(tmp_path / "judge.safetensors")
    net = netc.load(SPECS / "dcgan_generator.net", **small)
    learned = netc.train(
        net, init_from=tmp_path / "judge.safetensors", steps=1, out=tmp_path / "run"
    )
    again = netc.load(SPECS / "dcgan_generator.net", **small).predict(noise, weights=learned.last)
    assert again.shape == (2, 3, 64, 64)
    assert np.abs(again).max() <= 1


def test_a_segmentation_can_start_from_a_vgg_made_fully_convolutional() -> None:
    vgg = netc.load(SPECS / "vgg.net").graph
    opened, fcn = fully_convolutional(vgg), netc.load(SPECS / "fcn.net").graph
    handed = {name for name in opened.weights if not name.startswith("scores.")}
    assert handed < set(fcn.weights)
    assert all(opened.types[name].shape == fcn.types[name].shape for name in handed)


@pytest.mark.parametrize(("level", "side"), [(1, 7), (2, 27), (3, 75), (4, 107), (5, 139)])
def test_a_map_of_features_sees_no_more_than_its_field(level: int, side: int) -> None:
    seen = next(filter(np.any, (_seen(level, channel) for channel in range(20))))
    for axes in ((0, 1), (0, 2)):
        assert 0 < np.ptp(np.flatnonzero(np.any(seen != 0, axis=axes))) < side


def _seen(level: int, channel: int) -> Array:
    """What a map of the network with random filters sees; nothing where none of it is above 0."""
    graph = netc.load(SPECS / "deconvnet.net", level=level, channel=channel).graph
    graph = for_inference(graph.replace(outputs=("seen",)))
    read = {value for node in graph.nodes for value in node.reads}
    graph = graph.replace(weights={n: w for n, w in graph.weights.items() if n in read})
    engine = engine_of(graph, batch=1)
    run(engine, feed(graph, 1))
    return np.array(engine.value("seen")[0])
