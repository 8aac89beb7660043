"""The small networks of `specs/` learn and answer by kernels as by the NumPy rules."""

import pytest

import netc
from docs.networks import SPECS, Given
from tests.native.rooms import Rooms
from tests.native.steps import PHASES, assert_alike

pytest.importorskip("llvmlite")

NETWORKS: list[tuple[str, Given, int, int]] = [
    ("lenet5", {}, 5, 2),
    ("lenet", {}, 20, 1),
    ("lenet_dropout", {}, 16, 2),
    ("mnist", {}, 33, 2),
    ("mnist_bn", {}, 20, 2),
    ("mnist_sigmoid", {}, 5, 1),
    ("mlp", {}, 100, 3),
    ("digits", {}, 33, 3),
    ("regression", {}, 20, 2),
    ("cifar10", {}, 3, 2),
    ("resnet_cifar", {"depth": 8}, 5, 2),
    ("resnet_cifar", {"depth": 8, "residual": False}, 9, 1),
    ("densenet_cifar", {"depth": 10}, 3, 2),
    ("densenet_cifar", {"depth": 10, "compact": True}, 9, 1),
    ("gn", {"side": 32, "classes": 10}, 2, 2),
    ("autoencoder", {}, 20, 1),
    ("siamese", {}, 20, 2),
    ("char_rnn", {"units": 16, "length": 12}, 5, 2),
    ("dcgan_generator", {"width": 64}, 2, 2),
    ("dcgan_discriminator", {"width": 64}, 9, 1),
]
"""Each with parameters, a batch size and threads."""


@pytest.mark.parametrize(
    ("spec", "given", "batch", "threads"), NETWORKS, ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_network(spec: str, given: Given, batch: int, threads: int, rooms: Rooms) -> None:
    graph = netc.load(SPECS / f"{spec}.net", **given).graph
    for phase in ("train", "infer"):
        size = batch if phase == "train" else 3
        assert_alike(PHASES[phase](graph), rooms, batch=size, threads=threads, relative=1e-9)
