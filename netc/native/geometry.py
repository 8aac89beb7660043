"""The sizes of a convolution or pooling."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Side:
    """One axis: `out` windows of `kernel` points that are `dilation` apart, `stride` from one
    window to the next; the first begins `pad` places before the image, and the last may end after
    it. What lies outside the image counts as nothing.
    """

    size: int
    out: int
    kernel: int = 1
    stride: int = 1
    pad: int = 0
    dilation: int = 1


@dataclass(frozen=True)
class Geometry:
    """A convolution of `channels` to `filters`, both cut into `groups` that do not see each other.

    The weight is [filters, channels / groups, height.kernel, width.kernel], in this order without
    gaps. Sequences have a height of 1.
    """

    channels: int
    filters: int
    groups: int
    height: Side
    width: Side

    @property
    def is_dense(self) -> bool:
        """Whether it is a product of matrices: images of one pixel, and nothing around them."""
        return self.groups == 1 and all(
            (side.size, side.out, side.kernel) == (1, 1, 1) for side in (self.height, self.width)
        )
