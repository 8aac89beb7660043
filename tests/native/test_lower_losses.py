"""Steps that drop numbers and that learn by other losses give the numbers of the NumPy rules."""

import pytest

from tests.native.rooms import Rooms
from tests.native.steps import PHASES, assert_alike, types_by_numpy
from tests.nets import graph_of

pytest.importorskip("llvmlite")

SIZES = [(3, 2), (8, 1), (40, 2), (64, 2), (100, 3)]


def stepped(text: str, batch: int, threads: int, rooms: Rooms, *names: str) -> None:
    """Run steps by both engines; the names are layers that must have kernels."""
    graph = PHASES["train"](graph_of(text))
    assert_alike(graph, rooms, batch=batch, threads=threads, relative=1e-9)
    assert not types_by_numpy(graph, batch=batch, threads=threads) & {*names}


@pytest.mark.parametrize("layer", ["dropout", "spatial_dropout"])
@pytest.mark.parametrize("scaling", ["training", "test"])
@pytest.mark.parametrize(("batch", "threads"), SIZES)
def test_dropped(layer: str, scaling: str, batch: int, threads: int, rooms: Rooms) -> None:
    text = f"""net n {{
    input image [3, 5, 7]
    input label class(4)
    a = image -> conv(6, kernel: 3) -> relu -> {layer}(0.3, scaling: {scaling})
    output scores = a -> dense(9) -> tanh -> dropout(0.5) -> dense(4)
    loss softmax_loss(scores, label)
}}
"""
    stepped(text, batch, threads, rooms, "dropout", "spatial_dropout", "softmax_loss")


@pytest.mark.parametrize("loss", ["euclidean_loss", "smooth_l1_loss", "sigmoid_loss"])
@pytest.mark.parametrize("layer", ["tanh", "softmax", "conv(2, kernel: 3) -> softmax"])
@pytest.mark.parametrize(("batch", "threads"), SIZES)
def test_losses_of_numbers(loss: str, layer: str, batch: int, threads: int, rooms: Rooms) -> None:
    shape = "[2, 3, 4]" if "conv" in layer else "[4, 5, 6]"
    text = f"""net n {{
    input image [4, 5, 6]
    input target {shape}
    a = image -> scale
    y = a -> {layer}
    loss {loss}(y, target)
}}
"""
    stepped(text, batch, threads, rooms, loss, "softmax")


@pytest.mark.parametrize(
    "loss",
    [
        "softmax_loss(y, label)",
        "softmax_loss(y, label, ignore: 2)",
        "softmax_loss(y, label, smoothing: 0.1)",
        "hinge_loss(y, label)",
        "hinge_loss(y, label, norm: l2)",
        "svm_loss(y, label)",
        "svm_loss(y, label, margin: 0.4)",
        "log_loss(p, label)",
        "log_loss(p, label, ignore: 2)",
    ],
)
@pytest.mark.parametrize("sides", ["", "[5]", "[3, 4]"])
@pytest.mark.parametrize(("batch", "threads"), SIZES)
def test_labels_of_places(loss: str, sides: str, batch: int, threads: int, rooms: Rooms) -> None:
    shape = f"[4, {sides[1:]}" if sides else "[4]"
    ignored = ", ignore: 2" if "ignore" in loss else ""
    text = f"""net n {{
    input image {shape}
    input label class(4) {sides}
    a = image -> scale
    y = a -> tanh
    p = softmax(y)
    loss {loss}
    metric accuracy(y, label{ignored})
}}
"""
    losses = ("softmax_loss", "hinge_loss", "svm_loss", "log_loss")
    stepped(text, batch, threads, rooms, *losses, "accuracy")
