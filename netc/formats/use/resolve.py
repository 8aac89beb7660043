"""Every used file read once, and put where the `use` line stands that names it."""

import os
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from netc.diag import Label, Problem
from netc.formats.use.place import Folder, find
from netc.formats.use.problems import TooManyFiles, UseCycle
from netc.formats.use.project import Project, project_of
from netc.spec import Library, Use

MOST_FILES = 100
"""Files that one file may use, those that are used by used files among them."""

MOST_PROBLEMS = 100
"""After so many no more lines are followed: each asks the disk for the nearest name."""

Reader = Callable[[Path, str], Library | list[Problem]]
"""Reads the file at a path, which messages call by the given name."""

L = TypeVar("L", bound=Library)


def resolve(
    made: L, file: Path | None, reader: Reader, endings: Collection[str]
) -> L | list[Problem]:
    """The same spec or library with `used` filled, or all that is wrong on the way.

    `file` is where it was read from, None for what came from nowhere: its paths begin at the
    current folder. `reader` reads one file without following its own `use` lines.
    """
    if not made.uses:
        return made
    real = Path.cwd() if file is None else file.resolve()
    folder = Folder(real, "") if file is None else _folder(real, str(file))
    reading = _Reading(project_of(folder.real), reader, endings)
    whole = reading.fill(made, folder, None if file is None else real)
    return reading.problems or whole


def _folder(real: Path, shown: str) -> Folder:
    return Folder(real.parent, os.path.dirname(shown))


class _Reading:
    """The files read so far, and the `use` lines that lead to the one that is being read."""

    def __init__(self, project: Project, reader: Reader, endings: Collection[str]) -> None:
        self.problems: list[Problem] = []
        self._project = project
        self._reader = reader
        self._endings = endings
        self._made: dict[Path, Library] = {}
        self._trail: list[tuple[Path | None, Use]] = []

    def fill(self, library: L, folder: Folder, real: Path | None) -> L:
        """The library with all that it uses; what cannot be had becomes a problem."""
        used = []
        for use in library.uses:
            if len(self.problems) >= MOST_PROBLEMS:
                break
            self._trail.append((real, use))
            made = self._used(use, folder)
            self._trail.pop()
            used += [made] if made else []
        return replace(library, used=tuple(used))

    def _used(self, use: Use, folder: Folder) -> Library | None:
        found = find(use.path, folder, self._project, self._endings)
        if isinstance(found, Problem):
            self._say(found)
            return None
        if found in [path for path, _ in self._trail]:
            self._say(self._cycle(found))
            return None
        if found not in self._made:
            return self._read(found, use, folder)
        return self._made[found]

    def _read(self, real: Path, use: Use, folder: Folder) -> Library | None:
        if len(self._made) == MOST_FILES:
            if not any(isinstance(p, TooManyFiles) for p in self.problems):
                self._say(TooManyFiles(use.path.span, limit=MOST_FILES))
            return None
        shown = folder.show(use.path.value)
        read = self._reader(real, shown)
        # A file with problems is remembered too: what is wrong with it is told once.
        self._made[real] = read if isinstance(read, Library) else Library(use.path.span.source)
        if not isinstance(read, Library):
            self._say(*read, at=use)
            return None
        self._made[real] = self.fill(read, _folder(real, shown), real)
        return self._made[real]

    def _say(self, *problems: Problem, at: Use | None = None) -> None:
        """Add problems, with the `use` lines that lead to them; those of a whole file, which
        have no place in it, stand at its `use` line `at`."""
        for problem in problems:
            if problem.span is None and at is not None:
                problem = replace(problem, span=at.path.span)
            shown = [problem.span, *(label.span for label in problem.others())]
            lines = [use.path.span for _, use in reversed(self._trail)]
            via = tuple(Label(span, "used here") for span in lines if span not in shown)
            self.problems.append(replace(problem, via=via))

    def _cycle(self, real: Path) -> Problem:
        start = [path for path, _ in self._trail].index(real)
        *circle, last = [use for _, use in self._trail[start:]]
        name = Path(last.path.span.source.path).name
        if not circle:
            return UseCycle(
                last.path.span,
                what=f"`{name}` uses itself",
                back="this is the file that the line is in",
                way_out="remove the line: the blocks of a file need no `use` in it",
                circle=(),
            )
        first = Path(circle[0].path.span.source.path).name
        return UseCycle(
            last.path.span,
            what="files use each other in a circle",
            back=f"leads back to `{first}`",
            way_out="move the blocks that both need into a file that uses neither",
            circle=tuple(Label(use.path.span, f"leads to `{use.path.value}`") for use in circle),
        )
