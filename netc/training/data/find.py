"""Where data files are looked for, and how nothing is said to be found."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from netc.diag import quoted
from netc.training.data.problems import MissingData, Unusable

VARIABLE = "NETC_DATA"
SYSTEM = (Path("/usr/local/share/datasets"), Path("/usr/share/datasets"))


@dataclass(frozen=True)
class Where:
    """The folders a run was told of: that of its spec, then those given by `--data`."""

    spec_folder: Path
    data_folders: tuple[Path, ...] = ()

    def folders(self) -> tuple[Path, ...]:
        """Every folder to look in, in this order; NETC_DATA and the system's come last."""
        listed = os.environ.get(VARIABLE, "").split(os.pathsep)
        named = [Path(os.path.expanduser(folder)) for folder in listed if folder]
        return tuple(dict.fromkeys((self.spec_folder, *self.data_folders, *named, *SYSTEM)))


def find_file(source: str, file: str, where: Where) -> Path:
    """The path of a file the spec names: absolute, or in the first folder that has it."""
    given = Path(os.path.expanduser(file))
    tried = [given] if given.is_absolute() else [f / given for f in where.folders()]
    for path in tried:
        if os.path.isfile(path):
            return path
    how = "" if given.is_absolute() else f"name its folder by `--data`, or by {VARIABLE}"
    raise _missing(source, f"`{file}`", (path.parent for path in tried), how)


def find_files(
    source: str,
    files: Sequence[str],
    subfolders: Sequence[str],
    where: Where,
    how: str,
    *,
    is_right: Callable[[Sequence[Path]], bool],
) -> list[Path]:
    """All of some files, plain or gzipped, from the first folder that has them all.

    Each folder is looked through with its subfolders; files that are not right are passed over.
    """
    tried = [folder / sub for folder in where.folders() for sub in subfolders]
    for folder in tried:
        found = [_plain_or_gzipped(folder, file) for file in files]
        paths = [path for path in found if path]
        if len(paths) == len(files) and is_right(paths):
            return paths
    raise _missing(source, quoted(files) + " (or .gz)", tried, how)


def _plain_or_gzipped(folder: Path, file: str) -> Path | None:
    tried = (folder / file, folder / f"{file}.gz")
    return next((path for path in tried if os.path.isfile(path)), None)


def _missing(source: str, files: str, tried: Iterable[Path], how: str) -> Unusable:
    places = "\n".join(str(place) for place in dict.fromkeys(tried))
    return Unusable(MissingData(None, source, files, places, how))
