"""Which variables a piece of code may change that is not read."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from netc.formats.convnetjs.script.library import CHANGING
from netc.formats.convnetjs.script.tokens import CLOSES, OPENS, Token

_SETTING = frozenset(
    (
        *("=", "++", "--", "+=", "-=", "*=", "/=", "%=", "**=", "&&=", "||=", "??="),
        *("<<=", ">>=", ">>>=", "&=", "|=", "^="),
    )
)
_METHODS = CHANGING | {"push", "makeLayers"}
_EACH = frozenset(("map", "forEach", "filter", "some", "every", "find", "findIndex"))
"""Methods of a list that hand each of its values to a function."""
_DECLARE = frozenset(("var", "let", "const"))
_ENDS = frozenset((";", ",", ")", "}", "end"))


class Touch(NamedTuple):
    """A variable that is set or changed, or what lies in it: `this.layers` has a path.

    A value is changed `inside` where its parts are, and every other name for it sees that.
    """

    token: Token
    path: tuple[str, ...] = ()
    inside: bool = False


def touched(tokens: Sequence[Token]) -> list[Touch]:
    """The names that are set or changed, each at its place, and what they are other names for."""
    partners = partners_of(tokens)
    others = _aliases(tokens, partners)
    found = list[Touch]()
    for touch in _touched(tokens, partners):
        found.append(touch)
        other = others.get(touch.token.text)
        if other is not None and touch.inside:
            place = touch.token
            found.append(Touch(_moved(other.token, place), (*other.path, *touch.path), True))
    return found


def _moved(name: Token, place: Token) -> Token:
    return Token(name.kind, name.text, place.start, place.end)


def _touched(tokens: Sequence[Token], partners: dict[int, int]) -> Iterator[Touch]:
    for at, token in enumerate(tokens):
        if token.kind != "word" or (at and tokens[at - 1].kind in (".", "?.")):
            continue
        before = tokens[at - 1] if at else token
        end, path, is_inside = _followed(tokens, at + 1, partners)
        kind = tokens[end].kind if end < len(tokens) else ""
        if kind in _SETTING or before.kind in ("++", "--"):
            yield Touch(token, path, is_inside)
        elif before.text == "delete":
            yield Touch(token, path[:-1] or path, True)
        elif path and path[-1] in _METHODS and kind == "(":
            yield Touch(token, path[:-1], True)


def _followed(
    tokens: Sequence[Token], at: int, partners: dict[int, int]
) -> tuple[int, tuple[str, ...], bool]:
    """Where the parts end that are named behind a name, those by a word, and whether any are."""
    path, start = list[str](), at
    while at < len(tokens):
        if tokens[at].kind == "[" and at in partners and not tokens[at].on_new_line:
            at = partners[at] + 1
        elif tokens[at].kind == "." and at + 1 < len(tokens):
            path.append(tokens[at + 1].text)
            at += 2
        else:
            break
    return at, tuple(path), at > start


# ---- other names


def _aliases(tokens: Sequence[Token], partners: dict[int, int]) -> dict[str, Touch]:
    """Names that stand for another value, or for a part of it, in this piece of code."""
    found: dict[str, Touch] = {}
    openings = {closing: opening for opening, closing in partners.items()}
    for at, token in enumerate(tokens):
        after = tokens[at + 1].text if at + 1 < len(tokens) else ""
        is_each = at and tokens[at - 1].kind == "." and token.text in _EACH
        is_set = after == "=" or (after == "of" and _is_of_loop(tokens, at))
        if token.kind == "word" and is_set:
            _add(found, token, tokens, at + 2, partners)
        elif is_each and after == "(":
            _add_each(found, tokens, at, openings)
    return found


def _add(
    found: dict[str, Touch],
    name: Token,
    tokens: Sequence[Token],
    at: int,
    partners: dict[int, int],
) -> None:
    """Enter what a name stands for, if that is a variable or a part of one."""
    if at >= len(tokens) or tokens[at].kind != "word":
        return
    end, path, _ = _followed(tokens, at + 1, partners)
    ends_here = end >= len(tokens) or tokens[end].kind in _ENDS or tokens[end].on_new_line
    if ends_here and tokens[at].text != name.text:
        other = found.get(tokens[at].text)
        token = other.token if other else tokens[at]
        found[name.text] = Touch(token, (*other.path, *path) if other else path)


def _is_of_loop(tokens: Sequence[Token], at: int) -> bool:
    start = at - 1 if at and tokens[at - 1].text in _DECLARE else at
    return start > 1 and tokens[start - 1].kind == "(" and tokens[start - 2].text == "for"


def _add_each(
    found: dict[str, Touch], tokens: Sequence[Token], at: int, openings: dict[int, int]
) -> None:
    """Enter the parameter of a function that is handed each value of a list."""
    words = (each for each in tokens[at + 2 : at + 8] if each.text not in ("async", "function"))
    parameter = next((each for each in words if each.kind == "word"), None)
    path, start = list[str](), at - 1
    while start > 0 and tokens[start].kind == ".":
        if start - 1 in openings:  # what a method of a list gives has the same values
            path, start = [], openings[start - 1]
        else:
            path.insert(0, tokens[start - 1].text)
        start -= 2
    if parameter is not None and path:
        name, *rest = path
        found[parameter.text] = Touch(Token("word", name, 0, 0), tuple(rest))


def partners_of(tokens: Sequence[Token]) -> dict[int, int]:
    """Where each bracket is closed."""
    found, still_open = dict[int, int](), list[int]()
    for at, token in enumerate(tokens):
        if token.kind in OPENS:
            still_open.append(at)
        elif token.kind in CLOSES and still_open:
            found[still_open.pop()] = at
    return found
