"""Random nets: steps by kernels are steps by the NumPy rules."""

import pytest

from tests.native.random_convnets import random_convnet
from tests.native.rooms import Rooms
from tests.native.steps import PHASES, assert_alike
from tests.nets import graph_of
from tests.random_nets import random_net

pytest.importorskip("llvmlite")

SIZES = ((3, 2), (8, 1), (24, 2), (1, 1), (20, 1), (33, 3), (5, 3))


@pytest.mark.parametrize("seed", range(90, 130))
def test_steps_agree(seed: int, rooms: Rooms) -> None:
    batch, threads = SIZES[seed % len(SIZES)]
    for phase in ("train", "test") if seed % 2 else ("train", "infer"):
        graph = PHASES[phase](graph_of(random_net(seed)))
        assert_alike(graph, rooms, batch=batch, threads=threads, relative=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_steps_of_convolutions_agree(seed: int, rooms: Rooms) -> None:
    batch, threads = SIZES[seed % len(SIZES)]
    graph = PHASES["train"](graph_of(random_convnet(seed)))
    assert_alike(graph, rooms, batch=batch, threads=threads, relative=1e-9)
