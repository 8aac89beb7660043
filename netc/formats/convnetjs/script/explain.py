"""What is wrong where a statement cannot be read any further, and how it could be."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from lark.exceptions import UnexpectedInput, UnexpectedToken

from netc.diag import Fix, Problem, Source, Span
from netc.formats.convnetjs.script.grammar import RESERVED
from netc.formats.convnetjs.script.tokens import Token
from netc.formats.problems import SyntaxProblem, UnclosedText

_DOTS = ("...", "…", "..")
_VALUES = {"NAME", "NUMBER", "STRING", "LBRACE"}
_STARTS = ("word", "number", "string", "template", "{", "[", "new", "digits", "open", "regex")


class Slip(NamedTuple):
    """A mistake of syntax, and the tokens of the statement as they may be meant."""

    problem: Problem
    tokens: list[Token] | None = None


class _Place(NamedTuple):
    """The first token that cannot stand where it does, with those around it."""

    source: Source
    tokens: Sequence[Token]
    at: int
    expected: set[str]

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    @property
    def before(self) -> Token | None:
        return self.tokens[self.at - 1] if self.at else None

    def kind(self, step: int) -> str:
        """The kind of a token some steps from here; empty where there is none."""
        at = self.at + step
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else ""

    def slip(
        self,
        what: str,
        *,
        expected: str = "",
        way_out: str = "",
        fix: tuple[int, int, str] | None = None,
        instead: Sequence[Token] | None = None,
    ) -> Slip:
        """A mistake here. `fix` is the sure change, `instead` what stands here for reading on."""
        span = Span(self.source, self.here.start, self.here.end)
        rewriting = None
        if fix:
            start, end, text = fix
            rewriting = Fix(f"write `{text.strip()}`", Span(self.source, start, end), text)
        problem = SyntaxProblem(
            span, what=what, expected=expected, way_out=way_out, rewriting=rewriting
        )
        if instead is None:
            return Slip(problem)
        tokens = [*self.tokens[: self.at], *instead, *self.tokens[self.at + 1 :]]
        return Slip(problem, tokens)


def explain(source: Source, tokens: Sequence[Token], error: UnexpectedInput) -> Slip:
    """What is wrong with a statement where the grammar does not know it."""
    ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    offset = error.pos_in_stream or 0
    at = next((i for i, each in enumerate(tokens) if each.start >= offset), len(tokens))
    state = getattr(error, "interactive_parser", None)
    expected = set(state.accepts()) if state else set()
    if ended or at == len(tokens):
        return Slip(_breaks_off(source, tokens[-1]))
    place = _Place(source, tokens, at, expected)
    return next(slip for rule in _RULES if (slip := rule(place)) is not None)


def _breaks_off(source: Source, last: Token) -> Problem:
    span = Span(source, last.start, last.end)
    what = f"the statement breaks off behind `{last.text[:40]}`"
    return SyntaxProblem(span, what=what, expected="something is missing behind it")


# ---- a rule for each kind of mistake, the particular ones first


def _no_end_of_text(place: _Place) -> Slip | None:
    here = place.here
    if here.kind != "open":
        return None
    problem = UnclosedText(Span(place.source, here.start, here.end), quote=here.text[0])
    if "STRING" not in place.expected:
        way_out = f"a text stands between two quotes: {here.text[0]}relu{here.text[0]}"
        return place.slip("this quote has no partner", way_out=way_out)
    text = Token("string", f"'{here.text[1:]}'", here.start, here.end)
    return Slip(problem, [*place.tokens[: place.at], text, *place.tokens[place.at + 1 :]])


def _no_number(place: _Place) -> Slip | None:
    here = place.here
    if here.kind != "digits":
        return None
    digits = re.match(r"\d+(\.\d+)?", here.text)
    way_out = f"write `{digits[0]}`" if digits else "write it in decimal digits"
    number = Token("number", digits[0] if digits else "0", here.start, here.end)
    what = f"`{here.text[:40]}` is no number"
    return place.slip(what, way_out=way_out, instead=[number])


def _dots(place: _Place) -> Slip | None:
    before = place.before
    found = next((each for each in (before, place.here) if each and each.text in _DOTS), None)
    if found is None:
        return None
    way_out = "write out what was left out there"
    return place.slip(f"`{found.text}` stands for something that is left out", way_out=way_out)


def _no_comma(place: _Place) -> Slip | None:
    before, here = place.before, place.here
    if "COMMA" not in place.expected or before is None or here.kind not in _STARTS:
        return None
    behind = (before.end, before.end, ",")
    if "RBRACE" in place.expected and place.kind(1) != ":" and here.kind != "word":
        return None
    if not {"RBRACE", "RSQB", "RPAR"} & place.expected:
        return None
    comma = Token(",", ",", before.end, before.end)
    what = f"a `,` is missing before `{here.text[:40]}`"
    if before.kind == "string" and here.kind == "word" and re.search("[:,]", before.text):
        return place.slip(what, way_out=f"or a quote is missing in {before.text[:40]}")
    is_sure = here.on_new_line or place.kind(1) == ":"
    return place.slip(what, fix=behind if is_sure else None, instead=[comma, here])


def _no_colon(place: _Place) -> Slip | None:
    here, before = place.here, place.before
    if "COLON" not in place.expected or before is None or "COMPARE" in place.expected:
        return None
    colon = Token(":", ":", here.start, here.end)
    what = f"`{before.text[:40]}` and its value are joined with `:`"
    if here.kind in ("=", "=>", "->"):
        return place.slip(what, fix=(here.start, here.end, ":"), instead=[colon])
    if here.kind in ("number", "string", "{", "["):
        behind = (before.end, before.end, ":")
        return place.slip(what, fix=behind, instead=[colon, here])
    return None


def _two_words(place: _Place) -> Slip | None:
    here, before = place.here, place.before
    if before is None or (before.kind, here.kind) != ("word", "word") or here.on_new_line:
        return None
    if place.kind(1) == ":" and place.kind(-2) not in ("{", ","):
        return None
    if before.text in ("get", "set", "async", "static"):
        return place.slip(f"`{before.text} {here.text[:40]}` is code", way_out="write the value")
    way_out = f"a name is one word: `{before.text[:40]}_{here.text[:40]}`"
    return place.slip(f"`{here.text[:40]}` cannot stand here", way_out=way_out)


def _wrong_separator(place: _Place) -> Slip | None:
    here = place.here
    if here.kind not in (";", ":") or "COMMA" not in place.expected:
        return None
    if here.kind == ";" and place.expected & {"RBRACE", "RSQB", "RPAR"}:
        comma = Token(",", ",", here.start, here.end)
        what = "values are parted with `,` inside brackets"
        return place.slip(what, fix=(here.start, here.end, ","), instead=[comma])
    if "EQUAL" in place.expected and place.before is not None:
        return place.slip("a variable is given its value with `=`")
    return None


def _two_commas(place: _Place) -> Slip | None:
    here = place.here
    if here.kind != "," or place.kind(-1) not in (",", "{", "[", "("):
        return None
    way_out = "a value is missing before it, or the `,` is too many"
    return place.slip("this `,` has nothing before it", way_out=way_out, instead=())


def _no_value(place: _Place) -> Slip | None:
    here = place.here
    if here.kind not in (",", "}", ")", "]", ";") or not place.expected >= _VALUES:
        return None
    before = place.before.text[:40] if place.before else ""
    zero = Token("number", "0", here.start, here.start)
    return place.slip(f"a value is missing behind `{before}`", instead=[zero, here])


def _no_round_bracket(place: _Place) -> Slip | None:
    if place.here.kind != "{" or place.before is None or place.before.kind != "word":
        return None
    way_out = f"what is given to `{place.before.text[:40]}` stands in round brackets: `({{...}})`"
    return place.slip("a `(` is missing here", way_out=way_out)


def _reserved(place: _Place) -> Slip | None:
    here = place.here
    if here.kind != "word" or here.text not in RESERVED or "NAME" not in place.expected:
        return None
    what = f"`{here.text}` is a word of JavaScript, and cannot be a name"
    name = Token("word", f"{here.text}_", here.start, here.end)
    return place.slip(what, way_out="choose another name", instead=[name])


def _anything(place: _Place) -> Slip | None:
    text = place.here.text[:40]
    what = f"`{text}` cannot stand here"
    if not text.isprintable():
        what = f"the invisible character U+{ord(text[0]):04X} cannot stand here"
    wanted = [mark for name, mark in _SHOWN if name in place.expected]
    expected = f"expected {' or '.join(wanted)}" if wanted else ""
    if place.expected >= _VALUES:
        expected = "expected a value"
    return place.slip(what, expected=expected)


_SHOWN = (
    ("COMMA", "`,`"),
    ("RBRACE", "`}`"),
    ("RSQB", "`]`"),
    ("RPAR", "`)`"),
    ("COLON", "`:`"),
)
_RULES: tuple[Callable[[_Place], Slip | None], ...] = (
    _no_end_of_text,
    _no_number,
    _dots,
    _two_commas,
    _wrong_separator,
    _two_words,
    _no_colon,
    _no_comma,
    _no_value,
    _no_round_bracket,
    _reserved,
    _anything,
)
