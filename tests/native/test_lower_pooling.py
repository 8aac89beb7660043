"""Layers that pool run as kernels in a whole step, with the gradients of the NumPy rules."""

import pytest

from tests.native.rooms import Rooms
from tests.native.steps import PHASES, assert_alike, types_by_numpy
from tests.nets import graph_of

pytest.importorskip("llvmlite")

LAYERS = (
    "max_pool(2)",
    "max_pool(3, stride: 2)",
    "max_pool(3, stride: 1, pad: 1)",
    "max_pool([2, 3], stride: [1, 2], pad: [1, 0], round: down)",
    "global_max_pool",
    "avg_pool(3, stride: 2, pad: 1)",
    "avg_pool(3, stride: 2, pad: 1, count_pad: false)",
    "global_avg_pool",
    "adaptive_avg_pool([3, 2])",
    "l2_pool(3, stride: 2)",
    "lrn(size: 3, alpha: 0.5)",
    "lrn(size: 5, beta: 0.6, k: 2)",
    "lrn(size: 3, over: image, alpha: 0.5)",
    "lrn(size: 5, over: image, beta: 0.6)",
    "subsample(2)",
    "subsample(3, stride: 2)",
    "upsample(2)",
    "resize([5, 13])",
)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(("batch", "threads"), [(3, 2), (8, 1), (40, 2)])
def test_a_step_with_the_layer(layer: str, batch: int, threads: int, rooms: Rooms) -> None:
    text = f"""net n {{
    input image [3, 9, 7]
    a = image -> scale
    b = a -> relu -> {layer}
    c = b -> scale
    y = c -> tanh
    d = image -> scale
    z = d -> tanh -> {layer}
    loss euclidean_loss(y, z)
}}
"""
    graph = PHASES["train"](graph_of(text))
    assert_alike(graph, rooms, batch=batch, threads=threads, relative=1e-9)
    assert layer.split("(")[0] not in types_by_numpy(graph, batch=batch, threads=threads)
