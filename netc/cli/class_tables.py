"""Metrics that tell of classes, as tables for people."""

from collections.abc import Iterator, Mapping, Sequence

from netc.cli.measures import Measures
from netc.cli.table import Column, columns
from netc.training import MetricValue, lists, tables

_MOST = 24
"""Classes up to which a table of confusions is shown: a wider one fits no terminal."""


def class_tables(
    values: Mapping[str, MetricValue], measures: Measures, names: Sequence[str]
) -> Iterator[str]:
    """The lists of a net's metrics side by side, a row for each class; then its tables.

    `names` are those of the classes; where a metric is of others, numbers stand for them.
    """
    found = lists(values)
    for count in dict.fromkeys(map(len, found.values())):
        same = {name: row for name, row in found.items() if len(row) == count}
        layout = [Column("class"), *(Column(name, right=True) for name in same)]
        texts = [[measures.text(name, number) for number in row] for name, row in same.items()]
        yield columns(layout, list(zip(names_of(count, names), *texts, strict=True)))
    for name, table in tables(values).items():
        yield _table(name, table, names_of(len(table), names))


def names_of(count: int, names: Sequence[str]) -> Sequence[str]:
    """Names of so many classes; their numbers where there are not as many names."""
    return names if len(names) == count else [str(number) for number in range(count)]


def _table(name: str, table: Sequence[Sequence[float | None]], names: Sequence[str]) -> str:
    """Right classes by answers."""
    if len(table) > _MOST:
        return f"{name}: {len(table):,} by {len(table):,} classes; `--json` has them all"
    layout = [Column(name), *(Column(answer, right=True) for answer in names)]
    rows = [[right, *map(_count, row)] for right, row in zip(names, table, strict=True)]
    return columns(layout, rows) + "\n(a row is what the examples are, a column what was answered)"


def _count(number: float | None) -> str:
    return f"{number:,.0f}" if number else "."
