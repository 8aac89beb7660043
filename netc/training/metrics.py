"""What metrics have to tell: of most one number, of some one for each class or a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np

from netc.ir import Graph
from netc.layers import Metric
from netc.types import Array

Row = list[float | None]
MetricValue = float | Row | list[Row]
"""A number; a list with one for each class, None where there is nothing to tell; or a table of
counts, right classes by answers."""


def shown(metric: Metric, y: Array) -> MetricValue:
    """What a metric tells, given its mean over the examples, or the totals it adds up."""
    value = y if metric.result is None else metric.result(y)
    if metric.rank == 0:
        return float(value)
    if metric.rank == 1:
        return _row(value)
    return [_row(row) for row in value]


def _row(values: Array) -> Row:
    """Numbers as JSON has them, which has no word for what is none."""
    row: Row = values.tolist()
    return [None if number is None or isnan(number) else number for number in row]


@dataclass(frozen=True)
class Sum:
    """A loss or metric added up over batches: a mean times the `count` it is of, or totals."""

    total: Array
    count: int

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.total + other.total, self.count + other.count)

    @property
    def mean(self) -> Array:
        """The mean over all that was added up, 0 where that was nothing."""
        return np.asarray(self.total / max(1, self.count))

    def shown(self, metric: Metric) -> MetricValue:
        """What a metric tells of all that was added up."""
        return shown(metric, self.mean if metric.result is None else self.total)


def metric_of(graph: Graph, name: str) -> Metric:
    """The layer that gives a metric."""
    layer = graph.producers[name].layer
    assert isinstance(layer, Metric), "only metrics stand in that role"
    return layer


def numbers(values: Mapping[str, MetricValue]) -> dict[str, float]:
    """Those of the metrics that are a number."""
    return {name: value for name, value in values.items() if not isinstance(value, list)}


def lists(values: Mapping[str, MetricValue]) -> dict[str, Row]:
    """Those of the metrics that have a number for each class."""
    return {
        name: [part for part in value if not isinstance(part, list)]
        for name, value in values.items()
        if isinstance(value, list) and not _is_table(value)
    }


def tables(values: Mapping[str, MetricValue]) -> dict[str, list[Row]]:
    """Those of the metrics that are a table of classes."""
    return {
        name: [row for row in value if isinstance(row, list)]
        for name, value in values.items()
        if isinstance(value, list) and _is_table(value)
    }


def _is_table(value: list[Any]) -> bool:
    return any(isinstance(part, list) for part in value)


def read_value(value: object) -> MetricValue:
    """A metric as JSON has it. Raises TypeError where it is nothing of the kind."""
    if not isinstance(value, list):
        return float(_read_number(value) or 0)
    if _is_table(value):
        return [[_read_number(number) for number in row] for row in value]
    return [_read_number(number) for number in value]


def _read_number(value: object) -> float | None:
    if value is None or isinstance(value, int | float):
        return value
    raise TypeError("this is no number")
