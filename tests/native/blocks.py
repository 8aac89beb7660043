"""Examples in the memory of a block, by NumPy."""

import numpy as np

from netc.native.layout import Layout
from tests.native.guarded import guarded


def planes(memory: np.ndarray, layout: Layout) -> np.ndarray:
    """The memory of a block as the view [n, *shape]."""
    rows = memory.reshape(layout.channels, layout.plane)[:, : layout.used]
    return np.moveaxis(rows.reshape(*layout.shape, layout.block), -1, 0)


def in_block(x: np.ndarray, layout: Layout, rest: float = np.nan) -> np.ndarray:
    """Guarded memory with some examples in it; examples beyond them are filled with `rest`."""
    memory = guarded(layout.size, x.dtype)
    view = planes(memory, layout)
    view[: len(x)] = x
    view[len(x) :] = rest
    return memory
