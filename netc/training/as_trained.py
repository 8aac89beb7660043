"""The spec of a run, kept in its folder so that it stays right whatever becomes of the files it
was made of."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from netc import spec
from netc.diag import Problem, Source, Span
from netc.files import write_file
from netc.formats import is_same, parse, text_of, write
from netc.training.differences import differences, differences_of_training
from netc.training.settings import Settings, write_settings

_USED = "used"
"""The folder, in that of the run, of the files that the spec uses."""


def write_as_trained(path: Path, whole: spec.Spec, settings: Settings) -> list[Problem]:
    """Write a spec with all its settings to a `.net` file, and the files it uses beside it.

    The author's texts stay, but for what was set on the command line, the `train` section and the
    paths of used files. Other languages than `.net` call for a text of our own.
    """
    return _write(path, whole, write_settings(settings))


def write_copy(path: Path, whole: spec.Spec) -> list[Problem]:
    """Write a spec as it is to a `.net` file, and the files it uses beside it: the author's text,
    but for what was set from outside."""
    return _write(path, whole, "")


def _write(path: Path, whole: spec.Spec, section: str) -> list[Problem]:
    """Write a spec, with this `train` section if there is one."""
    names = _names_of_used(whole)
    made = {path: _text(whole, names, section)}
    for used in _all_used(whole):
        made[path.parent / _USED / names[id(used)]] = _used_text(used, names)
    problems = [p for text in made.values() if not isinstance(text, str) for p in text]
    if problems:
        return problems
    for place, text in made.items():
        place.parent.mkdir(exist_ok=True)
        write_file(place, str(text).encode())
    return []


def _text(whole: spec.Spec, names: Mapping[int, str], section: str) -> str | list[Problem]:
    """The text of a spec, with this `train` section in the place of its own if there is one."""
    whole = replace(whole, train=None) if section else whole
    edited = _edited(whole, _paths(whole, names, _USED), section)
    if edited is not None:
        return edited
    written = _written(whole, names, _USED)
    return f"{written}\n{section}" if section and isinstance(written, str) else written


def _used_text(used: spec.Library, names: Mapping[int, str]) -> str | list[Problem]:
    """The text of a used file, of which a net and a `train` section are no part."""
    edited = _edited(used, _paths(used, names, "."))
    if edited is not None:
        return edited
    blocks = spec.Library(used.source, used.uses, used.lets, used.blocks, used=used.used)
    return _written(blocks, names, ".")


def _edited(library: spec.Library, paths: list[str], section: str = "") -> str | None:
    """The author's text with what is different now put where it stands, and a `train` section in
    the place of the one it has; None where no such text says what the spec says."""
    source = library.source
    if PurePosixPath(source.path).suffix.lower() in (".json", ".js"):
        return None
    before = parse(source, ".net")
    if not isinstance(before, spec.Library) or len(before.uses) != len(paths):
        return None
    uses = tuple(_leading_to(use, path) for use, path in zip(before.uses, paths, strict=True))
    changes = [(use.path.span, f'"{use.path.value}"') for use in uses]
    if isinstance(before, spec.Spec) and isinstance(library, spec.Spec):
        changes += _settings_of_net(before.net, library.net)
        changes += differences((before.net.body, before.blocks), (library.net.body, library.blocks))
        changes += differences_of_training(before.train, library.train)
    text = source.text
    if section and before.train is not None:
        changes.append((before.train.span, section.rstrip()))
    elif section:
        text = f"{text.rstrip()}\n\n{section}"
    for span, new in sorted(changes, key=lambda change: -change[0].start):
        text = text[: span.start] + new + text[span.end :]
    text = text.rstrip() + "\n"
    after = parse(Source(source.path, text), ".net")
    if not isinstance(after, spec.Library):
        return None
    after = replace(after, train=None if section else after.train)
    # Texts are compared and not trees: `-1` is a number when it is set, an operation when read.
    return text if write(after, ".net") == write(replace(library, uses=uses), ".net") else None


def _settings_of_net(before: spec.NetSpec, now: spec.NetSpec) -> Iterator[tuple[Span, str]]:
    """Parameters that were set, each with its place in the author's text."""
    for old, new in zip(before.parameters, now.parameters, strict=True):
        if new.default is None or is_same(old.default, new.default):
            continue
        if old.default is None:
            end = replace(old.name.span, start=old.name.span.end)
            yield end, f" = {text_of(new.default)}"
        else:
            yield old.default.span, text_of(new.default)


def _written(library: spec.Library, names: Mapping[int, str], folder: str) -> str | list[Problem]:
    paths = _paths(library, names, folder)
    uses = tuple(_leading_to(use, path) for use, path in zip(library.uses, paths, strict=True))
    return write(replace(library, uses=uses), ".net")


def _leading_to(use: spec.Use, path: str) -> spec.Use:
    return replace(use, path=replace(use.path, value=path))


def _paths(library: spec.Library, names: Mapping[int, str], folder: str) -> list[str]:
    """The paths that lead to the used files as they are kept, in the order of the `use` lines."""
    return [str(PurePosixPath(folder) / names[id(used)]) for used in library.used]


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
