"""Transposed convolutions run as kernels in a whole step, with the gradients of the NumPy rules."""

import pytest

from tests.native.rooms import Rooms
from tests.native.steps import PHASES, assert_alike, types_by_numpy
from tests.nets import graph_of

pytest.importorskip("llvmlite")

LAYERS = (
    "deconv(4, kernel: 3)",
    "deconv(4, kernel: 4, stride: 2, pad: 1)",
    "deconv(6, kernel: [3, 2], stride: [2, 1], pad: [1, 0], output_pad: [1, 0], groups: 2)",
    "deconv(3, kernel: 2, stride: 3, output_pad: 2, bias: false)",
    "deconv(5, kernel: 3, dilation: 2, pad: 1)",
)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(("batch", "threads"), [(3, 2), (8, 1), (40, 2)])
def test_a_step_with_the_layer(layer: str, batch: int, threads: int, rooms: Rooms) -> None:
    text = f"""net n {{
    input image [2, 6, 5]
    input label class(5)
    conv(4, kernel: 3, pad: 1) -> tanh -> {layer} -> tanh
    scores = dense(5)
    loss softmax_loss(scores, label)
}}
"""
    graph = PHASES["train"](graph_of(text))
    assert_alike(graph, rooms, batch=batch, threads=threads, relative=1e-9)
    assert not types_by_numpy(graph, batch=batch, threads=threads)
