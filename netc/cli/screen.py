"""What people read: colour where it is wanted, messages in one voice, problems in their order."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import IO, TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from netc.cli import ends
from netc.diag import Level, Problem, printable, render

if TYPE_CHECKING:
    from rich.console import Console

F = TypeVar("F", bound=Callable[..., Any] | click.Command)

MOST_SHOWN = 20
"""Problems of one file that are shown; the rest is counted."""

_RED, _BOLD, _BLUE, _RESET = "\x1b[1;31m", "\x1b[1m", "\x1b[1;34m", "\x1b[0m"


def color_option(command: F) -> F:
    """Add `--color` to a command. `click.echo` takes colours out where none are wanted."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        callback=_set_color,
        is_eager=True,
        expose_value=False,
        help="Use colours: on a terminal (auto), always, or never. NO_COLOR is obeyed.",
    )(command)


def json_option(command: F) -> F:
    """Add `--json` to a command that can print what it has to say as one document."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def _set_color(context: click.Context, parameter: click.Parameter, wanted: str | None) -> None:
    if wanted is None and context.parent is not None:
        return
    root = context.find_root()
    choice: dict[str, bool] = {"always": True, "never": False}
    root.color = context.color = choice.get(wanted or "auto", _by_environment())


def _by_environment() -> bool | None:
    """False where the environment asks for no colour; None leaves it to the terminal."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def is_colored(stream: IO[Any] | None) -> bool:
    """Whether a stream takes colours, by `--color`, the environment and what the stream is."""
    if stream is None:
        return False
    context = click.get_current_context(silent=True)
    wanted = _by_environment() if context is None else context.find_root().color
    return stream.isatty() if wanted is None else wanted


def is_unicode(stream: IO[Any]) -> bool:
    """Whether a stream can show more than ASCII."""
    return "utf" in (getattr(stream, "encoding", None) or "").lower()


def console(stream: IO[str]) -> "Console":
    """A rich console on a stream. Made late: rich takes longer to import than a check to run."""
    from rich.console import Console

    colored = is_colored(stream)
    return Console(file=stream, no_color=not colored, highlight=False, emoji=False, markup=False)


def complain(message: str, *, note: str = "", help: str = "") -> None:
    """Say on standard error what went wrong outside any spec."""
    lines = [f"{_RED}error{_RESET}{_BOLD}: {printable(message)}{_RESET}"]
    for kind, text in (("note", note), ("help", help)):
        if text:
            lines.append(f"  {_BLUE}={_RESET} {_BOLD}{kind}{_RESET}: {printable(text)}")
    click.echo("\n".join(lines), err=True, color=is_colored(sys.stderr))


def say(message: str) -> None:
    """Say something on standard error that is no result."""
    click.echo(message, err=True)


def show(problems: Sequence[Problem]) -> None:
    """Draw problems on standard error by place, the first of many only."""
    found = in_order(problems)
    for problem in found[:MOST_SHOWN]:
        click.echo(render(problem.diagnostic(), color=is_colored(sys.stderr)) + "\n", err=True)
    if len(found) > MOST_SHOWN:
        click.echo(f"and {len(found) - MOST_SHOWN} more\n", err=True)


def stop(problems: Sequence[Problem]) -> NoReturn:
    """Show the problems and end the run with the exit code they call for."""
    show(problems)
    raise click.exceptions.Exit(exit_code(problems))


def in_order(problems: Sequence[Problem]) -> list[Problem]:
    """The problems by their places."""
    return sorted(problems, key=lambda p: p.diagnostic().place)


def is_error(problem: Problem) -> bool:
    return problem.level is Level.ERROR


def exit_code(problems: Sequence[Problem]) -> int:
    """0 for nothing but warnings; 3 where all errors are about what is not there, 2 where all are
    about what was asked for, else 1."""
    errors = [p for p in problems if is_error(p)]
    if not errors:
        return ends.DONE
    if all(p.missing for p in errors):
        return ends.MISSING
    return ends.USAGE if all(p.usage for p in errors) else ends.PROBLEMS


def print_json(document: object) -> None:
    """The one document of a run with `--json`."""
    plain = not is_unicode(sys.stdout)
    click.echo(json.dumps(document, indent=2, ensure_ascii=plain, allow_nan=False))
