"""What a data source is, the registry of them, and the one door to open them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, dataclass_transform

from netc.diag import Span
from netc.options import entered, manual, option
from netc.training.data.examples import Dataset
from netc.training.data.find import Where
from netc.training.data.problems import DataProblem, Unusable, UnusableData
from netc.types import Reject, Tensor

SOURCES: dict[str, type["Source"]] = {}
"""Every data source by name."""


class Source:
    """Base of all data sources: options as fields, the docstring as manual.

    One of the two methods is a source's own.
    """

    name: ClassVar[str]

    def open(self, where: Where) -> Dataset:
        """Read everything. Raises `Unusable`, or `Reject` naming an option."""
        return self.open_for({}, where)

    def open_for(self, inputs: Mapping[str, Tensor], where: Where) -> Dataset:
        """The same for a net with such inputs, which are empty where they are not known."""
        return self.open(where)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(option,))
def source(name: str) -> Callable[[type], Any]:
    """Make a class a data source and enter it in the registry."""

    def define(cls: type[Source]) -> Any:
        if not manual(cls)[1]:
            raise TypeError(f"data source {name!r}: the docstring needs an `Example:`")
        return entered(SOURCES, name, kw_only=True)(cls)

    return define


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
    try:
        return source.open_for(inputs or {}, where)
    except Unusable as stop:
        return [replace(stop.problem, span=span)]
    except Reject as stop:
        place = (options or {}).get(stop.culprit, span)
        return [UnusableData(place, stop.reason, stop.help)]
    except MemoryError:
        return [UnusableData(span, f"the data of `{source.name}` do not fit in memory")]
