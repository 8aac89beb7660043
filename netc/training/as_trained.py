"""The spec of a run, kept in its folder so that it stays right whatever becomes of the files it
was made of."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from netc import spec
from netc.diag import Problem
from netc.files import write_file
from netc.formats import is_same, parse, write
from netc.training.settings import Settings, write_settings

_USED = "used"
"""The folder, in that of the run, of the files that the spec uses."""


def write_as_trained(path: Path, whole: spec.Spec, settings: Settings) -> list[Problem]:
    """Write a spec with all its settings to a `.net` file, and the files it uses beside it.

    The author's text stays where it says all there is to say; parameters that were set on the
    command line, and other languages than `.net`, call for a text of our own.
    """
    names = _names_of_used(whole)
    made = {path: _text(whole, names, write_settings(settings))}
    for used in _all_used(whole):
        blocks = spec.Library(used.source, used.uses, used.lets, used.blocks, used=used.used)
        made[path.parent / _USED / names[id(used)]] = _written(blocks, names, ".")
    problems = [p for text in made.values() if not isinstance(text, str) for p in text]
    if problems:
        return problems
    for place, text in made.items():
        place.parent.mkdir(exist_ok=True)
        write_file(place, str(text).encode())
    return []


def _text(whole: spec.Spec, names: Mapping[int, str], section: str) -> str | list[Problem]:
    """The text of a spec with this `train` section."""
    if not _is_as_written(whole):
        written = _written(replace(whole, train=None), names, _USED)
        return f"{written}\n{section}" if isinstance(written, str) else written
    text, edits = whole.source.text, _paths(whole, names, _USED)
    changes = [(use.path.span, f'"{path}"') for use, path in edits]
    if whole.train is None:
        text = f"{text.rstrip()}\n\n{section}"
    else:
        changes.append((whole.train.span, section.rstrip()))
    for span, new in sorted(changes, key=lambda change: -change[0].start):
        text = text[: span.start] + new + text[span.end :]
    return text.rstrip() + "\n"


def _is_as_written(whole: spec.Spec) -> bool:
    """Whether the author's text, the `train` section aside, says in `.net` what the spec says."""
    if PurePosixPath(whole.source.path).suffix.lower() == ".json":
        return False
    read = parse(whole.source, ".net")
    return isinstance(read, spec.Spec) and is_same(
        replace(read, train=None), replace(whole, train=None, used=())
    )


def _written(library: spec.Library, names: Mapping[int, str], folder: str) -> str | list[Problem]:
    uses = tuple(
        replace(use, path=replace(use.path, value=path))
        for use, path in _paths(library, names, folder)
    )
    return write(replace(library, uses=uses), ".net")


def _paths(
    library: spec.Library, names: Mapping[int, str], folder: str
) -> list[tuple[spec.Use, str]]:
    """The `use` lines with the paths that lead to the files as they are kept."""
    pairs = zip(library.uses, library.used, strict=True)
    return [(use, str(PurePosixPath(folder) / names[id(used)])) for use, used in pairs]


def _all_used(library: spec.Library) -> list[spec.Library]:
    """Every used file once, in the order of the `use` lines."""
    found: dict[int, spec.Library] = {}
    waiting = list(library.used)
    while waiting:
        used = waiting.pop(0)
        if id(used) not in found:
            found[id(used)] = used
            waiting += used.used
    return list(found.values())


def _names_of_used(library: spec.Library) -> dict[int, str]:
    """A name for each used file, its own where no other has taken it."""
    names: dict[int, str] = {}
    for used in _all_used(library):
        stem, count = PurePosixPath(used.source.path).stem, 1
        name = f"{stem}.net"
        while name in names.values():
            count += 1
            name = f"{stem}_{count}.net"
        names[id(used)] = name
    return names
