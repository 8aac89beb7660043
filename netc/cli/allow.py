"""`--allow`: warnings that somebody has looked at, and wants to hear no more of."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from netc.cli.checked import Checked
from netc.cli.complete import Items
from netc.cli.screen import is_error
from netc.diag import CATALOGUE, Level, did_you_mean, nearest

F = TypeVar("F", bound=Callable[..., Any] | click.Command)


def allow_option(command: F) -> F:
    """Add `--allow` to a command."""
    return click.option(
        "--allow",
        "allowed",
        multiple=True,
        metavar="WARNING",
        callback=_named,
        shell_complete=_names,
        help="Say nothing of warnings of this kind; any number of times.",
    )(command)


def without(checked: Checked, allowed: Sequence[str]) -> Checked:
    """The same without the warnings that are allowed."""
    if not allowed:
        return checked
    left = (p for p in checked.problems if is_error(p) or p.slug not in allowed)
    return replace(checked, problems=tuple(left))


def _warnings() -> list[str]:
    import netc.cli.shelves  # noqa: F401  with it the catalogue is whole

    return sorted(slug for slug, kind in CATALOGUE.items() if kind.level is not Level.ERROR)


def _named(
    context: click.Context, parameter: click.Parameter, allowed: tuple[str, ...]
) -> tuple[str, ...]:
    """The names given, each of which must be a kind of warning."""
    known = _warnings() if allowed else []
    slugs = tuple(name.replace("_", "-") for name in allowed)
    for slug in slugs:
        if slug not in known:
            other = "`netc explain --list` shows all problems"
            advice = did_you_mean(nearest(slug, known)) or other
            raise click.UsageError(f"no warning is called `{slug}`. {advice}")
    return slugs


def _names(context: click.Context, parameter: click.Parameter, incomplete: str) -> Items:
    return [CompletionItem(slug) for slug in _warnings() if slug.startswith(incomplete)]
