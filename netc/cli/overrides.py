"""`--set NAME=VALUE`: parameters of the net, and settings, given on the command line."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import click

from netc.diag import Problem, Source, Span
from netc.formats import COMPAT, as_original, read_source
from netc.ir import give, meant, settable, takes_text
from netc.spec import Name, Setting, Spec, Text, TrainSpec, changed
from netc.training import NAMES

F = TypeVar("F", bound=Callable[..., Any])

PLACE = "--set"
"""What the command line is called in messages."""

_FORM = re.compile(r"\s*(train\s*\.)?\s*([A-Za-z_]\w*)\s*=([^\n;]+)")
_LENGTHS = ("epochs", "steps")
_BEFORE = "net a { input x [1]\n}\ntrain {\n"
_AFTER = "\n}\n"


def set_option(command: F) -> F:
    """Add `--set` to a command that reads a spec."""
    return click.option(
        "--set",
        "changes",
        metavar="NAME=VALUE",
        multiple=True,
        help="Set a parameter of the net (`depth=50`) or of its `train` section (`batch=32`);"
        " any number of times. `compat=convnetjs` asks a net of ConvNetJS for its own numbers.",
    )(command)


def override(spec: Spec, changes: Sequence[str]) -> Spec | list[Problem]:
    """The spec with parameters and settings replaced or added, the last of a name winning."""
    problems: list[Problem] = []
    parameters: dict[str, Setting] = {}
    settings: dict[str, Setting] = {}
    for change in changes:
        found = _FORM.fullmatch(change)
        if found is None:
            raise click.UsageError(f"`--set {change}` is not of the form NAME=VALUE")
        name, value = found[2], found[3].strip()
        is_parameter = not found[1] and _is_parameter(spec, name)
        setting = _read(name, value, is_text=is_parameter and takes_text(spec, name))
        if not isinstance(setting, Setting):
            problems += setting
        elif name == COMPAT and not found[1] and not is_parameter:
            original = as_original(spec, setting)
            if not isinstance(original, Spec):
                return original
            spec = original
        elif is_parameter:
            parameters[name] = setting
        else:
            settings[name] = setting
    if problems:
        return problems
    given = give(spec, list(parameters.values())) if parameters else spec
    if isinstance(given, list) or not settings:
        return given
    return replace(given, train=_with_settings(spec, settings))


def _is_parameter(spec: Spec, name: str) -> bool:
    """Whether a name is one of the net and not of the `train` section; a slip of the pen belongs
    where its nearest name is."""
    known = settable(spec)
    if name in known or name in NAMES:
        return name in known
    return bool(known) and meant(name, NAMES) is None


def _with_settings(spec: Spec, given: dict[str, Setting]) -> TrainSpec:
    if spec.train is None:
        end = len(spec.source.text)
        return TrainSpec(tuple(given.values()), Span(spec.source, end, end))
    lines: list[Setting] = []
    left = dict(given)
    for line in spec.train.settings:
        # Who sets how long to train means it instead of the other way to say so.
        names = _LENGTHS if line.name.text in _LENGTHS else (line.name.text,)
        if not any(name in given for name in names):
            lines.append(line)
        lines += [left.pop(name) for name in names if name in left]
    return replace(spec.train, settings=(*lines, *left.values()))


def _read(name: str, value: str, *, is_text: bool) -> Setting | list[Problem]:
    """A change as a setting whose words lie in a source of their own; a text needs no quotes."""
    shown = Source(PLACE, f"{name}={value}")
    if is_text and not value.startswith('"'):
        place = Span(shown, len(name) + 1, len(shown.text))
        return Setting(Name(name, Span(shown, 0, len(name))), Text(value, place), place)
    read = read_source(Source(PLACE, f"{_BEFORE}{name} {value}{_AFTER}"))
    if not isinstance(read, Spec):
        return [_moved(problem, shown) for problem in read]
    if read.train is None or len(read.train.settings) != 1:
        raise click.UsageError(f"`--set {name}={value}` is not one setting")
    setting: Setting = _moved(read.train.settings[0], shown)
    return setting


def _moved(tree: Any, source: Source) -> Any:
    """A copy of a tree of the spec, or of a problem, with every place in another source."""

    def move(part: object) -> object:
        if not isinstance(part, Span):
            return part
        start, end = (
            min(max(at - len(_BEFORE), 0), len(source.text)) for at in (part.start, part.end)
        )
        return Span(source, start, end)

    return changed(tree, move)
