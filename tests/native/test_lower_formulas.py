"""Layers that are formulas give the numbers of the NumPy rules in whole steps."""

import pytest

from tests.native.rooms import Rooms
from tests.native.test_lower_losses import SIZES, stepped

pytest.importorskip("llvmlite")

LAYERS = (
    "prelu",
    "prelu(shared: true)",
    "scale(bias: true)",
    "scale(bias: true, shared: true)",
    "bias(shared: true)",
    "threshold(0.1)",
    "power(0.5, scale: 0.1, shift: 2)",
    "clip(min: -0.2, max: 0.3)",
    "gelu",
    "softplus",
    "mish",
)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("shape", ["[4, 3, 5]", "[7]"])
@pytest.mark.parametrize(("batch", "threads"), SIZES)
def test_formulas(layer: str, shape: str, batch: int, threads: int, rooms: Rooms) -> None:
    text = f"""net n {{
    input image {shape}
    input target {shape}
    a = image -> scale
    b = a -> {layer}
    c = add(a, b) -> mul(b) -> max(a)
    d = c -> bias
    y = d -> tanh
    loss euclidean_loss(y, target)
}}
"""
    names = {"add", "mul", "max", "scale", "bias", "tanh", layer.split("(")[0]}
    stepped(text, batch, threads, rooms, *names)
