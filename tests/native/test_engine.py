"""The engine of kernels and the NumPy rules find the same numbers, however a batch is laid out."""

import pytest

from tests.native.rooms import Rooms
from tests.native.steps import PHASES, assert_alike
from tests.native.tangled import TANGLED, text_of
from tests.nets import CONVNET, MLP, TANGLE, graph_of

pytest.importorskip("llvmlite")

SIZES = (
    *((1, 1), (1, 2), (3, 2), (5, 1), (5, 3)),  # one block that threads share
    *((16, 1), (16, 2), (64, 2), (64, 3), (96, 3)),  # full blocks
    *((20, 1), (20, 2), (33, 1), (33, 3), (100, 2), (100, 3)),  # blocks with gaps
)
"""Batch sizes and threads."""

SHORT = [SIZES[i : i + 11 : 5] for i in range(5)]


@pytest.mark.parametrize(("batch", "threads"), SIZES)
@pytest.mark.parametrize("name", ["a residual net", "joined values in joined values"])
def test_a_step_at_every_size(name: str, batch: int, threads: int, rooms: Rooms) -> None:
    assert_alike(PHASES["train"](graph_of(text_of(name))), rooms, batch=batch, threads=threads)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", TANGLED)
def test_a_tangled_net(name: str, phase: str, rooms: Rooms) -> None:
    """Each learns at three sizes, one of each kind, and answers at one with gaps."""
    graph, sizes = PHASES[phase](graph_of(text_of(name))), SHORT[len(name) % len(SHORT)]
    for batch, threads in sizes if phase == "train" else sizes[-1:]:
        assert_alike(graph, rooms, batch=batch, threads=threads)


@pytest.mark.parametrize(("batch", "threads"), [(5, 2), (20, 2), (64, 2)])
@pytest.mark.parametrize("text", [CONVNET, MLP, TANGLE], ids=["convnet", "mlp", "tangle"])
def test_single_precision(text: str, batch: int, threads: int, rooms: Rooms) -> None:
    graph = PHASES["train"](graph_of(text))
    assert_alike(graph, rooms, batch=batch, threads=threads, dtype="f32", relative=2e-4)
