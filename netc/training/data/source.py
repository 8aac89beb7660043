"""What a data source is, the registry of them, and the one door to open them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, TypeVar, dataclass_transform

from netc.diag import Span
from netc.options import entered, manual, option
from netc.training.data.examples import Dataset
from netc.training.data.find import Where
from netc.training.data.problems import DataProblem, MissingData, Unusable, UnusableData
from netc.types import Reject, Tensor

T = TypeVar("T")

SOURCES: dict[str, type["Source"]] = {}
"""Every data source by name."""


class Source:
    """Base of all data sources: options as fields, the docstring as manual.

    One of `open` and `open_for` is a source's own, and one of `outline` and `outline_for` may be.
    """

    name: ClassVar[str]

    def open(self, where: Where) -> Dataset:
        """Read everything. Raises `Unusable`, or `Reject` naming an option."""
        return self.open_for({}, where)

    def open_for(self, inputs: Mapping[str, Tensor], where: Where) -> Dataset:
        """The same for a net with such inputs, which are empty where they are not known."""
        return self.open(where)

    def outline(self, where: Where) -> Dataset | None:
        """Shapes and class counts in a data set without examples, as far as they are known before
        everything is read; None where nothing is. Raises as `open` does."""
        return None

    def outline_for(self, inputs: Mapping[str, Tensor], where: Where) -> Dataset | None:
        """The same for a net with such inputs."""
        return self.outline(where)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(option,))
def source(name: str) -> Callable[[type], Any]:
    """Make a class a data source and enter it in the registry."""

    def define(cls: type[Source]) -> Any:
        if not manual(cls)[1]:
            raise TypeError(f"data source {name!r}: the docstring needs an `Example:`")
        return entered(SOURCES, name, kw_only=True)(cls)

    return define


def outline_source(
    source: Source,
    where: Where,
    span: Span | None = None,
    options: Mapping[str, Span] | None = None,
    inputs: Mapping[str, Tensor] | None = None,
) -> Dataset | list[DataProblem] | None:
    """What is known of the data of a source, or what is wrong with them; absent files are not."""
    found = _tried(source, lambda: source.outline_for(inputs or {}, where), span, options)
    is_absent = isinstance(found, list) and isinstance(found[0], MissingData)
    return None if is_absent else found


def open_source(
    source: Source,
    where: Where,
    span: Span | None = None,
    options: Mapping[str, Span] | None = None,
    inputs: Mapping[str, Tensor] | None = None,
) -> Dataset | list[DataProblem]:
    """Read the data of a source, or say what is wrong with them.

    `span` is where the spec names the source, `options` where it sets each of its options, and
    `inputs` are those of the net that the data are for.
    """
    return _tried(source, lambda: source.open_for(inputs or {}, where), span, options)


def _tried(
    source: Source,
    read: Callable[[], T],
    span: Span | None,
    options: Mapping[str, Span] | None,
) -> T | list[DataProblem]:
    """What a source gives, or its problem at the place where the spec has it."""
    try:
        return read()
    except Unusable as stop:
        return [replace(stop.problem, span=span)]
    except Reject as stop:
        place = (options or {}).get(stop.culprit, span)
        return [UnusableData(place, stop.reason, stop.help)]
    except MemoryError:
        return [UnusableData(span, f"the data of `{source.name}` do not fit in memory")]
