"""What can be wrong with training data; every kind is a page of `netc explain`."""

from dataclasses import dataclass
from pathlib import Path

from netc.diag import Problem, refusal


@dataclass(frozen=True)
class DataProblem(Problem):
    """Base of the kinds. `missing` marks those where a file is absent or cannot be read."""

    missing = True


@dataclass(frozen=True)
class MissingData(DataProblem):
    """The files of a data source are in none of the places where netc looks.

    Files are looked for in the folder of the spec, then in the folders given by `--data`, then
    here if `--set` names the data, then in the folders of the environment variable NETC_DATA (a
    list like PATH), then in /usr/share/datasets. The note says where this was, and the help how to
    get well-known data.

    Example:
        data mnist()
    """

    slug = "missing-data"
    message = "the data of `{source}` are not here"
    label = "no files for this"
    note = "looked for {files} in:\n{places}"
    help = "{how}"

    source: str
    files: str
    places: str
    how: str


@dataclass(frozen=True)
class DamagedData(DataProblem):
    """A data file is there, but what it holds is not what its format says.

    The note says where in the file. Often a download that broke off: get the file again.

    Example:
        data idx(images: "half.gz", labels: "labels.gz")
    """

    slug = "damaged-data"
    message = "cannot read `{file}`: {reason}"
    label = "this data"
    note = "{place}"

    file: str
    reason: str
    place: str = ""


@dataclass(frozen=True)
class UnusableData(DataProblem):
    """The files can be read, but not used as the spec says, as when a column is not there.

    Example:
        data csv("iris.csv", label: "specie")
    """

    slug = "unusable-data"
    missing = False
    message = "{reason}"
    label = "in this data"
    help = "{way_out}"

    reason: str
    way_out: str = ""


@dataclass(frozen=True)
class DataMismatch(DataProblem):
    """An input of the net has another shape or class count than the data that feed it.

    `netc check` finds it before any training: well-known data are known without their files, and
    files that are there are known by their heads.

    Example:
        input image [1, 24, 24]     # with `data mnist()`, whose images are [1, 28, 28]
    """

    slug = "data-mismatch"
    missing = False
    message = "input `{input}` is {wanted}, but {source} gives {given}"
    label = "is {wanted}"
    note = "{silence}"
    help = "{way_out}"

    input: str
    wanted: str
    source: str
    given: str
    way_out: str = ""
    silence: str = ""


@dataclass(frozen=True)
class NoDataForInput(DataProblem):
    """The data have nothing that an input of the net could be fed with.

    An input takes the data of its own name. Otherwise the class input takes the labels, and the
    other inputs take the other data, in their order.

    Example:
        input second [4]        # with data that have only `features` and `label`
    """

    slug = "no-data-for-input"
    missing = False
    message = "{source} has nothing for input `{input}`"
    label = "this is {wanted}"
    note = "it has {fields}"

    input: str
    wanted: str
    source: str
    fields: str


class Unusable(Exception):
    """Carries a problem, its place still unknown, from a reader up to `open_source`."""

    def __init__(self, problem: DataProblem) -> None:
        super().__init__(problem.diagnostic().message)
        self.problem = problem


def damaged(file: Path, reason: str, place: str = "") -> Unusable:
    """A file that is not what its format says; `place` is a byte, a line or an array."""
    return Unusable(DamagedData(None, str(file), reason, place))


def unreadable(file: Path, error: OSError) -> Unusable:
    """A file that the system will not let us read."""
    return damaged(file, refusal(error))


def unusable(reason: str, way_out: str = "") -> Unusable:
    """Files that can be read but not used as the spec says."""
    return Unusable(UnusableData(None, reason, way_out))


def first_line(error: Exception) -> str:
    """What an error of a library says, the first line of it."""
    return (str(error).splitlines() or [type(error).__name__])[0]
