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
_MOST_FOLLOWED = 50_000
"""Calls that are followed in a script; beyond them no person has written it."""

_METHODS = CHANGING | {"push", "makeLayers"}


class Touch(NamedTuple):
    """A variable that is set or changed, or what lies in it: `this.layers` has a path."""

    token: Token
    path: tuple[str, ...] = ()


def touched(tokens: Sequence[Token]) -> Iterator[Touch]:
    """The names that are set or changed, each at its place."""
    partners = _partners(tokens)
    for at, token in enumerate(tokens):
        if token.kind != "word" or (at and tokens[at - 1].kind in (".", "?.")):
            continue
        path = _changed(tokens, at + 1, partners)
        if path is not None:
            yield Touch(token, path)
        elif at and tokens[at - 1].kind in ("++", "--"):
            yield Touch(token)


def _changed(tokens: Sequence[Token], at: int, partners: dict[int, int]) -> tuple[str, ...] | None:
    """Which part of a name is changed by what stands behind it; None where none is."""
    path: list[str] = []
    for _ in range(len(tokens)):
        kind = tokens[at].kind if at < len(tokens) else ""
        if kind in _SETTING:
            return tuple(path)
        if kind == "[" and at in partners:
            at = partners[at] + 1
        elif kind == "." and at + 1 < len(tokens):
            if tokens[at + 1].text in _METHODS:
                is_call = at + 2 < len(tokens) and tokens[at + 2].kind == "("
                return tuple(path) if is_call else None
            path.append(tokens[at + 1].text)
            at += 2
        else:
            return None
    return None


def _partners(tokens: Sequence[Token]) -> dict[int, int]:
    """Where each bracket is closed."""
    found, still_open = dict[int, int](), list[int]()
    for at, token in enumerate(tokens):
        if token.kind in OPENS:
            still_open.append(at)
        elif token.kind in CLOSES and still_open:
            found[still_open.pop()] = at
    return found


class Functions:
    """The functions of a script by name, with what each may change."""

    def __init__(self) -> None:
        self._followed = 0
        self._bodies: dict[str, tuple[list[Touch], set[str]]] = {}

    def add(self, tokens: Sequence[Token]) -> bool:
        """Keep a function that is declared, or given to a variable; False where it is neither."""
        name = _declared(tokens)
        if name is None:
            return False
        changed = [touch for touch in touched(tokens) if touch.token.text != name]
        self._bodies[name] = (changed, words_of(tokens) - {name})
        return True

    def add_method(self, name: str, tokens: Sequence[Token]) -> None:
        """Keep what `this.name()` does."""
        self._bodies.setdefault(f"this.{name}", (list(touched(tokens)), words_of(tokens)))

    def changed_by(self, words: set[str]) -> Iterator[Touch]:
        """What may be changed where these words stand, also by functions that call others."""
        waiting, seen = sorted(words & self._bodies.keys()), set[str]()
        while waiting and self._followed < _MOST_FOLLOWED:
            self._followed += 1
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                changed, inside = self._bodies[name]
                yield from changed
                waiting += sorted(inside & self._bodies.keys())

    def __iter__(self) -> Iterator[str]:
        return iter(self._bodies)


def words_of(tokens: Sequence[Token]) -> set[str]:
    """The words of a piece of code, those behind `this.` once more together with it."""
    found = {token.text for token in tokens if token.kind == "word"}
    if "this" in found:
        triples = zip(tokens, tokens[1:], tokens[2:], strict=False)
        found |= {f"this.{c.text}" for a, b, c in triples if a.text == "this" and b.kind == "."}
    return found


def _declared(tokens: Sequence[Token]) -> str | None:
    """The name of the function that a statement declares or keeps in a variable."""
    texts = [token.text for token in tokens[:5]]
    if texts[:1] == ["async"]:
        texts = texts[1:]
    if texts[:1] == ["function"] and len(texts) > 1 and tokens[1].kind == "word":
        return texts[1]
    if texts[:1] == ["class"] and len(texts) > 1:
        return texts[1]
    if texts and texts[0] in ("var", "let", "const"):
        texts = texts[1:]
    if len(texts) < 3 or texts[1] != "=":
        return None
    is_arrow = any(token.kind == "=>" for token in tokens[:40])
    return texts[0] if texts[2] in ("function", "async") or is_arrow else None
