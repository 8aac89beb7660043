"""Activations taken back to the picture, against what the methods' papers say by hand."""

import numpy as np
import pytest

from netc.engines import Store
from netc.ir import Graph
from netc.types import Array
from netc.visualize import METHODS, Look, Method
from tests.nets import graph_of

RNG = np.random.default_rng(3)


def look(text: str, seed: int = 1) -> tuple[Look, Store]:
    graph = graph_of(text)
    store = Store.fresh(graph, seed=seed)
    return Look(graph, store), store


SMOOTH = """net smooth {
    input image [2, 6, 6]
    input label class(4)
    trunk = conv(4, kernel: 3, pad: 1) -> batch_norm -> tanh -> lrn
    add { identity; conv(4, kernel: 1) -> dropout }
    avg_pool(2)
    scores = dense(4)
    loss softmax_loss(scores, label)
}
"""


def test_the_plain_gradient_is_what_differences_say() -> None:
    seen, _ = look(SMOOTH)
    image = RNG.standard_normal((2, 2, 6, 6)).astype(np.float32)
    wanted = RNG.standard_normal((2, 4)).astype(np.float32)
    found = seen.project("scores", {"image": image}, wanted, "image", "gradient")

    def total(picture: Array) -> Array:
        scores = seen.values(["scores"], {"image": picture})["scores"]
        return np.asarray((scores * wanted).sum(axis=1))

    for place in [(0, 2, 3), (1, 0, 0), (1, 5, 2)]:
        step = np.zeros_like(image)
        step[(slice(None), *place)] = 0.05
        slope = (total(image + step) - total(image - step)) / 0.1
        np.testing.assert_allclose(found[(slice(None), *place)], slope, rtol=0.02, atol=1e-3)


RECTIFIED = """net rectified {
    input image [1, 2, 2]
    a = flatten -> dense(5, bias: false) -> relu
    b = dense(3, bias: false) -> relu
    output b
}
"""


@pytest.mark.parametrize("method", METHODS)
def test_a_rectifier_passes_what_its_method_says(method: Method) -> None:
    seen, store = look(RECTIFIED)
    first, second = store.weights["a.weight"], store.weights["b.weight"]
    image = RNG.standard_normal((6, 1, 2, 2)).astype(np.float32)
    x = image.reshape(6, 4)
    a = np.maximum(x @ first.T, 0)
    b = np.maximum(a @ second.T, 0)
    wanted = RNG.standard_normal((6, 3)).astype(np.float32)

    def back(dy: Array, y: Array) -> Array:
        if method == "deconvnet":
            return np.maximum(dy, 0)
        return np.maximum(dy, 0) * (y > 0) if method == "guided" else dy * (y > 0)

    by_hand = back(back(wanted, b) @ second, a) @ first
    found = seen.project("b", {"image": image}, wanted, "image", method)
    np.testing.assert_allclose(found.reshape(6, 4), by_hand, rtol=1e-5, atol=1e-6)


def test_what_is_unpooled_goes_where_the_maximum_was() -> None:
    seen, _ = look("net pool {\n input image [1, 4, 4]\n p = max_pool(2)\n output p\n}\n")
    image = RNG.permutation(16).reshape(1, 1, 4, 4).astype(np.float32)
    wanted = np.array([[[[5, 6], [7, 8]]]], np.float32)
    found = seen.project("p", {"image": image}, wanted, "image")
    for i in range(2):
        for j in range(2):
            corner = np.s_[0, 0, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            where = image[corner] == image[corner].max()
            np.testing.assert_array_equal(found[corner], where * wanted[0, 0, i, j])


def test_examples_do_not_mix_however_many_there_are() -> None:
    seen, _ = look(RECTIFIED)
    image = RNG.standard_normal((40, 1, 2, 2)).astype(np.float32)
    wanted = np.ones((40, 3), np.float32)
    together = seen.project("b", {"image": image}, wanted, "image")
    alone = [seen.project("b", {"image": e[None]}, wanted[:1], "image")[0] for e in image]
    np.testing.assert_allclose(together, np.stack(alone), rtol=1e-5, atol=1e-6)


def test_other_inputs_take_part_but_are_not_looked_at() -> None:
    text = "net two {\n input image [1, 2, 2]\n input more [4]\n"
    text += " s = concat(image -> flatten, more) -> dense(2)\n output s\n}\n"
    seen, store = look(text)
    inputs = {"image": np.ones((3, 1, 2, 2), np.float32), "more": np.ones((3, 4), np.float32)}
    found = seen.project("s", inputs, np.eye(2, dtype=np.float32)[[0, 1, 0]], "image")
    np.testing.assert_allclose(found[1].ravel(), store.weights["s.weight"][1, :4], rtol=1e-6)


def test_a_phase_that_is_for_training_alone_is_not_looked_at() -> None:
    text = "net a {\n input image [1, 2, 2]\n x = dropout(0.5)\n when train { tanh }\n"
    text += " y = relu\n output y\n}\n"
    graph: Graph = graph_of(text)
    values = Look(graph, Store.fresh(graph)).values(["x", "y"], {"image": np.full((1, 1, 2, 2), 3)})
    assert (values["x"] == 3).all()
    assert (values["y"] == 3).all()
