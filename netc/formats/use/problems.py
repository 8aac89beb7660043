"""What can be wrong with a `use` line."""

from dataclasses import dataclass

from netc.diag import Fix, Label, Problem


@dataclass(frozen=True)
class UnreadableUse(Problem):
    """A used file cannot be opened.

    It is not there, is a folder, or may not be read. The path is relative to the file that holds
    the `use` line. netc stops with exit code 3.

    Example:
        use "nowhere.net"

        net a {
            input x [4]
            output dense(10)
        }
    """

    slug = "unreadable-use"
    missing = True
    message = "cannot read `{path}`: {reason}"
    label = "used here"
    help = "{way_out}"

    path: str
    reason: str
    near: str | None = None
    way_out: str = ""

    def fixes(self) -> tuple[Fix, ...]:
        if self.near is None or self.span is None:
            return ()
        return (Fix(f"use `{self.near}`", self.span, f'"{self.near}"', is_safe=False),)


@dataclass(frozen=True)
class BadUse(Problem):
    """The text of a `use` line is no path from this file to another one.

    A path is relative to the file that holds the line, and has a `/` between folders, so that it
    means the same on every machine.

    Example:
        use "/home/me/blocks.net"

        net a {
            input x [4]
            output dense(10)
        }
    """

    slug = "bad-use"
    message = "`use` cannot take the path `{path}`"
    label = "{reason}"
    help = "{way_out}"

    path: str
    reason: str
    way_out: str
    better: str | None = None

    def fixes(self) -> tuple[Fix, ...]:
        if self.better is None or self.span is None:
            return ()
        return (Fix(f"write `{self.better}`", self.span, f'"{self.better}"'),)


@dataclass(frozen=True)
class OutsideProject(Problem):
    """A used file lies outside the project.

    The project is the nearest folder, at or above the file that netc was given, that holds
    `.git`, `pyproject.toml` or `.netc`; without any of them it is the file's own folder. So no
    spec can make netc read what was not given to it. Symbolic links are followed before this is
    asked.

    Example:
        use "../../../../../../../../elsewhere.net"

        net a {
            input x [4]
            output dense(10)
        }
    """

    slug = "outside-project"
    message = "`{path}` lies outside the project"
    label = "leads out of the project"
    note = "the project is the folder `{project}`, as {why}"
    help = "{way_out}"

    path: str
    project: str
    why: str
    way_out: str


@dataclass(frozen=True)
class UseCycle(Problem):
    """Files use each other in a circle, or a file uses itself.

    The labels show the `use` lines of the circle. What several files need belongs in a file that
    uses none of them.

    Example:
        use "a.net"         # the name of this file

        net a {
            input x [4]
            output dense(10)
        }
    """

    slug = "use-cycle"
    message = "{what}"
    label = "{back}"
    help = "{way_out}"

    what: str
    back: str
    way_out: str
    circle: tuple[Label, ...]

    def others(self) -> tuple[Label, ...]:
        return self.circle


@dataclass(frozen=True)
class UseWithoutFile(Problem):
    """A `use` line stands in a text that is in no file, so there is no folder to begin from.

    Example:
        use "blocks.net"

        net a {
            input x [4]
            output unit(10)
        }
    """

    slug = "use-without-file"
    message = "`use` needs a file to begin from"
    label = "relative to the file of this line, and there is none"
    help = "write the text to a file, or put the blocks into it"


@dataclass(frozen=True)
class TooManyFiles(Problem):
    """A net may be made of so many files at most, all used files counted."""

    slug = "too-many-files"
    message = "more than {limit} files are used"
    label = "one too many"

    limit: int
