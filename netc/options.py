"""What a kind of thing can be set to: layers, optimizers, schedules, initializers, data sources.

A kind is a frozen dataclass whose fields are made by `option`. The field's line is the only
place where an option's type, default, range and manual are written; the binder, the manual, the
schema and the tests read them here.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from inspect import cleandoc
from textwrap import dedent
from typing import Any, get_type_hints

PerAxis = int | tuple[int, ...]
"""One whole number for all axes, or one for each."""

Table = tuple[tuple[int, ...], ...]
"""Lists of whole numbers, which need not be of one length."""


COMPAT = ("none", "convnetjs")
"""Programs whose mistakes a kind can be asked to repeat, so that its numbers are the same."""


class LayerName(str):
    """The name of a layer further up."""


@dataclass(frozen=True)
class Option:
    """One declared option of a kind."""

    name: str
    type: Any
    default: Any
    doc: str
    main: bool = False
    choices: tuple[str, ...] = ()
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    kinds: Mapping[str, type[Any]] | None = field(default=None, compare=False)
    noun: str = ""

    @property
    def required(self) -> bool:
        """Whether there is no default."""
        return self.default is MISSING

    def range_text(self) -> str:
        """The allowed range in words, such as `at least 0 and below 1`; empty when any will do."""
        bounds = (
            ("at least", self.at_least),
            ("above", self.above),
            ("at most", self.at_most),
            ("below", self.below),
        )
        return " and ".join(f"{word} {bound:g}" for word, bound in bounds if bound is not None)

    def allows(self, number: float) -> bool:
        """Whether a single number lies in the declared range."""
        return (
            (self.at_least is None or number >= self.at_least)
            and (self.above is None or number > self.above)
            and (self.at_most is None or number <= self.at_most)
            and (self.below is None or number < self.below)
        )


def option(
    default: Any = MISSING,
    doc: str = "",
    *,
    main: bool = False,
    choices: tuple[str, ...] = (),
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
    kinds: Mapping[str, type[Any]] | None = None,
    noun: str = "",
) -> Any:
    """Declare one option: its default, its one-line manual and its range.

    `main` marks the one option that may stand without its name, as in `conv(64)`.
    `choices` lists the words allowed, beside what the field's type allows. `kinds` is a registry
    of what it may be set to, as in `pairs(of: mnist())`, and `noun` what one of them is called.
    """
    metadata = {
        "doc": doc,
        "main": main,
        "choices": choices,
        "at_least": at_least,
        "above": above,
        "at_most": at_most,
        "below": below,
        "kinds": kinds,
        "noun": noun,
    }
    return field(default=default, metadata=metadata)


def entered(
    registry: dict[str, type[Any]], name: str, *, kw_only: bool = False
) -> Callable[[type], Any]:
    """Make a class a kind: freeze it, call it `name`, and enter it in the registry of its family.

    Raises TypeError where another kind has the name already.
    """

    def define(cls: Any) -> Any:
        if name in registry:
            raise TypeError(f"two kinds are called {name!r}")
        cls = dataclass(frozen=True, kw_only=kw_only)(cls)
        cls.name = name
        registry[name] = cls
        return cls

    return define


def options_of(kind: type) -> Mapping[str, Option]:
    """The options a kind declares, by name, in the order they are written."""
    return _options_of(kind)


@cache
def _options_of(kind: type) -> Mapping[str, Option]:
    hints = get_type_hints(kind)
    return {
        f.name: Option(f.name, hints[f.name], f.default, **f.metadata)
        for f in fields(kind)
        if "doc" in f.metadata
    }


def main_option(kind: type) -> Option | None:
    """The option that may stand without its name, if the kind has one."""
    return next((o for o in options_of(kind).values() if o.main), None)


def manual(kind: type) -> tuple[str, str]:
    """The docstring of a kind, which is its page in `netc explain`: the text, and its example."""
    text, _, example = cleandoc(kind.__doc__ or "").partition("\nExample:\n")
    return text.strip(), dedent(example).strip("\n")


def plain(value: object) -> str:
    """The value of an option as people write it, numbers to six digits."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(plain, value))}]"
    return f"{value:g}" if isinstance(value, float) else str(value)
