"""Convolution where blocks of examples do not fill vectors: a panel of what some places read is
gathered, and multiplied with the weights while it is in the cache."""

from dataclasses import dataclass, replace

from netc.native.function import Function
from netc.native.geometry import Geometry
from netc.native.kernel import UNITS, Argument, Kernel, pointers
from netc.native.kernels.panel_product import Product, backward_products, forward_product
from netc.native.kernels.panel_spread import PanelSpread
from netc.native.kernels.panel_sums import Part, Strip, Sums, choose, parts
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import Target, host
from netc.types import Dtype


@dataclass(frozen=True)
class Panel(Kernel):
    """Makes all filters at the places of some units, or the filters of some units everywhere.

    `source` names the argument that is read.
    """

    source: str
    sums: Sums
    tail: Tail
    by_filters: bool

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers(self.source, "weight", "scratch"), *self.tail.arguments, *UNITS)

    @property
    def units(self) -> int:
        return self.sums.product.groups * self.sums.blocks if self.by_filters else self._strips

    @property
    def scratch(self) -> int:
        return self.sums.scratch

    def lanes(self, target: Target) -> int:
        return self.sums.lanes

    @property
    def _strips(self) -> int:
        return -(-self.sums.product.places // self.sums.strip)

    def emit(self, f: Function, target: Target) -> None:
        sums = self.sums
        groups, blocks, places = sums.product.groups, sums.blocks, sums.product.places
        if not self.by_filters:
            start = f.mul("%first", sums.strip)
            stop = f.least(f.mul("%stop", sums.strip), places)
            with f.loop(0, groups) as g:
                self._tiles(f, Part(g.counter, 0, blocks, start, stop))
            return
        with parts(f, groups, blocks, places) as part:
            self._tiles(f, part)

    def _tiles(self, f: Function, part: Part) -> None:
        line = self.sums.line
        with f.loop(part.start, part.stop, line, guard=True) as place:
            until = f.least(f.add(place.counter, line), part.stop)
            tile = replace(part, start=place.counter, stop=until)
            self.sums.emit(f, f"%{self.source}", tile, lambda strip: self._keep(f, strip))

    def _keep(self, f: Function, strip: Strip) -> None:
        applied = self.tail.on(f, strip.filter)
        for t, vector in enumerate(strip.vectors):
            mask = strip.mask if t == len(strip.vectors) - 1 else None
            applied.apply(vector, f.sum(strip.place, t * f.lanes), mask)
        applied.finish()


def forward(
    dtype: Dtype,
    geometry: Geometry,
    source: Layout,
    tail: Tail,
    *,
    threads: int = 1,
    target: Target | None = None,
) -> Kernel:
    """Reads `x` and `weight`; the tail is given the output without its bias. Any block will do."""
    product = forward_product(geometry, source)
    return _panel(dtype, "x", product, tail, threads, target or host())


def input_gradient(
    dtype: Dtype,
    geometry: Geometry,
    source: Layout,
    tail: Tail,
    *,
    threads: int = 1,
    target: Target | None = None,
) -> Kernel:
    """Reads `dy`, which lies as `source`, and `weight`; the tail is given the gradient of x."""
    products = backward_products(geometry, source)
    target = target or host()
    if len(products) == 1 and products[0].taps:
        return _panel(dtype, "dy", products[0], tail, threads, target)
    return PanelSpread.of(dtype, geometry, products, tail, threads, target)


def _panel(
    dtype: Dtype, source: str, product: Product, tail: Tail, threads: int, target: Target
) -> Panel:
    sums = choose(dtype, product, target)
    # Threads that share places gather no panel twice, and threads that share filters read no
    # weight twice.
    few = product.places < 2 * threads * sums.strip
    return Panel(dtype, source, sums, tail, by_filters=few or product.places < product.filters)
