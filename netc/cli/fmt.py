"""`netc fmt`: specs in the one look, so that no one argues about blanks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from netc.cli import ends
from netc.cli.complete import files as any_file
from netc.cli.diff import diff as diff_of
from netc.cli.problems import Unformattable
from netc.cli.screen import color_option, exit_code, say, show
from netc.cli.words import count
from netc.diag import Problem, Source, printable
from netc.files import write_file
from netc.formats import load, tidy

_HELP = """Give the `.net` texts in FILEs, or in folders, the one look.

Only blanks, blank lines and columns change; lines and comments stay. A file with a syntax error
is left as it is. `-` reads standard input and writes standard output.

\b
  netc fmt specs/
  netc fmt --check specs/*.net        lists what would change, exit 1 if anything (for CI)
  netc fmt --diff a.net               shows what would change
"""

_CONVERT = "`netc convert` writes it as `.net`"


@dataclass(frozen=True)
class Formatted:
    """A file beside what becomes of it; `text` is None where problems stand in the way."""

    path: str
    before: str
    text: str | None
    problems: tuple[Problem, ...] = ()

    @property
    def is_changed(self) -> bool:
        return self.text is not None and self.text != self.before


@click.command("fmt", help=_HELP, short_help="Give specs the one look.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=any_file)
@click.option("--check", is_flag=True, help="Write nothing; list the files that would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@color_option
@click.pass_context
def command(context: click.Context, files: tuple[str, ...], check: bool, diff: bool) -> None:
    found = [_formatted(path) for path in dict.fromkeys(_texts(files))]
    for each in found:
        show(each.problems)
        if diff and each.text is not None:
            name = _name(each.path)
            click.echo(diff_of(each.before, each.text, name, f"{name} (formatted)"), nl=False)
        elif check and each.is_changed:
            click.echo(printable(_name(each.path)))
        elif not (check or diff):
            _write(each)
    if files != ("-",) or check:
        _say_counts(found, is_dry=check or diff)
    problems = [problem for each in found for problem in each.problems]
    is_refused = check and any(each.is_changed for each in found)
    context.exit(exit_code(problems) or (ends.PROBLEMS if is_refused else ends.DONE))


def _texts(files: Sequence[str]) -> Iterator[str]:
    """The files, with folders replaced by the specs in them; hidden folders are passed over."""
    for file in files:
        if not Path(file).is_dir():
            yield file
            continue
        for path in sorted(Path(file).rglob("*.net")):
            if not any(part.startswith(".") for part in path.relative_to(file).parts):
                yield str(path)


def _formatted(path: str) -> Formatted:
    if path != "-" and Path(path).exists() and Path(path).suffix.lower() != ".net":
        way_out = _CONVERT if Path(path).suffix in (".json", ".js") else ""
        return Formatted(path, "", None, (Unformattable(None, path=path, way_out=way_out),))
    source = load(path)
    if not isinstance(source, Source):
        return Formatted(path, "", None, tuple(source))
    text = tidy(source)
    if not isinstance(text, str):
        return Formatted(path, source.text, None, tuple(text))
    return Formatted(path, source.text, text)


def _write(formatted: Formatted) -> None:
    """Put the text where it came from; a file that is right already is not touched."""
    if formatted.path == "-":
        click.echo(formatted.text or "", nl=False)
    elif formatted.text is not None and formatted.is_changed:
        write_file(Path(formatted.path).resolve(), formatted.text.encode())


def _say_counts(found: Sequence[Formatted], *, is_dry: bool) -> None:
    changed = sum(each.is_changed for each in found)
    broken = sum(each.text is None for each in found)
    kept = len(found) - changed - broken
    parts = [
        (changed, "would be reformatted" if is_dry else "reformatted"),
        (kept, "already formatted" if is_dry else "left unchanged"),
        (broken, "with problems"),
    ]
    said = [f"{count(number, 'file')} {what}" for number, what in parts if number]
    say(", ".join(said) or "no `.net` file there")


def _name(path: str) -> str:
    return "<stdin>" if path == "-" else path
