"""Values are cut out of others by kernels in a whole step, with the gradients of the rules."""

import pytest

from tests.native.rooms import Rooms
from tests.native.steps import PHASES, assert_alike, types_by_numpy
from tests.nets import graph_of

pytest.importorskip("llvmlite")

LAYERS = (
    "{} -> slice(start: 1, stop: 3)",
    "{} -> slice(start: -2)",
    "{} -> slice(stop: -1, axis: 2)",
    "{} -> slice(start: 2, stop: 4, axis: 3)",
    "{} -> split(parts: 2, part: 0)",
    "{} -> split(parts: 2, part: 1, axis: 2)",
    "{} -> pad(1)",
    "{} -> pad(before: [0, 2], after: 1)",
    "{} -> pad(channels: [1, 2])",
    "{} -> pad([2, 1], channels: [0, 3])",
    "crop({}, like, offset: [2, 1])",
)


@pytest.mark.parametrize("phase", ["train", "test"])
@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(("batch", "threads"), [(3, 2), (8, 1), (40, 2)])
def test_a_step_with_the_layer(
    layer: str, batch: int, threads: int, phase: str, rooms: Rooms
) -> None:
    text = f"""net n {{
    input image [4, 8, 7]
    input like [1, 4, 3]
    a = image -> scale
    b = a -> tanh
    c = {layer.format("b")}
    d = c -> scale
    y = d -> tanh
    e = b -> scale
    z = {layer.format("e")}
    loss euclidean_loss(y, z)
    output c
}}
"""
    graph = PHASES[phase](graph_of(text))
    assert_alike(graph, rooms, batch=batch, threads=threads, relative=1e-9)
    by_numpy = types_by_numpy(graph, batch=batch, threads=threads)
    assert not by_numpy & {"slice", "split", "pad", "crop"}
