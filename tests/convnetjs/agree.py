"""How near numbers must be to those of ConvNetJS."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from netc.types import Array, Dtype

NEAR: Mapping[Dtype, float] = {"f64": 1e-10, "f32": 1e-5}

_SMALL = 1e-6


def agree(found: Any, wanted: Any, dtype: Dtype, what: str = "", *, room: float = 1) -> None:
    """In float64 each number by itself, to 1e-10 of its size; in float32 to 1e-5 of the greatest
    number of the array: where terms cancel, no more can be asked for. `room` is how many times
    that may be."""
    wanted = np.asarray(wanted, np.float64)
    assert np.size(found) == wanted.size, what
    far = distance(np.reshape(found, wanted.shape), wanted, dtype)
    assert far <= room * NEAR[dtype], f"{what}: {far:.1e}"


def agree_in_short(
    found: Array, wanted: Mapping[str, Any], dtype: Dtype, what: str, *, room: float = 1
) -> None:
    """An array of which only the sums, the first four numbers and the last are known."""
    found = np.asarray(found, np.float64)
    assert found.size == wanted["n"], what
    first = wanted["first"]
    ends = [*found[: len(first)], found[-1]]
    agree(ends, [*first, wanted["last"]], dtype, what, room=room)
    agree(np.sum(found**2), wanted["sumsq"], dtype, what, room=room)
    # The terms of the plain sum cancel, so that it is known no better than their sizes allow.
    most = np.sqrt(wanted["n"] * wanted["sumsq"])
    agree(np.sum(found) + most, wanted["sum"] + most, dtype, what, room=room)


def distance(found: Any, wanted: Array, dtype: Dtype) -> float:
    """The greatest difference, in parts of the size of the numbers."""
    found = np.asarray(found, np.float64)
    sizes = np.maximum(np.abs(found), np.abs(wanted))
    if dtype == "f32":
        sizes = sizes.max(initial=0)
    return float(np.max(np.abs(found - wanted) / (_SMALL + sizes), initial=0))
