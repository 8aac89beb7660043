"""What layers that work along one axis, or along some of them, share and reject."""

import numpy as np

from netc.sizes import is_open
from netc.types import Onnx, Reject, Tensor


def require_axis(x: Tensor, axis: int, *, name: str = "axis") -> None:
    """Reject an axis that the input has not; the batch is axis 0 and no layer touches it."""
    if 1 <= axis <= x.rank:
        return
    reason = "axis 0 is the batch, which stays" if axis == 0 else f"there is no axis {axis} in {x}"
    raise Reject(
        name,
        reason,
        help=f"the axes go from 1 to {x.rank}; axis 0 is the batch"
        if x.rank
        else "a single number has no axes",
    )


def part(axis: int, start: int | None, stop: int | None) -> tuple[slice, ...]:
    """The index of some places along one axis."""
    return (*(slice(None),) * axis, slice(start, stop))


def with_side(x: Tensor, axis: int, side: int) -> Tensor:
    """The type with another side along one axis."""
    return Tensor((*x.shape[: axis - 1], side, *x.shape[axis:]), x.dtype)


def whole(g: Onnx, *numbers: int) -> str:
    """A constant list of whole numbers."""
    return g.constant(np.array(numbers, np.int64))


def onnx_side(g: Onnx, x: str, axis: int) -> str:
    """The side of an input as a list of one number: a constant, or read off where it is open."""
    side = g.type(x).shape[axis - 1]
    if not is_open(side):
        return whole(g, side)
    return g.op("Gather", g.op("Shape", x), whole(g, axis))
