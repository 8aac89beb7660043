"""The folder that all used files must lie in, so that a spec can reach no further."""

from dataclasses import dataclass
from pathlib import Path

from netc.diag import quoted

MARKERS = (".git", "pyproject.toml", ".netc")
"""What the top folder of a project holds one of."""


@dataclass(frozen=True)
class Project:
    """A folder, and the marker it was known by; None where it is only the file's own folder."""

    folder: Path
    marker: str | None

    @property
    def why(self) -> str:
        """What makes this folder the project, behind `as`."""
        if self.marker:
            return f"it holds `{self.marker}`"
        return f"no folder above holds {quoted(MARKERS[:-1])} or `{MARKERS[-1]}`"


def project_of(folder: Path) -> Project:
    """The project of the files in a folder, which must be a real path."""
    for each in (folder, *folder.parents):
        for marker in MARKERS:
            if (each / marker).exists():
                return Project(each, marker)
    return Project(folder, None)
