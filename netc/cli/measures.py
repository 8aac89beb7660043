"""Losses and metrics as people read them."""

from collections.abc import Mapping

from netc.ir import Graph


class Measures:
    """Writes the metrics of one net: what is a part of the examples as a percentage."""

    def __init__(self, graph: Graph) -> None:
        made = graph.producers
        self.names = graph.metrics
        self._shares = {n for n in self.names if type(made[n].layer).name == "accuracy"}

    def text(self, name: str, value: float | None) -> str:
        """One metric: `98.32 %`, or `0.3127`."""
        if value is None:
            return "-"
        return f"{100 * value:.2f} %" if name in self._shares else number(value)

    def texts(self, values: Mapping[str, float]) -> list[str]:
        """Every metric of the net, in its order."""
        return [self.text(name, values.get(name)) for name in self.names]

    def worded(self, values: Mapping[str, float]) -> str:
        """All of them in a line: `accuracy 98.32 %, top5 99.90 %`."""
        return ", ".join(f"{n} {self.text(n, values[n])}" for n in self.names if n in values)


def number(value: float | None) -> str:
    """A loss or a rate, to four digits."""
    return "-" if value is None else f"{value:#.4g}".removesuffix(".")
