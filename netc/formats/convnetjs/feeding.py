"""What a script feeds its net with, where it says so in plain numbers.

netc never runs it. But ConvNetJS takes any image and any label without a word, so that a mistake
that stands in the text is worth telling.
"""

import re
from collections.abc import Iterator, Sequence

from netc.diag import Span
from netc.formats.convnetjs.counterparts import LOSSES
from netc.formats.convnetjs.findings import Findings
from netc.formats.convnetjs.problems import WrongFeeding
from netc.formats.convnetjs.sizes import Size, Sized

_LONGEST = 200_000
"""Letters that are looked at: a page with a program in it is longer than the net and its use."""

_S = r"\s{0,20}"
_VOL = rf"new\s{{1,20}}(?:convnetjs\.)?Vol{_S}\("
_NUMBERS = r"\[[^\[\]()]{0,4000}\]"
_SIDES = r"\d{1,6}\s{0,9},\s{0,9}\d{1,6}\s{0,9},\s{0,9}\d{1,6}"
_FED = rf"(?:[\w$.]{{1,60}}|{_VOL}{_S}{_NUMBERS}{_S}\))"
_WORDS = r"'[^'\n]{0,60}'|\"[^\"\n]{0,60}\""
_LABEL = rf"{_WORDS}|{_NUMBERS}|-?\d{{1,9}}(?:\.\d{{1,20}})?(?={_S}\))|new\s{{1,9}}[\w.]{{1,60}}"
_TRAIN = re.compile(rf"\.train{_S}\({_S}{_FED}{_S},{_S}(?P<label>{_LABEL})")
_CALL = rf"\.(?:train|forward|getCostLoss){_S}\({_S}"
_FEEDS = re.compile(rf"{_CALL}(?P<name>[\w$]{{1,60}}){_S}[,)]")
_MADE = re.compile(
    rf"(?:\b(?P<name>[\w$]{{1,60}}){_S}={_S}|{_CALL})"
    rf"(?P<made>{_VOL}{_S}(?:(?P<numbers>{_NUMBERS})|(?P<sides>{_SIDES})){_S}(?:,[^,()]{{0,60}})?\))"
)
_COMMENTS = re.compile(rf"(?P<text>{_WORDS})|//[^\n]*|/\*(?:.*?\*/|.*)", re.DOTALL)


def tell_of_feeding(found: Findings, sized: Sequence[Sized]) -> None:
    """Tell of images and labels that do not fit the net."""
    source, end = found.source, sized[-1]
    if source.is_json:
        return
    text = _COMMENTS.sub(_blanked, source.text[:_LONGEST])
    fed = {match["name"] for match in _FEEDS.finditer(text)}
    for match in _MADE.finditer(text):
        if match["name"] is None or match["name"] in fed:
            _check_image(found, Span(source, *match.span("made")), match, sized[0].after)
    for match in _TRAIN.finditer(text) if end.layer.type in LOSSES else ():
        _check_label(found, Span(source, *match.span("label")), match["label"], end)


def _blanked(found: re.Match[str]) -> str:
    """A comment as blanks, so that all else stays where it is; a text in quotes as it is."""
    return found[0] if found["text"] is not None else " " * len(found[0])


def _check_image(found: Findings, place: Span, match: re.Match[str], wanted: Size) -> None:
    if match["sides"]:
        given = Size(*(int(side) for side in match["sides"].split(",")))
    else:
        inner = match["numbers"][1:-1].strip().removesuffix(",")
        given = Size(1, 1, inner.count(",") + 1 if inner else 0)
    if given == wanted or not given.depth:
        return
    why = "ConvNetJS reads the numbers where it expects its own, and those beyond the end as NaN"
    what = f"this volume is {given}, and the net takes {wanted}"
    way_out = f"feed it with volumes of {wanted}, or change the input layer"
    found.add(WrongFeeding(place, what=what, why=why, way_out=way_out))


def _check_label(found: Findings, place: Span, label: str, end: Sized) -> None:
    rules = _targets if end.layer.type == "regression" else _classes
    for what, why, way_out in rules(label, end):
        found.add(WrongFeeding(place, what=what, why=why, way_out=way_out))


_Told = Iterator[tuple[str, str, str]]


def _classes(label: str, end: Sized) -> _Told:
    count = end.layer.count(LOSSES[end.layer.type].count)
    numbers = f"a class is a number from 0 to {count - 1}"
    if label[0] in "'\"":
        why = "ConvNetJS finds the loss, but no class ever equals a text: the gradient is wrong"
        yield "this label is a text", why, numbers
    elif label[0] == "[" or label.startswith("new"):
        why = "the loss of ConvNetJS becomes NaN, and all classes are pushed down"
        yield "this label is no number", why, numbers
    elif float(label) not in range(count):
        why = "the loss of ConvNetJS becomes NaN, and all classes are pushed down"
        yield f"there is no class {label} in {count} classes", why, numbers


def _targets(label: str, end: Sized) -> _Told:
    count = end.layer.count(LOSSES[end.layer.type].count)
    if label.endswith("Float64Array"):
        return
    if label.startswith("new") or label[0] in "'\"":
        why = "ConvNetJS takes lists and `Float64Array` only: the loss becomes NaN"
        yield "this target is no list", why, f"write the {count} numbers as `[...]`"
    elif label[0] == "[":
        given = label[1:-1].strip().removesuffix(",").count(",") + 1
        if given != count:
            what = f"this target has {given} numbers, and the net learns {count}"
            why = "ConvNetJS goes through its outputs, and NaN stands where a number is missing"
            yield what, why, f"write {count} numbers"
