"""Losses and metrics as people read them."""

from collections.abc import Mapping

from netc.ir import Graph
from netc.training import MetricValue, metric_of, numbers


class Measures:
    """Writes the metrics of one net: what is a part of the examples as a percentage.

    `names` are those of the metrics that are one number.
    """

    def __init__(self, graph: Graph) -> None:
        metrics = {name: metric_of(graph, name) for name in graph.metrics}
        self.names = tuple(name for name, metric in metrics.items() if metric.rank == 0)
        self._shares = {name for name, metric in metrics.items() if metric.is_share}

    def text(self, name: str, value: float | None) -> str:
        """One metric: `98.32 %`, or `0.3127`."""
        if value is None:
            return "-"
        return f"{100 * value:.2f} %" if name in self._shares else number(value)

    def texts(self, values: Mapping[str, MetricValue]) -> list[str]:
        """Every metric of the net that is one number, in its order."""
        found = numbers(values)
        return [self.text(name, found.get(name)) for name in self.names]

    def worded(self, values: Mapping[str, MetricValue]) -> str:
        """All of them in a line: `accuracy 98.32 %, top5 99.90 %`."""
        return ", ".join(f"{name} {self.text(name, v)}" for name, v in numbers(values).items())


def number(value: float | None) -> str:
    """A loss or a rate, to four digits."""
    return "-" if value is None else f"{value:#.4g}".removesuffix(".")
