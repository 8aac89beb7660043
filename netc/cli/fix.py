"""`netc check --fix`: what can be meant in one way only is written that way."""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from netc.cli.checked import Checked, check_text
from netc.cli.diff import diff
from netc.cli.overrides import PLACE
from netc.cli.screen import say
from netc.cli.words import count
from netc.diag import Fix, Problem, mend, printable
from netc.files import write_file

_ROUNDS = 10
"""A fix may bring another mistake to light, which has a fix of its own."""


@dataclass(frozen=True)
class Fixed:
    """A file as it would be after its fixes: `text`, which was `before`, and what is left."""

    checked: Checked
    before: str
    text: str
    count: int

    def write(self) -> None:
        """Put the text into the file, behind a byte order mark if there was one."""
        place = Path(self.checked.path).resolve()  # a link stays one
        mark = codecs.BOM_UTF8 if place.read_bytes().startswith(codecs.BOM_UTF8) else b""
        write_file(place, mark + self.text.encode("utf-8"))


def fixed(checked: Checked, changes: Sequence[str] = ()) -> Fixed | None:
    """The file with its safe fixes made; None where it has none, or they would do harm."""
    before, text, done = None, "", 0
    for _ in range(_ROUNDS):
        fixes = [fix for fix in _safe_fixes(checked.problems) if _is_in(fix, checked)]
        old = fixes[0].span.source.text if fixes else ""
        new, made = mend(old, fixes)
        if not made:
            break
        after = check_text(new, checked.path, changes)
        if _is_worse(after, checked):
            say(f"fixes of {printable(checked.name)} left out: with them more would be wrong")
            break
        before = old if before is None else before
        checked, text, done = after, new, done + made
    return None if before is None else Fixed(checked, before, text, done)


def fixable(checked: Checked) -> int:
    """How many problems of a file have a fix that may be written into it."""
    if checked.path == "-":
        return 0
    return sum(_is_in(fix, checked) for fix in _safe_fixes(checked.problems))


def fix_all(files: Sequence[Checked], changes: Sequence[str], *, show: bool) -> list[Checked]:
    """Write the fixes into the files, or `show` them on standard output and write nothing."""
    done = []
    for checked in files:
        result = fixed(checked, changes) if checked.path != "-" else None
        done.append(checked)
        if result is None:
            continue
        if show:
            click.echo(diff(result.before, result.text, checked.name), nl=False)
            continue
        result.write()
        say(f"fixed {count(result.count, 'problem')} in {printable(checked.name)}")
        done[-1] = result.checked
    _say_left_out(done)
    return done


def _safe_fixes(problems: Sequence[Problem]) -> Iterator[Fix]:
    """The first safe fix of each problem: more of them would be alternatives."""
    for problem in problems:
        safe = [fix for fix in problem.fixes() if fix.is_safe]
        yield from safe[:1]


def _is_in(fix: Fix, checked: Checked) -> bool:
    """Whether a fix is of the file itself, and not of one that it uses, nor of `--set`."""
    return fix.span.source.path == checked.name


def _is_worse(after: Checked, before: Checked) -> bool:
    """Whether more is wrong now. What a mistake of syntax hid does not count."""
    if _is_read(before):
        return not _is_read(after) or after.errors > before.errors
    was, now = _first_place(before.problems), _first_place(after.problems)
    return not _is_read(after) and after.errors > before.errors and now <= was


def _is_read(checked: Checked) -> bool:
    """Whether the syntax of a file is right."""
    return checked.spec is not None or checked.library is not None


def _first_place(problems: Sequence[Problem]) -> tuple[int, ...]:
    """Line and column of the first problem."""
    return min((problem.span.corners[:2] for problem in problems if problem.span), default=())


def _say_left_out(files: Sequence[Checked]) -> None:
    """Tell of fixes in places that are not ours to write to."""
    for checked in files:
        others = {
            fix.span.source.path
            for fix in _safe_fixes(checked.problems)
            if checked.path == "-" or not _is_in(fix, checked)
        }
        for path in sorted(others - {PLACE}):
            name = printable(path)
            way_out = "standard input stays as it is" if path == "<stdin>" else f"name {name} too"
            say(f"there are fixes for {name}, which was not written to: {way_out}")
