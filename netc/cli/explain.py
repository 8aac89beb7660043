"""`netc explain`: the manual page of everything that has a name."""

import shutil
import sys

import click

from netc.cli.complete import names
from netc.cli.option_page import option_page
from netc.cli.pages import foreign_page, listing, page
from netc.cli.screen import color_option, is_colored
from netc.cli.shelves import find, first_line, shelves
from netc.diag import did_you_mean, nearest

_WIDEST = 100

_HELP = """Print the manual page of NAME: a word of the language, a layer type, an initializer,
an optimizer, a schedule, a data source, a problem, an option, or a word of ConvNetJS.

\b
  netc explain conv
  netc explain bad-shape
  netc explain --list
"""


@click.command("explain", help=_HELP, short_help="Print the manual page of a layer or a problem.")
@click.argument("name", required=False, shell_complete=names)
@click.option("--list", "wants_list", is_flag=True, help="List everything that has a page.")
@color_option
@click.pass_context
def command(context: click.Context, name: str | None, wants_list: bool) -> None:
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    colored = is_colored(sys.stdout)
    if wants_list:
        _echo(_listing(width), colored)
        return
    if name is None:
        raise click.UsageError("explain what? `netc explain --list` shows all that has a page")
    pages = [page(shelf, word, kind, width) for shelf, word, kind in find(name)]
    pages = pages or [t for t in [option_page(name, width) or foreign_page(name, width)] if t]
    if not pages:
        raise click.UsageError(_unknown(name))
    _echo(f"\n\n{'─' * 3}\n\n".join(pages), colored)


def _listing(width: int) -> str:
    summary = {s.noun: {n: first_line(k) for n, k in s.kinds.items()} for s in shelves()}
    return listing(shelves(), summary, width)


def _unknown(name: str) -> str:
    known = [word for shelf in shelves() for word in shelf.kinds]
    advice = did_you_mean(nearest(name, known)) or "`netc explain --list` shows all that has a page"
    return f"nothing is called `{name}`. {advice}"


def _echo(text: str, colored: bool) -> None:
    click.echo(text if colored else click.unstyle(text), color=colored)
