"""Tables of one's own in CSV files."""

import csv
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from netc.diag import did_you_mean, nearest, quoted
from netc.options import option
from netc.training.data.examples import Dataset, Examples, Field, hold_out
from netc.training.data.find import Where, find_file
from netc.training.data.problems import damaged, unreadable, unusable
from netc.training.data.source import Source, source
from netc.types import Array, Reject

MOST_BYTES = 1 << 28
"""Larger tables belong in an NPZ file."""

_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " "}
_MOST_SHOWN = 20
_SOON_READ = 1 << 20
"""Bytes that are read before one has looked up."""

Line = tuple[int, list[str]]
"""The number of a line and its cells."""


@source("csv")
class Csv(Source):
    """A table in a text file: an example in each line, its numbers in columns.

    Fields: `features`, all columns but those of `label` and `target` in their order; `label`,
    class labels; `target`, a number. Labels that are whole numbers and begin at 0 are class
    numbers as they are; any others, and words, are numbered in sorted order. A part of the lines
    is kept for testing: always the same one, spread over the file.

    Example:
        csv("iris.csv", label: "species")
    """

    file: str = option(doc="The file, UTF-8.", main=True)
    label: str | int | None = option(
        None, "Column of the class labels: its name, or its number from 1."
    )
    target: str | int | None = option(
        None, "Column of the number to be learned: its name, or its number from 1."
    )
    header: bool = option(True, "Whether the first line holds the names of the columns.")
    separator: str = option("comma", "What parts columns.", choices=tuple(_SEPARATORS))
    scale: float = option(1.0, "What features are multiplied by, the mean taken off before.")
    mean: float = option(0.0, "What is taken off each feature.")
    holdout: float = option(0.2, "Part kept for testing.", at_least=0, below=1)

    def open(self, where: Where) -> Dataset:
        return self._read(self._table(find_file(self.name, self.file, where)))

    def outline(self, where: Where) -> Dataset:
        """All of a small file. Of a large one the names of the columns: how many classes there
        are is not known then, and one fits any net."""
        path = find_file(self.name, self.file, where)
        table = self._table(path)
        if path.stat().st_size <= _SOON_READ:
            return self._read(table)
        fields = {"features": Field(np.empty((0, len(table.features)), np.float32))}
        if table.label is not None:
            fields["label"] = Field(np.empty(0, np.int64), classes=1)
        if table.target is not None:
            fields["target"] = Field(np.empty((0, 1), np.float32))
        return Dataset(self.name, Examples(fields), Examples(fields))

    def _table(self, path: Path) -> "_Table":
        """The columns of a file, whose lines are still to be read."""
        lines = _lines(path, _SEPARATORS[self.separator])
        first = next(lines, None)
        if first is None:
            raise damaged(path, "there is nothing in it")
        if _is_damaged("".join(first[1])):
            raise damaged(path, "it is no UTF-8 text", f"in line {first[0]}")
        names, lines = self._names(path, first, lines)
        label = self._column("label", self.label, path, names)
        target = self._column("target", self.target, path, names)
        features = [c for c in range(len(names)) if c not in (label, target)]
        if not features:
            raise damaged(path, "it has no columns beside the label and the target")
        return _Table(path, names, lines, features, label, target)

    def _read(self, table: "_Table") -> Dataset:
        features, label, target = table.features, table.label, table.target
        numeric = features if target is None else [*features, target]
        numbers, words = _rows(table.path, table.names, table.lines, numeric, label)
        known = np.ascontiguousarray(numbers[:, : len(features)])
        fields = {"features": Field(known, mean=self.mean, scale=self.scale)}
        classes: tuple[str, ...] = ()
        if label is not None:
            labels, classes = _numbered(words)
            fields["label"] = Field(labels, classes=len(classes) or int(labels.max()) + 1)
        if target is not None:
            fields["target"] = Field(np.ascontiguousarray(numbers[:, -1:]))
        return Dataset(self.name, *hold_out(Examples(fields), self.holdout), classes)

    def _names(
        self, path: Path, first: Line, rest: Iterator[Line]
    ) -> tuple[list[str], Iterator[Line]]:
        """The names of the columns, and the lines that hold numbers."""
        names = [cell.strip() for cell in first[1]]
        if not self.header:
            return [str(number + 1) for number in range(len(names))], chain([first], rest)
        if all(_number(name) is not None for name in names):
            raise Reject(
                "header",
                f"the first line of `{path}` holds numbers, not the names of columns",
                help="set `header` to false, and name columns by their numbers",
            )
        return names, rest

    def _column(
        self, culprit: str, wanted: str | int | None, path: Path, names: Sequence[str]
    ) -> int | None:
        """The place of the column that the option `culprit` names."""
        if wanted is None:
            return None
        if isinstance(wanted, int):
            if not 1 <= wanted <= len(names):
                raise Reject(culprit, f"`{path}` has columns 1 to {len(names)}, not {wanted}")
            return wanted - 1
        if names.count(wanted) == 1:
            return names.index(wanted)
        count = "more than one column" if wanted in names else "no column"
        reason = f"{count} of `{path}` is called `{wanted}`"
        raise Reject(culprit, reason, help=_way_out(wanted, names))


