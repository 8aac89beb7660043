"""Where a `use` line leads: a path made sure of before any file is opened."""

import errno
import os
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from netc.diag import Problem, did_you_mean, nearest, quoted, refusal
from netc.formats.problems import UnknownFormat
from netc.formats.use.problems import BadUse, OutsideProject, UnreadableUse
from netc.formats.use.project import Project
from netc.spec import Text

_LONGEST = 1000
_MOST_SEEN = 1000
"""Entries of a folder that are looked at for the nearest name."""


@dataclass(frozen=True)
class Folder:
    """Where paths begin: the real folder of a file, and what it is called in messages."""

    real: Path
    shown: str

    def show(self, path: str) -> str:
        """What the file at a path from here is called."""
        return os.path.normpath(os.path.join(self.shown, path))


def find(text: Text, folder: Folder, project: Project, endings: Collection[str]) -> Path | Problem:
    """The real path of a used file, or why there is none."""
    path = text.value
    bad = bad_path(text)
    if bad is not None:
        return bad
    try:
        real = (folder.real / path).resolve()
        if not real.is_relative_to(project.folder):
            return _outside(text, project)
        if Path(path).suffix.lower() not in endings:
            return UnknownFormat(text.span, path=path, known=quoted(endings))
        reason = _why_no_file(real)
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a circle of links
        reason = refusal(error) if isinstance(error, OSError) else "its links lead in a circle"
    if not reason:
        return real
    near = _nearest(path, folder, project, endings)
    shown = folder.show(path)
    return UnreadableUse(
        text.span, path=shown, reason=reason, near=near, way_out=did_you_mean(near)
    )


def bad_path(text: Text) -> Problem | None:
    """What is wrong with a path wherever it begins, if anything is."""
    path = text.value
    wrong = _wrong_text(path)
    if wrong is None:
        return None
    reason, way_out = wrong
    better = path.replace("\\", "/")
    mended = better if better != path and not _wrong_text(better) else None
    shown = path[:100] or '""'
    return BadUse(text.span, path=shown, reason=reason, way_out=way_out, better=mended)


def _wrong_text(path: str) -> tuple[str, str] | None:
    """What keeps a text from being a path, and what to do; None where it is one."""
    relative = 'write it from the folder of this file on, such as `"blocks/residual.net"`'
    slashes = f"write `{path.replace(chr(92), '/')}`"
    drive = len(path) > 1 and path[1] == ":" and path[0].isalpha()
    unprintable = any(unicodedata.category(c) in ("Cc", "Cs") for c in path[:_LONGEST])
    cases = (
        (not path.strip(), "no file is named", relative),
        (len(path) > _LONGEST, f"longer than {_LONGEST} characters", relative),
        (unprintable, "no file name has control characters", relative),
        (path.startswith("~"), "`~` is another folder on every machine", relative),
        (path.startswith(("/", "\\")) or drive, "right on one machine only", relative),
        ("://" in path, "an address is no file", "save the file beside this one"),
        ("\\" in path, "`/` stands between folders", slashes),
    )
    return next(((reason, way_out) for applies, reason, way_out in cases if applies), None)


def _outside(text: Text, project: Project) -> Problem:
    way_out = "copy the file into the project"
    if project.marker is None:
        way_out += ", or put an empty file `.netc` into a folder above both"
    shown = os.path.relpath(project.folder)
    shown = str(project.folder) if shown.startswith("..") else shown
    return OutsideProject(
        text.span, path=text.value, project=shown, why=project.why, way_out=way_out
    )


def _why_no_file(real: Path) -> str:
    """Why this cannot be opened as a file: whatever could block or never end is refused."""
    if real.is_file():
        return ""
    if real.is_dir():
        return "it is a folder"
    if real.exists():
        return "it is no ordinary file"
    real.lstat()
    return os.strerror(errno.ENOENT).lower()


def _nearest(path: str, folder: Folder, project: Project, endings: Collection[str]) -> str | None:
    """The existing file that is most likely meant, written like the path: one in the folder it
    leads to, or else one beside the file that holds the line."""
    for parent in (Path(path).parent, Path()):
        names = _files_in(folder.real / parent, project, endings)
        near = nearest(Path(path).stem, sorted(names))
        if near:
            return (parent / names[near]).as_posix()
    return None


def _files_in(there: Path, project: Project, endings: Collection[str]) -> dict[str, str]:
    """The names of the files in a folder of the project, by what they are without their endings,
    which would make any two of them alike."""
    try:
        if not there.resolve().is_relative_to(project.folder):
            return {}
        entries = list(islice(there.iterdir(), _MOST_SEEN))
        return {e.stem: e.name for e in entries if e.suffix.lower() in endings and e.is_file()}
    except (OSError, RuntimeError, ValueError):
        return {}
