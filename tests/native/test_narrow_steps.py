"""Whole steps with convolutions on batches that do not fill vectors, with the gradients of the
NumPy rules."""

import pytest

from tests.native.rooms import Rooms
from tests.native.steps import PHASES, assert_alike, types_by_numpy
from tests.nets import graph_of

pytest.importorskip("llvmlite")

LAYERS = (
    "conv(5, kernel: 3, pad: 1)",
    "conv(4, kernel: 3, stride: 2)",
    "conv(7, kernel: 1, stride: 2)",
    "conv(6, kernel: 3, groups: 3, dilation: 2, pad: 2)",
    "conv(6, kernel: [3, 2], groups: 6, pad: [1, 0])",
    "dense(9)",
)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(("batch", "threads"), [(1, 2), (3, 1), (5, 3), (8, 2)])
def test_a_step_with_the_layer(layer: str, batch: int, threads: int, rooms: Rooms) -> None:
    text = f"""net n {{
    input image [3, 9, 7]
    a = image -> conv(6, kernel: 3, pad: 1) -> relu
    y = a -> {layer} -> tanh
    b = image -> scale
    z = b -> conv(6, kernel: 1) -> {layer}
    loss euclidean_loss(y, z)
}}
"""
    graph = PHASES["train"](graph_of(text))
    assert_alike(graph, rooms, batch=batch, threads=threads, relative=1e-9)
    assert not types_by_numpy(graph, batch=batch, threads=threads) & {"conv", "dense"}
