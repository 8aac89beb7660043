"""One kernel called from Python, on arrays."""

import ctypes
from typing import Any

import numpy as np

from netc.native.compile import addresses
from netc.native.kernel import Kernel


def call(kernel: Kernel, **given: Any) -> None:
    """Run a kernel on arrays and integers by the names of its arguments."""
    slots = np.array(
        [
            value if isinstance(value := given[a.name], int) else value.ctypes.data
            for a in kernel.arguments
        ],
        np.int64,
    )
    entry = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(addresses([kernel])[kernel])
    entry(slots.ctypes.data)
