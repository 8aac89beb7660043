"""Examples are moved to their places in blocks and back, whatever the sizes."""

from typing import Any

import numpy as np
import pytest

from netc.native.call import call
from netc.native.kernels.arrange import FromBlock, ToBlock
from netc.native.layout import Layout
from netc.types import NUMPY_DTYPES, Dtype
from tests.native.guarded import check_guards, guarded, guarded_copy

pytest.importorskip("llvmlite")

SHAPES = ((), (1,), (3,), (10,), (65,), (1, 7, 5), (3, 8, 8), (2, 1, 16), (5, 3, 3), (1, 24, 24))
BLOCKS = (1, 2, 3, 4, 8, 11, 16, 17, 32, 48)


def in_block(x: np.ndarray, layout: Layout, valid: int) -> np.ndarray:
    """Planes of a block, [channels, places, block], by NumPy."""
    flat = x[:valid].reshape(valid, layout.channels, layout.used // layout.block)
    missing = [flat[-1:]] * (layout.block - valid)
    return np.moveaxis(np.concatenate([flat, *missing]), 0, -1)


def planes_of(memory: np.ndarray, layout: Layout) -> np.ndarray:
    rows = memory.reshape(layout.channels, layout.plane)[:, : layout.used]
    return rows.reshape(layout.channels, -1, layout.block)


def cases() -> list[Any]:
    rng = np.random.default_rng(7)
    made = []
    for shape in SHAPES:
        for block in BLOCKS:
            layout = Layout(shape, block, int(rng.choice([0, 0, 16, 5])))
            valid = int(rng.choice([block, block, rng.integers(1, block + 1)]))
            made.append((layout, valid, rng.choice(["f32", "f64"])))
    return made


@pytest.mark.parametrize(("layout", "valid", "dtype"), cases())
def test_to_block_and_back(layout: Layout, valid: int, dtype: Dtype) -> None:
    number = NUMPY_DTYPES[dtype]
    x = np.random.default_rng(1).normal(size=(valid, *layout.shape)).astype(number)
    plain = guarded_copy(x, align=x.itemsize)
    block = guarded(layout.size, number)
    kernel = ToBlock(dtype, layout, source=dtype)
    _in_parts(kernel, plain=plain, block=block, valid=valid)
    np.testing.assert_array_equal(planes_of(block, layout), in_block(x, layout, valid))
    back = guarded(x.shape, number, align=x.itemsize)
    _in_parts(FromBlock(dtype, layout), plain=back, block=block, valid=valid)
    np.testing.assert_array_equal(back, x)
    check_guards()


@pytest.mark.parametrize("dtype", ["f32", "f64"])
@pytest.mark.parametrize("source", ["f32", "f64", "u8"])
@pytest.mark.parametrize(
    ("shape", "block", "valid"), [((3, 5, 5), 16, 16), ((7,), 5, 5), ((3, 9), 32, 9)]
)
def test_numbers_are_converted_and_scaled(
    dtype: Dtype, source: Dtype, shape: tuple[int, ...], block: int, valid: int
) -> None:
    number, layout = NUMPY_DTYPES[dtype], Layout(shape, block)
    x = np.random.default_rng(1).integers(0, 256, (valid, *shape)).astype(NUMPY_DTYPES[source])
    plain, made = guarded_copy(x, align=x.itemsize), guarded(layout.size, number)
    kernel = ToBlock(dtype, layout, source=source, scale=1 / 255)
    call(kernel, plain=plain, block=made, valid=valid, first=0, stop=kernel.units)
    wanted = x.astype(number) * number(1 / 255)
    np.testing.assert_array_equal(planes_of(made, layout), in_block(wanted, layout, valid))
    check_guards()


def test_only_the_asked_part_is_moved() -> None:
    layout = Layout((3, 16, 16), 16)
    plain, block = np.ones((16, 768), np.float32), np.zeros(layout.size, np.float32)
    kernel = ToBlock("f32", layout)
    assert kernel.units == 12
    call(kernel, plain=plain, block=block, valid=16, first=2, stop=3)
    np.testing.assert_array_equal(np.flatnonzero(block), np.arange(128 * 16, 192 * 16))


def _in_parts(kernel: Any, **given: Any) -> None:
    """As two threads would run it."""
    middle = kernel.units // 2
    for first, stop in ((middle, kernel.units), (0, middle)):
        call(kernel, **given, first=first, stop=stop)
