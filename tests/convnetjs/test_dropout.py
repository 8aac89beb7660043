"""Masks that are drawn do what those of ConvNetJS do: of many seeds one draws the same masks."""

from itertools import count

import numpy as np
import pytest

from netc.kernels.noise import draw, drawn_key
from tests.convnetjs.agree import agree
from tests.convnetjs.corpus import case
from tests.convnetjs.twin import Twin


def seed_that_drops(layers, masks):
    """A seed by which these layers, in their order, keep what the masks say."""
    return next(seed for seed in count() if draws(np.random.default_rng([seed]), layers, masks))


def draws(rng, layers, masks):
    return all(
        keeps(layer, drawn_key(rng), mask) for layer, mask in zip(layers, masks, strict=True)
    )


def keeps(layer, key, mask):
    kept = np.empty(mask.size, bool)
    draw(key, layer.least, kept)
    return (kept == mask).all()


@pytest.mark.parametrize("engine", ["cpu", "numpy"])
@pytest.mark.parametrize("compat", [True, False])
def test_a_drawn_mask_gives_the_gradients_of_convnetjs(engine, compat):
    known = case("maxout_dropout")
    call = dict(known.data["backward"])
    masks = [1 - np.array(mask) for mask in call.pop("dropped").values()]
    twin = Twin(known, engine=engine, compat=compat)
    layers = [node.layer for node in twin.graph.nodes if type(node.layer).name == "dropout"]
    measured, gradients = twin.gradients(call, seed=seed_that_drops(layers, masks))
    agree(measured.loss, call["loss"], "f64", "loss")
    for weight, numbers in twin.named(call["grads"]):
        agree(gradients[weight], numbers, "f64", weight)
