"""What is dropped is what the rule of the layer drops, forward and in the gradient."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from netc.kernels.noise import words
from netc.layers.dropout import Dropout as DropoutLayer
from netc.layers.dropout import SpatialDropout
from netc.native.call import call
from netc.native.formula import Formula, Step
from netc.native.kernels.dropout import Dropout
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import host
from netc.types import NUMPY_DTYPES, Dtype
from tests.native.blocks import in_block, planes
from tests.native.guarded import check_guards, guarded

pytest.importorskip("llvmlite")

PRODUCT = Formula((Step("value", name="x"), Step("made"), Step("mul", (0, 1))), (("y", 2),))


def cases() -> list[Any]:
    rng = np.random.default_rng(8)
    made = []
    for seed in range(90):
        sides = [(), (), (3,), (4, 5), (1, 7), (9, 9)][rng.integers(6)]
        shape = (int(rng.integers(1, 6)), *sides)
        block, dtype = int(rng.choice([1, 2, 3, 5, 8, 16, 17, 32, 48])), rng.choice(["f32", "f64"])
        wide = block % host().lanes(dtype) == 0
        batch = int(rng.integers(1, 100)) if wide else block
        layout = Layout(shape, block, int(rng.choice([0, 0, 16, 5])))
        kind = [DropoutLayer, SpatialDropout][rng.integers(2)]
        scaling = str(rng.choice(["training", "test"]))
        layer = kind(rate=float(rng.choice([0.1, 0.5, 0.999999])), scaling=scaling)
        made.append(pytest.param(layer, layout, batch, str(dtype), seed))
    return made


@pytest.mark.parametrize(("layer", "layout", "batch", "dtype", "seed"), cases())
def test_dropout(layer: Any, layout: Layout, batch: int, dtype: Dtype, seed: int) -> None:
    number = NUMPY_DTYPES[dtype]
    x = np.random.default_rng(seed).normal(size=(batch, *layout.shape)).astype(number)
    wanted = np.empty_like(x)
    mask = np.empty((batch, *layer.noise(layout.shape)), np.uint8)
    layer.forward(x, wanted, mask, np.random.default_rng(seed), training=True)
    key = np.random.default_rng(seed).integers(0, 1 << 63, 1)
    tail = Tail(PRODUCT, (("x", layout), ("y", layout)))
    together = isinstance(layer, SpatialDropout)
    kernel = Dropout(dtype, tail, layout, layer.least, layer.factor, together)
    for start in range(0, batch, layout.block):
        examples = slice(start, start + layout.block)
        given = {"x": in_block(x[examples], layout), "key": key, "start": start, "batch": batch}
        results = []
        for cut in ((0, layout.channels), (0, layout.channels // 2, layout.channels)):
            y = guarded(layout.size, number)
            for first, stop in pairwise(cut):
                call(kernel, **given, y=y, first=first, stop=stop)
            results.append(planes(y, layout)[: len(x[examples])])
        check_guards()
        np.testing.assert_allclose(results[0], wanted[examples], rtol=1e-6)
        np.testing.assert_array_equal(*results)


def test_noise_is_even_and_keys_are_strangers() -> None:
    count = 1 << 20
    lines = [words(key, 0, count) / 2**32 for key in (1, 2, 1 << 40 | 3, 0x123456789ABCDEF)]
    for line in lines:
        found = np.histogram(line, 1024)[0]
        assert np.sum((found - 1024) ** 2 / 1024) < 1024 + 6 * np.sqrt(2 * 1024)
    correlation = np.corrcoef([*lines, np.roll(lines[0], 1), np.roll(lines[0], 64)])
    assert np.abs(correlation - np.eye(len(correlation))).max() < 0.005


def test_any_part_of_the_noise_can_be_drawn_alone() -> None:
    whole = words(77 << 33 | 5, 0, 1000)
    np.testing.assert_array_equal(words(77 << 33 | 5, 300, 50), whole[300:350])
    np.testing.assert_array_equal(words(77 << 33 | 5, 2**32 - 3, 10)[3:], whole[:7])
