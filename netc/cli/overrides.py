"""`--set NAME=VALUE`: settings of the `train` section, given on the command line."""

import re
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import click

from netc.diag import Problem, Source, Span
from netc.formats import read_source
from netc.spec import Setting, Spec, TrainSpec

F = TypeVar("F", bound=Callable[..., Any])

PLACE = "--set"
"""What the command line is called in messages."""

_FORM = re.compile(r"\s*(?:train\s*\.\s*)?([A-Za-z_]\w*)\s*=([^\n;]+)")
_BEFORE = "net a { input x [1]\n}\ntrain {\n"
_AFTER = "\n}\n"


def set_option(command: F) -> F:
    """Add `--set` to a command that reads a spec."""
    return click.option(
        "--set",
        "changes",
        metavar="NAME=VALUE",
        multiple=True,
        help="Change a setting of the `train` section, such as `batch=32`; any number of times.",
    )(command)


def override(spec: Spec, changes: Sequence[str]) -> Spec | list[Problem]:
    """The spec with settings replaced or added, the last of a name winning."""
    problems: list[Problem] = []
    given: dict[str, Setting] = {}
    for change in changes:
        setting = _read(change)
        if isinstance(setting, Setting):
            given[setting.name.text] = setting
        else:
            problems += setting
    if problems:
        return problems
    return replace(spec, train=_changed(spec, given)) if given else spec


def _changed(spec: Spec, given: dict[str, Setting]) -> TrainSpec:
    if spec.train is None:
        end = len(spec.source.text)
        return TrainSpec(tuple(given.values()), Span(spec.source, end, end))
    # Who sets how long to train means it instead of the other way to say so.
    replaced = {*given, *(("epochs", "steps") if {"epochs", "steps"} & set(given) else ())}
    kept = tuple(s for s in spec.train.settings if s.name.text not in replaced)
    return replace(spec.train, settings=(*kept, *given.values()))


def _read(change: str) -> Setting | list[Problem]:
    """A change as a setting whose words lie in a source of their own."""
    found = _FORM.fullmatch(change)
    if found is None:
        raise click.UsageError(f"`--set {change}` is not of the form NAME=VALUE")
    line = f"{found[1]} {found[2]}"
    read = read_source(Source(PLACE, _BEFORE + line + _AFTER))
    shown = Source(PLACE, f"{found[1]}={found[2]}")
    if not isinstance(read, Spec):
        return [_moved(problem, shown) for problem in read]
    if read.train is None or len(read.train.settings) != 1:
        raise click.UsageError(f"`--set {change}` is not one setting")
    setting: Setting = _moved(read.train.settings[0], shown)
    return setting


def _moved(thing: Any, source: Source) -> Any:
    """A copy of a tree of the spec, or of a problem, with every place in another source."""
    if isinstance(thing, Span):
        start, end = (
            min(max(at - len(_BEFORE), 0), len(source.text)) for at in (thing.start, thing.end)
        )
        return Span(source, start, end)
    if isinstance(thing, tuple):
        return tuple(_moved(each, source) for each in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        parts = {f.name: _moved(getattr(thing, f.name), source) for f in fields(thing)}
        return replace(thing, **parts)
    return thing
