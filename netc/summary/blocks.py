"""Layers of a net taken together by the blocks and loops they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass

from netc.summary.numbers import LayerSummary
from netc.types import Shape, Tensor


@dataclass(frozen=True)
class BlockSummary:
    """The layers whose names begin alike, as one: `name` is what they have in common.

    `output` and `receptive_field` are those of the last layer; the other numbers are sums.
    """

    name: str
    layers: tuple[LayerSummary, ...]

    @property
    def output(self) -> Tensor:
        return self.layers[-1].output

    @property
    def receptive_field(self) -> Shape | None:
        return self.layers[-1].receptive_field

    @property
    def params(self) -> int:
        return sum(layer.params for layer in self.layers)

    @property
    def macs(self) -> int:
        return sum(layer.macs for layer in self.layers)

    @property
    def bytes(self) -> int:
        return sum(layer.bytes for layer in self.layers)

    @property
    def shares(self) -> str | None:
        """The name that all weights are shared with, where it has none of its own."""
        names = {layer.shares for layer in self.layers if layer.shares is not None}
        return next(iter(names)) if len(names) == 1 and not self.params else None


def by_block(layers: Sequence[LayerSummary], depth: int) -> tuple[LayerSummary | BlockSummary, ...]:
    """The layers in their order, those inside blocks and rounds of loops `depth` deep as one.

    A block stands where its first layer stood. What lies less deep stays as it is.
    """
    found: dict[str, list[LayerSummary]] = {}
    for layer in layers:
        found.setdefault(".".join(layer.name.split(".")[:depth]), []).append(layer)
    return tuple(_row(name, inside) for name, inside in found.items())


def _row(name: str, inside: list[LayerSummary]) -> LayerSummary | BlockSummary:
    first = inside[0]
    return first if first.name == name and len(inside) == 1 else BlockSummary(name, tuple(inside))
