"""Kinds of problem. A kind is a class of facts with text templates over them."""

from dataclasses import dataclass, field
from typing import ClassVar

from netc.diag.diagnostic import Diagnostic, Fix, Label, Level
from netc.diag.span import Span

CATALOGUE: dict[str, type["Problem"]] = {}
"""Every kind of problem by its slug."""


@dataclass(frozen=True)
class Problem:
    """Base of all kinds.

    The docstring of a kind is its page in `netc explain`. `message`, `label`, `note` and `help`
    are templates over the fields; one that comes out empty is left out. `missing` marks what is
    no mistake in a text: a file, data or an optional part that is absent or cannot be read;
    `usage` marks what was asked for wrongly outside any text, such as an engine there is not.
    """

    slug: ClassVar[str] = ""
    level: ClassVar[Level] = Level.ERROR
    missing: ClassVar[bool] = False
    usage: ClassVar[bool] = False
    message: ClassVar[str] = ""
    label: ClassVar[str] = ""
    note: ClassVar[str] = ""
    help: ClassVar[str] = ""

    span: Span | None
    via: tuple[Label, ...] = field(default=(), kw_only=True)
    """How one gets to the place: the lines that use the file or the block, innermost first."""

    def __init_subclass__(cls) -> None:
        if not cls.slug:
            return
        if cls.slug in CATALOGUE:
            raise TypeError(f"two kinds of problem are called {cls.slug!r}")
        CATALOGUE[cls.slug] = cls

    def others(self) -> tuple[Label, ...]:
        """Places that explain the primary one."""
        return ()

    def fixes(self) -> tuple[Fix, ...]:
        """Changes of the text that mend it without a doubt."""
        return ()

    def diagnostic(self) -> Diagnostic:
        """The occurrence, its templates filled."""
        note, help = self._fill(self.note), self._fill(self.help)
        ways = {label.span for label in self.via}
        others = (label for label in self.others() if label.span not in ways)
        return Diagnostic(
            self.slug,
            self.level,
            self._fill(self.message),
            None if self.span is None else Label(self.span, self._fill(self.label)),
            (*others, *self.via),
            notes=(note,) if note else (),
            helps=(help,) if help else (),
            fixes=self.fixes(),
        )

    def _fill(self, template: str) -> str:
        return template.format_map(vars(self))
