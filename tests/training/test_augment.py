"""Crops and mirrors beside those of ConvNetJS, whose `augment` gave the numbers."""

import json
from pathlib import Path

import numpy as np
import pytest

from netc.training.data.examples import Examples, Field
from netc.training.data.images import Images

KNOWN = json.loads((Path(__file__).parents[1] / "data/convnetjs/augment.json").read_text())
PAD = 2
CASES = [(size, case) for size in ("5x4x2", "4x4x1") for case in KNOWN[f"cases_{size}"]]


def channels_first(volume):
    """A volume of ConvNetJS, whose channels come last, as an image of netc."""
    shape = volume["sy"], volume["sx"], volume["depth"]
    return np.array(volume["w"], np.uint8).reshape(shape).transpose(2, 0, 1)


@pytest.mark.parametrize(("size", "case"), CASES)
def test_windows_at_every_offset_are_those_of_convnetjs(size, case):
    """Where it reads zeros beside the image, `pad` puts them."""
    image = channels_first(KNOWN[f"input_{size}"])[np.newaxis]
    field = Images(crop=case["crop"], pad=PAD, scale=1.0).image_field(image)
    out = np.empty((1, *field.shape), np.float32)
    at = tuple(np.array([case[axis] + PAD]) for axis in ("dy", "dx"))
    field.fill(np.array([0]), out, at, np.array([case["fliplr"]]))
    np.testing.assert_array_equal(out[0], channels_first(case))


def test_the_last_offset_is_drawn_too():
    """A crop of 3 out of 4 begins in 4 places; ConvNetJS drew the first one 3,000 times."""
    assert KNOWN["random_crop3_topleft_counts"] == {"0": 3000}
    field = Field(channels_first(KNOWN["input_4x4x1"])[np.newaxis], crop=3)
    out = {"x": np.empty((3000, 1, 3, 3), np.float32)}
    rng = np.random.default_rng(1)
    Examples({"x": field}).fill(np.zeros(3000, np.int64), out, rng, training=True)
    counts = np.unique(out["x"][:, 0, 0, 0], return_counts=True)
    assert counts[0].tolist() == [0, 1, 4, 5]
    assert counts[1].min() > 650
