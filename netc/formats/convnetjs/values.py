"""The numbers of a definition, read and tested by what they are for."""

from dataclasses import dataclass
from math import isfinite

from netc.formats.convnetjs.findings import Findings
from netc.formats.convnetjs.problems import UnusableOption
from netc.formats.convnetjs.words import SHARE, Form
from netc.formats.json.nodes import Broken, Constant, Member, Node, Number, Object, Piece, String


@dataclass(frozen=True)
class Given:
    """A number with the place that it comes from; a whole one is an `int`."""

    value: float
    place: Piece


def given(value: float, place: Piece) -> Given:
    """A number at its place. JavaScript has one kind of them: 5.0 is 5."""
    is_whole = abs(value) < 1e15 and value == int(value)
    return Given(int(value) if is_whole else value, place)


def read_number(found: Findings, member: Member, form: Form) -> Given | None:
    """The number that a member holds; None where it is none that its option takes."""
    value = member.value
    if isinstance(value, Broken):
        return None
    if isinstance(value, Number) and form.takes(value.value):
        return given(value.value, value)
    found.add(
        UnusableOption(
            found.span(value),
            name=member.key.value,
            value=shown(value),
            wanted=form.wanted,
            why=_why(member.key.value, value, form),
            way_out=_way_out(found, value, form),
            instead=_unquoted(found, value, form),
        )
    )
    return None


def shown(node: Node) -> str:
    """A value in a message."""
    match node:
        case String(value=text):
            return f"the text `{printed(text)}`"
        case Number(value=number):
            return _number(number)
        case Constant(value=value):
            return {True: "`true`", False: "`false`", None: "`null`"}[value]
        case Object():
            return "an object"
        case _:
            return "a list"


def printed(text: str) -> str:
    """A text of any length and any letters, so that it can stand in a message."""
    short = text if len(text) <= 40 else f"{text[:40]}..."
    return "".join(letter if letter.isprintable() else "?" for letter in short)


def _number(number: float) -> str:
    if isinstance(number, float) and number != number:
        return "NaN"
    if abs(number) == float("inf"):
        return "infinite"
    return f"{number}" if abs(number) < 1e15 else f"{float(number):g}"


def _unquoted(found: Findings, value: Node, form: Form) -> str:
    """The number that a text is, where its quotes are all that is wrong."""
    if not isinstance(value, String) or not found.stands(value):
        return ""
    text = value.value.strip()
    is_plain = text.replace(".", "", 1).isdigit() and text.isascii() and len(text) < 16
    return text if is_plain and form.takes(float(text)) else ""


_WHY = {
    "stride": "ConvNetJS counts windows by it as it is, and steps by it without its fraction",
    "pad": "ConvNetJS counts windows by it as it is, and pads by it without its fraction",
}


def _why(name: str, value: Node, form: Form) -> str:
    if not isinstance(value, Number):
        return "ConvNetJS computes with whatever JavaScript makes of it"
    if name == "stride" and value.value == 0:
        return "ConvNetJS fails with `Invalid typed array length`"
    return _WHY.get(name, "") if form.is_whole and _is_broken(value.value) else ""


def _is_broken(number: float) -> bool:
    """Whether a number is finite, and not whole."""
    return isfinite(number) and number != int(number)


def _way_out(found: Findings, value: Node, form: Form) -> str:
    if not isinstance(value, Number):
        return ""
    if form.is_whole and _is_broken(value.value):
        text = found.source.text[value.start : value.end]
        if "/" in text and text.isprintable() and len(text) < 60:
            return f"a quotient is made whole so: `Math.floor({text})`"
    if form is SHARE and 10 <= value.value < 100:
        return f"a share of 1 is meant: {value.value:g} of a hundred are {value.value / 100:g}"
    return ""
