"""Rows under each other: plain columns that wrap, for pipes and for pages."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


@dataclass(frozen=True)
class Column:
    """A column. `right` aligns numbers; `most` is the greatest width; `rest` takes what is left."""

    title: str
    right: bool = False
    most: int | None = None
    rest: bool = False


def columns(
    layout: Sequence[Column], rows: Sequence[Sequence[str]], *, width: int | None = None
) -> str:
    """The rows as text, titles above if there are any. Cells that are too wide are wrapped."""
    titles = [column.title for column in layout]
    table = [titles, *rows] if any(titles) else list(rows)
    widths = _widths(layout, table, width)
    lines: list[str] = []
    for row in table:
        cells = [_wrapped(cell, size) for cell, size in zip(row, widths, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            placed = zip(layout, parts, widths, strict=True)
            lines.append("  ".join(_placed(*each) for each in placed).rstrip())
    return "\n".join(lines)


def _widths(
    layout: Sequence[Column], table: Sequence[Sequence[str]], width: int | None
) -> list[int]:
    widths = [max((len(row[i]) for row in table), default=0) for i in range(len(layout))]
    widths = [min(size, column.most or size) for size, column in zip(widths, layout, strict=True)]
    if width is not None:
        for i, column in enumerate(layout):
            if column.rest:
                others = sum(widths) - widths[i] + 2 * (len(layout) - 1)
                widths[i] = max(min(widths[i], width - others), 20)
    return widths


def _wrapped(cell: str, width: int) -> list[str]:
    return textwrap.wrap(cell, max(width, 1), break_long_words=False) or [""]


def _placed(column: Column, text: str, width: int) -> str:
    return text.rjust(width) if column.right else text.ljust(width)


def rich_table(
    layout: Sequence[Column], rows: Sequence[Sequence[str]], last: Sequence[str]
) -> "Table":
    """The rows for a terminal, `last` standing below a line."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, header_style="bold", show_edge=False, pad_edge=False)
    for index, column in enumerate(layout):
        style = {0: "bold", 1: "cyan"}.get(index, "")
        justify = "right" if column.right else "left"
        table.add_column(
            column.title,
            style=style,
            justify=justify,  # type: ignore[arg-type]
            overflow="fold",
            no_wrap=index > 1,
        )
    for row in rows:
        table.add_row(*row)
    table.add_section()
    table.add_row(*last, style="bold")
    return table
