"""A convolution and its input gradient as one thing: sums over channels and taps."""

from dataclasses import dataclass

from netc.native.geometry import Geometry
from netc.native.kernels.stripes import Stripe, forward_stripes, gradient_stripes
from netc.native.layout import Layout


@dataclass(frozen=True)
class Strides:
    """From one filter, channel, row of taps and group to the next in the weight, in numbers."""

    filter: int
    channel: int
    row: int
    group: int


@dataclass(frozen=True)
class Convolution:
    """y[f] = sum over channels c and taps of weight[f, c, tap] * source[c, place of the tap].

    `channels` and `filters` are those of one group. A filter is what makes an output and a channel
    what is read: in an input gradient they have changed places.
    """

    source: Layout
    groups: int
    channels: int
    filters: int
    rows: tuple[Stripe, ...]
    columns: tuple[Stripe, ...]
    strides: Strides

    @property
    def height(self) -> int:
        """Rows of the output."""
        return sum(stripe.count for stripe in self.rows)

    @property
    def width(self) -> int:
        """Pixels of a row of the output."""
        return sum(stripe.count for stripe in self.columns)

    @property
    def is_dense(self) -> bool:
        """Whether a block uses each weight once."""
        return self.height == self.width == self.source.used // self.block == 1

    @property
    def row_reach(self) -> tuple[int, int]:
        """From one tap of a column of the kernel to the next: points of the kernel, rows of the
        source. It is the same in all stripes that have more than one tap."""
        return max(self.rows, key=lambda stripe: len(stripe.taps)).reach

    @property
    def source_width(self) -> int:
        return self.columns[0].size

    @property
    def block(self) -> int:
        """Examples."""
        return self.source.block


def forward_of(geometry: Geometry, source: Layout) -> Convolution:
    """The convolution itself, of its input."""
    groups, taps = geometry.groups, geometry.height.kernel * geometry.width.kernel
    channels, filters = geometry.channels // groups, geometry.filters // groups
    return Convolution(
        source,
        groups,
        channels,
        filters,
        forward_stripes(geometry.height),
        forward_stripes(geometry.width),
        Strides(channels * taps, taps, geometry.width.kernel, filters * channels * taps),
    )


def input_gradient_of(geometry: Geometry, source: Layout) -> Convolution:
    """Its input gradient, of the gradient of its output."""
    groups, taps = geometry.groups, geometry.height.kernel * geometry.width.kernel
    channels, filters = geometry.channels // groups, geometry.filters // groups
    return Convolution(
        source,
        groups,
        filters,
        channels,
        gradient_stripes(geometry.height),
        gradient_stripes(geometry.width),
        Strides(taps, channels * taps, geometry.width.kernel, filters * channels * taps),
    )
