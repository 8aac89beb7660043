"""What may be asked of a value: `in.channels`, `scores.shape`."""

from collections.abc import Callable, Mapping

from netc.ir.constants import Constant
from netc.sizes import name_of
from netc.types import Tensor

ATTRIBUTES: Mapping[str, Callable[[Tensor], Constant | None]] = {
    "shape": lambda type: type.shape,
    "channels": lambda type: type.shape[0] if type.rank > 0 else None,
    "height": lambda type: type.shape[-2] if type.rank > 2 else None,
    "width": lambda type: type.shape[-1] if type.rank > 2 else None,
    "length": lambda type: type.shape[-1] if type.rank == 2 else None,
    "size": lambda type: type.size,
    "rank": lambda type: type.rank,
    "classes": lambda type: type.classes,
}
"""Each gives None where a value of that type has no such thing."""


def attribute(type: Tensor, name: str) -> Constant | None:
    """What a value of this type answers, or None where it has nothing of that name."""
    return ATTRIBUTES[name](type) if name in ATTRIBUTES else None


def asks_for(value: str, type: Tensor, size: str) -> str | None:
    """How a value is asked for an open size of its own, or None where it has none of that name."""
    sides = [name_of(side) for side in type.shape]
    return question(value, len(sides), sides.index(size)) if size in sides else None


def question(value: str, rank: int, axis: int) -> str:
    """How a value is asked for one of its sizes."""
    names = {2: ("channels", "length"), 3: ("channels", "height", "width")}.get(rank)
    return f"{value}.{names[axis]}" if names else f"{value}.shape[{axis}]"


def open_size(question: str) -> str:
    """Advice for who writes the name of an open size as if it were a constant."""
    return f"this size is open; it can be asked: `{question}`"
