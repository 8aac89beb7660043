"""A panel times weights: sums over channels and taps, for one register tile at a time."""

from dataclasses import dataclass

from netc.native.function import Function, Int
from netc.native.geometry import Geometry
from netc.native.kernels.panel_gather import Gather
from netc.native.kernels.sweep import Sweep, backward, flattened, forward
from netc.native.layout import Layout

_UNROLLED = 12
"""So many taps of a channel are written out; of more only those of one kernel row."""


@dataclass(frozen=True)
class Product:
    """For each of `groups`: `filters` sums over all taps of `channels`.

    The weight of filter, channel and tap is at their products with `filter_step`, `channel_step`
    and the kernel's own order, from group to group `group_step` on.
    """

    rows: Sweep
    columns: Sweep
    channels: int
    filters: int
    groups: int
    group_step: int
    filter_step: int
    channel_step: int
    kernel_columns: int
    block: int
    plane: int

    @property
    def places(self) -> int:
        """Numbers of one channel of what is made."""
        return self.rows.out * self.columns.out * self.block

    @property
    def taps(self) -> int:
        return self.rows.taps * self.columns.taps

    @property
    def is_plain(self) -> bool:
        """Whether each place reads only the same place of the source."""
        return all(s.is_plain for s in (self.rows, self.columns))

    def gather(self, places: int, lanes: int) -> Gather:
        """How panels of up to so many places are filled."""
        rows, columns = flattened(self.rows, self.columns)
        return Gather(rows, columns, self.block, self.plane, places, lanes)

    def sums(
        self,
        f: Function,
        weight: str,
        panel: str,
        room: int,
        channels: Int,
        size: int,
        given: list[str],
        ahead: str | None = None,
    ) -> list[str]:
        """Add to the sums of `size` filters, vectors of places innermost, what some channels give;
        `weight` is that of the first filter and channel, and `panel` where the places begin.
        `ahead` is where the source will be gathered next."""
        width = len(given) // size
        with f.loop(0, channels, 1, given) as c:
            weights = f.at(weight, f.mul(c.counter, self.channel_step))
            line = f.at(panel, f.mul(c.counter, self.taps * room))
            rows = range(self.rows.taps)
            if ahead is not None:
                for t in range(width):
                    f.prefetch(ahead, f.sum((c.counter, self.plane), t * f.lanes))
            if self.taps <= _UNROLLED:
                sums = c.given
                for a in rows:
                    sums = self._row(f, weights, line, room, a, size, width, sums)
                c.new = sums
            else:
                with f.loop(0, self.rows.taps, 1, c.given) as taps:
                    taps.new = self._row(
                        f, weights, line, room, taps.counter, size, width, taps.given
                    )
                c.new = taps.out
        return c.out

    def _row(
        self,
        f: Function,
        weights: str,
        line: str,
        room: int,
        row: Int,
        size: int,
        width: int,
        sums: list[str],
    ) -> list[str]:
        """The taps of one kernel row."""
        rows, columns = self.rows, self.columns
        base = f.mul(f.sum((row, rows.every), rows.first), self.kernel_columns)
        weights = f.at(weights, base)
        line = f.at(line, f.mul(row, columns.taps * room))
        made = list(sums)
        for b in range(columns.taps):
            read = [f.vload(line, b * room + t * f.lanes) for t in range(width)]
            for o in range(size):
                point = o * self.filter_step + columns.first + b * columns.every
                factor = f.broadcast(weights, point)
                for t in range(width):
                    made[o * width + t] = f.fma(factor, read[t], made[o * width + t])
        return made


def forward_product(geometry: Geometry, source: Layout) -> Product:
    """What makes outputs from the image."""
    channels, filters, area = _sizes(geometry)
    return Product(
        forward(geometry.height),
        forward(geometry.width),
        channels,
        filters,
        geometry.groups,
        group_step=filters * channels * area,
        filter_step=channels * area,
        channel_step=area,
        kernel_columns=geometry.width.kernel,
        block=source.block,
        plane=source.plane,
    )


def backward_products(geometry: Geometry, source: Layout) -> list[Product]:
    """What makes the image's gradient from that of the outputs: one for each point of a stride."""
    channels, filters, area = _sizes(geometry)
    return [
        Product(
            rows,
            columns,
            filters,
            channels,
            geometry.groups,
            group_step=filters * channels * area,
            filter_step=area,
            channel_step=channels * area,
            kernel_columns=geometry.width.kernel,
            block=source.block,
            plane=source.plane,
        )
        for rows in backward(geometry.height)
        for columns in backward(geometry.width)
    ]


def _sizes(geometry: Geometry) -> tuple[int, int, int]:
    """Channels and filters of a group, and points of the kernel."""
    groups, area = geometry.groups, geometry.height.kernel * geometry.width.kernel
    return geometry.channels // groups, geometry.filters // groups, area
