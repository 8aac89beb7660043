"""Options with one number for each axis of an image, and what all image layers share and reject.

An image stands for a sequence and a volume too: what has channels and one to three axes beside.
"""

from netc.layers import require
from netc.options import PerAxis, plain
from netc.sizes import is_open, reaches, where, witnesses
from netc.types import Array, Reject, Tensor, show_shape

_KINDS = {1: "sequence", 2: "image", 3: "volume"}
"""What users call an input with so many axes beside the channels."""

_AXES = {
    1: "one: for the width",
    2: "two: for height and width",
    3: "three: for depth, height and width",
}
"""What a list with a number for each axis holds."""

_WANTED = {
    2: "an image [channels, height, width] nor a sequence [channels, width]",
    3: "an image [channels, height, width], a sequence [channels, width] "
    "nor a volume [channels, depth, height, width]",
}


def require_image(x: Tensor, *, axes: int = 2) -> None:
    """Reject what is no sequence, image or volume of at most so many axes beside the channels."""
    require.numbers("x", x)
    if 1 <= x.rank - 1 <= axes:
        return
    raise Reject(
        "x",
        f"{x} is not {_WANTED[axes]}",
        help="`reshape` makes an image of numbers in a row; or take a layer for any shape, "
        "such as `dense`"
        if x.rank < 2
        else f"reshape it to {axes + 1} axes at most",
    )


def per_axis(value: PerAxis, x: Tensor, name: str) -> tuple[int, ...]:
    """One number for each axis of the image `x`, the channels not counted."""
    axes = x.rank - 1
    if isinstance(value, int):
        return (value,) * axes
    if len(value) == axes:
        return tuple(value)
    numbers = "1 number" if len(value) == 1 else f"{len(value)} numbers"
    raise Reject(
        name,
        f"`{name}` has {numbers}, but {x} has {axes} {kind(x)} ax{'es' if axes > 1 else 'is'}",
        help=f"give a single number for all axes, or a list of {_AXES[axes]}",
    )


def type_of(x: Array) -> Tensor:
    """The type of the examples in a batch, as far as geometry goes."""
    return Tensor(x.shape[1:])


def times(sides: tuple[int, ...]) -> str:
    """`5x5`, or `5` along a sequence."""
    return "x".join(map(str, sides))


def sized(what: str, sides: tuple[int, ...]) -> str:
    """`a 5x5 kernel`, `an 8x8 image`, or `a kernel of 5` along a sequence."""
    if is_open(sides):
        return f"{'an' if what[0] in 'aeiou' else 'a'} {what} {show_shape(sides)}"
    if len(sides) == 1:
        return f"a {what} of {sides[0]}"
    article = "an" if str(sides[0])[0] == "8" or sides[0] in (11, 18) else "a"
    return f"{article} {times(sides)} {what}"


def kind(x: Tensor) -> str:
    """What users call an input of this rank."""
    return _KINDS[x.rank - 1]


def require_fit(
    x: Tensor,
    reach: tuple[int, ...],
    stride: tuple[int, ...],
    pad: tuple[int, ...],
    what: str,
    *,
    smaller: str = "`kernel`",
) -> None:
    """Reject windows that are larger than the padded image; `reach` is their full extent, and
    `smaller` the options that make it less.

    An open size is as large as it must be, but not larger than its witness.
    """
    sides = [side + 2 * p for side, p in zip(x.shape[1:], pad, strict=True)]
    if all(map(reaches, sides, reach)):
        return
    short = [k - int(side) for k, side in zip(reach, sides, strict=True)]
    padded = f" padded by {times(pad)}" if any(pad) else ""
    need = max(p + -(-lack // 2) for p, lack in zip(pad, short, strict=True))
    way_out, keeping = f"at least {need}", None
    if all(r % 2 for r in reach) and set(stride) == {1} and not is_open(x.shape):
        zeros = tuple(r // 2 for r in reach)
        keeping = plain(zeros if len(set(zeros)) > 1 else zeros[0])
        way_out = f"{keeping} to keep {times(x.shape[1:])}"
    raise Reject(
        "kernel",
        f"{what} does not fit in {sized(kind(x), x.shape[1:])}{padded}{where(witnesses(x.shape))}",
        help=f"set `pad` to {way_out}, take a smaller {smaller}, "
        "or shrink the image less before this layer",
        change=("pad", keeping) if keeping and not any(pad) else None,
    )
