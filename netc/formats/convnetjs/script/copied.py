"""What a text loses on its way through slides and documents, put back.

`layer_defs` comes out of a slide as `layer defs`, quotes come out curly and minus signs as dashes.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from netc.diag import Fix, Label, Problem, Source, Span
from netc.formats.convnetjs.script.problems import CopiedText
from netc.formats.convnetjs.script.tokens import DASHES, QUOTES, Token
from netc.formats.convnetjs.words import METHODS, SUGAR, TRAINING, TYPES

_MOST_WORDS = 4
_LONGEST_WORD = 100
_MOST_SHOWN = 5
_SIZES = ("in_sx", "in_sy", "in_depth")
_AGENT = (
    *("tdtrainer_options", "hidden_layer_sizes", "temporal_window", "experience_size"),
    *("start_learn_threshold", "learning_steps_total", "learning_steps_burnin", "epsilon_min"),
    *("epsilon_test_time", "random_action_distribution", "num_inputs", "num_actions"),
    *("num_states", "network_size"),
)
_NAMES = {
    name
    for name in (
        *("layer_defs", "trainer_defs", "layer_type"),
        *_SIZES,
        *_AGENT,
        *SUGAR,
        *TRAINING,
        *(name for options in (*TYPES.values(), *METHODS.values()) for name in options),
    )
    if "_" in name
}
_JOINED = {"makeLayers", "SGDTrainer", "layer_defs", "trainer_defs"}
_INVISIBLE = ("Cf", "Cc")
_MARKS = frozenset("=*+-/%,;:.(){}[]!?")


@dataclass(frozen=True)
class Spot:
    """A part of a text, and how it is meant."""

    start: int
    end: int
    written: str
    meant: str


def mended(text: str, tokens: Sequence[Token]) -> tuple[list[Token], list[Spot]]:
    """The tokens as they are meant, and what was changed for it."""
    made: list[Token] = []
    spots: list[Spot] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        words = _spaced(text, tokens, at) if token.kind == "word" else None
        if words is not None:
            count, name = words
            last = tokens[at + count - 1]
            spot = Spot(token.start, last.end, text[token.start : last.end], name)
            kind, meant = "word", name
        else:
            count, last = 1, token
            kind, meant = _mended(token)
            spot = Spot(token.start, token.end, token.text, meant)
        if kind == token.kind and meant == token.text:
            made.append(token)
        else:
            spots.append(spot)
            if kind:
                made.append(Token(kind, meant, token.start, last.end, token.on_new_line))
        at += count
    return made, spots


def _spaced(text: str, tokens: Sequence[Token], at: int) -> tuple[int, str] | None:
    """How many words from here on are one name, and that name."""
    words = [tokens[at]]
    for token in tokens[at + 1 : at + _MOST_WORDS]:
        if token.kind not in ("word", "number") or token.on_new_line:
            break
        if text[words[-1].end : token.start].strip():
            break
        words.append(token)
    for count in range(len(words), 1, -1):
        parts = [_plain(word.text) for word in words[:count]]
        name = "_".join(part.strip("_") for part in parts)
        if name in _NAMES and _may_be_key(tokens, at, at + count, name):
            return count, name
        if "".join(parts) in _JOINED:
            return count, "".join(parts)
    return None


def _may_be_key(tokens: Sequence[Token], start: int, end: int, name: str) -> bool:
    """`in` is a word of JavaScript, so that `in sx` is a name only where a key stands."""
    if name not in _SIZES:
        return True
    before = tokens[start - 1].kind if start else ""
    after = tokens[end].kind if end < len(tokens) else ""
    return before in ("{", ",", ".") and after in (":", "=")


def _mended(token: Token) -> tuple[str, str]:
    """Kind and text of a token as it is meant; no kind where it is to be left out."""
    kind, text = token.kind, token.text
    if kind == "curly" and (text[0] in QUOTES or text[-1] in QUOTES or text[0] != text[-1]):
        return "string", f"'{text[1:-1]}'"
    if kind == "dashed":
        return "number", "".join("-" if letter in DASHES else letter for letter in text)
    if kind == "word" and len(text) < _LONGEST_WORD and not text.isascii():
        plain = _plain(text)
        return kind, plain if plain.isascii() else text
    if kind == "other":
        return _character(text)
    return kind, text


def _character(text: str) -> tuple[str, str]:
    if text in DASHES:
        return "-", "-"
    if text in "×∗·":
        return "*", "*"
    if unicodedata.category(text) in _INVISIBLE:
        return "", ""
    plain = _plain(text)
    return (plain, plain) if plain in _MARKS else ("other", text)


def _plain(text: str) -> str:
    """A text without ligatures and wide letters."""
    if len(text) > _LONGEST_WORD or text.isascii():
        return text
    return unicodedata.normalize("NFKC", text)


_REASON = "a text that is copied from slides loses its underscores and its straight quotes"


def problem_of(source: Source, spots: Sequence[Spot], *, is_first: bool) -> Problem:
    """One problem for all that was lost in a statement, with one fix; the first says why."""
    first, *others = spots
    parts, at = list[str](), first.start
    for spot in spots:
        parts += (source.text[at : spot.start], spot.meant)
        at = spot.end
    labels = [Label(Span(source, each.start, each.end), f"`{each.meant[:40]}`") for each in others]
    return CopiedText(
        Span(source, first.start, first.end),
        written=first.written[:40],
        meant=first.meant[:40],
        further=tuple(labels[:_MOST_SHOWN]),
        fix=Fix("write it so", Span(source, first.start, at), "".join(parts)),
        reason=_REASON if is_first else "",
    )
