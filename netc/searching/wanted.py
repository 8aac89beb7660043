"""What a search is asked to vary, read from `NAME=LOW..HIGH,log`, `NAME=A,B,C` or `NAME`."""

import re
from dataclasses import dataclass
from typing import Any

from netc import spec
from netc.diag import Problem, Source, Span
from netc.formats import read_source
from netc.searching.problems import BadRange
from netc.searching.ranges import Among, Choices, Range

PLACE = "--vary"
"""What the command line is called in messages."""

_NUMBER = r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
_FORM = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(?:=\s*([^\n;]*?)\s*)?")
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})\s*(?:,\s*(log)\s*)?")
_WHOLE = re.compile(r"[-+]?\d{1,18}")
_BEFORE = "net a { input x [1]\n}\ntrain {\nbatch ["
_AFTER = "]\n}\n"

FORMS = "write LOW..HIGH, LOW..HIGH,log or several values with commas between"


@dataclass(frozen=True)
class Wanted:
    """A thing to vary, by name; `among` is None where its usual range is wanted."""

    name: str
    among: Among | None
    place: Span
    """The name on the command line."""
    values: Span
    """What stands behind it."""

    def refused(self, reason: str, way_out: str = "") -> BadRange:
        """The problem that it cannot be varied so."""
        return BadRange(self.values, name=self.name, reason=reason, way_out=way_out)


def read_wanted(text: str) -> Wanted | list[Problem]:
    """Read one `--vary`."""
    source = Source(PLACE, text)
    found = _FORM.fullmatch(text)
    if found is None:
        way_out = f"name a thing, then `=`, then {FORMS.removeprefix('write ')}"
        span = Span(source, 0, len(text))
        return [BadRange(span, name=text.strip(), reason="no NAME=LOW..HIGH", way_out=way_out)]
    name = Span(source, *found.span(1))
    if found[2] is None:
        return Wanted(found[1], None, name, name)
    wanted = Wanted(found[1], None, name, Span(source, *found.span(2)))
    among = _range(wanted, found[2]) if ".." in found[2] else _choices(wanted, found[2])
    if not isinstance(among, Range | Choices):
        return among
    return Wanted(wanted.name, among, wanted.place, wanted.values)


def _range(wanted: Wanted, text: str) -> Range | list[Problem]:
    found = _RANGE.fullmatch(text)
    if found is None:
        return [wanted.refused("no range of numbers", FORMS)]
    low, high, is_log = float(found[1]), float(found[2]), found[3] is not None
    if not low < high or high == float("inf"):
        return [wanted.refused("the first number must be the smaller one")]
    if is_log and low <= 0:
        return [wanted.refused("orders of magnitude begin above 0")]
    is_whole = all(_WHOLE.fullmatch(found[end]) for end in (1, 2))
    return Range(low, high, is_log, grain=int(is_whole))


def _choices(wanted: Wanted, text: str) -> Choices | list[Problem]:
    read = read_source(Source(PLACE, _BEFORE + text + _AFTER))
    if not isinstance(read, spec.Spec):
        return [_moved(problem, wanted.values) for problem in read]
    values = read.train.settings[0].value if read.train and len(read.train.settings) == 1 else None
    if not isinstance(values, spec.List) or len(values.items) < 2:
        return [wanted.refused("a single value varies nothing", FORMS)]
    return Choices(tuple(map(_folded, _moved(values, wanted.values).items)))


def _folded(value: spec.Value) -> spec.Value:
    """A number with its sign in one."""
    if not isinstance(value, spec.Unary) or not isinstance(value.operand, spec.Number):
        return value
    is_minus = value.operator.text == "-"
    return spec.Number(-value.operand.value, value.span) if is_minus else value


def _moved(tree: Any, place: Span) -> Any:
    """A copy of a tree, or of a problem, with every place in the text of the command line."""
    length = place.end - place.start

    def move(part: object) -> object:
        if not isinstance(part, Span):
            return part
        start, end = (
            place.start + min(max(at - len(_BEFORE), 0), length) for at in (part.start, part.end)
        )
        return Span(place.source, start, end)

    return spec.changed(tree, move)