@dataclass(frozen=True)
class _Table:
    """What is in which column of a file, and its lines."""

    path: Path
    names: list[str]
    lines: Iterator[Line]
    features: list[int]
    label: int | None
    target: int | None


def _way_out(wanted: str, names: Sequence[str]) -> str:
    """How a column may be found that has not the name it is wanted by."""
    for word, separator in _SEPARATORS.items():
        if len(names) == 1 and wanted in map(str.strip, names[0].split(separator)):
            return f"set `separator` to {word}"
    if any(_number(name) is not None for name in names):
        return "if the first line holds no names, set `header` to false and give a column's number"
    shown = quoted(names[:_MOST_SHOWN])
    return did_you_mean(nearest(wanted, names)) or f"it begins with {shown}"


def _lines(path: Path, separator: str) -> Iterator[Line]:
    """The lines that are not empty."""
    try:
        if path.stat().st_size > MOST_BYTES:
            most = f"{MOST_BYTES >> 20} MiB"
            raise unusable(f"`{path}` is larger than {most}", "store it as an NPZ file")
        # Bytes that are no UTF-8 go through as surrogates, to be refused with their line.
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            reader = csv.reader(file, delimiter=separator, strict=True)
            try:
                yield from ((reader.line_num, cells) for cells in reader if any(cells))
            except csv.Error as error:
                raise damaged(path, str(error), f"in line {reader.line_num}") from None
    except OSError as error:
        raise unreadable(path, error) from None


def _rows(
    path: Path, names: Sequence[str], lines: Iterator[Line], numeric: list[int], label: int | None
) -> tuple[Array, list[str]]:
    """The numbers, float32 of shape (lines, columns), and the words of the label column."""
    numbers, numbered = array("d"), array("q")
    words: list[str] = []
    for line, cells in lines:
        if len(cells) != len(names):
            counts = f"expected {len(names)} columns, found {len(cells)}"
            raise damaged(path, counts, f"in line {line}")
        try:
            numbers.extend([float(cells[column]) for column in numeric])
        except ValueError:
            column = next(c for c in numeric if _number(cells[c]) is None)
            raise _bad_cell(path, cells[column], line, names[column]) from None
        numbered.append(line)
        if label is not None:
            words.append(_word(path, cells[label], line))
    if not numbered:
        raise damaged(path, "it has no lines of numbers")
    with np.errstate(over="ignore"):
        table = np.array(numbers).reshape(len(numbered), -1).astype(np.float32)
    bad = np.argwhere(~np.isfinite(table))
    if len(bad):
        row, place = bad[0]
        at = f"in line {numbered[row]}, column `{names[numeric[place]]}`"
        raise damaged(path, "there is a number that is not finite", at)
    return table, words


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _bad_cell(path: Path, cell: str, line: int, name: str) -> Exception:
    reason = f"`{cell[:40]}` is no number" if cell.strip() else "a number is missing"
    return damaged(path, reason, f"in line {line}, column `{name}`")


def _word(path: Path, cell: str, line: int) -> str:
    word = cell.strip()
    if not word:
        raise damaged(path, "the label is missing", f"in line {line}")
    if _is_damaged(word):
        raise damaged(path, "the label is not UTF-8", f"in line {line}")
    return word


def _is_damaged(text: str) -> bool:
    """Whether bytes that are no UTF-8 went into a text."""
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)


def _numbered(words: Sequence[str]) -> tuple[Array, tuple[str, ...]]:
    """Labels as class numbers, and the names of the classes; none where they are the numbers."""
    kinds = set(words)
    whole = all(word.isdecimal() and word.isascii() and len(word) < 9 for word in kinds)
    if whole and min(map(int, kinds)) == 0:
        return np.array([int(word) for word in words], np.int64), ()
    by_value = all(_number(word) is not None for word in kinds)
    names = sorted(kinds, key=lambda word: (float(word), word)) if by_value else sorted(kinds)
    place = {name: number for number, name in enumerate(names)}
    return np.array([place[word] for word in words], np.int64), tuple(names)
