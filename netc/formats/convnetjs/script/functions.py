"""The functions of a script: what each may change, also of what it is given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from netc.formats.convnetjs.script.tokens import CLOSES, OPENS, Token
from netc.formats.convnetjs.script.touched import Touch, partners_of, touched

_MOST_FOLLOWED = 50_000
"""Calls that are followed in a script; beyond them no person has written it."""
_DECLARE = frozenset(("var", "let", "const"))


@dataclass(frozen=True)
class _Body:
    """What a function changes around it, which of its parameters it changes inside, counted from
    0, and the words in it, which may be calls of others."""

    changed: tuple[Touch, ...]
    parameters: frozenset[int]
    words: frozenset[str]


class Functions:
    """The functions of a script by name, with what each may change."""

    def __init__(self) -> None:
        self._followed = 0
        self._bodies: dict[str, _Body] = {}
        self._takers = set[str]()  # those that change what they are given

    def add(self, tokens: Sequence[Token]) -> bool:
        """Keep a function that is declared, or given to a variable; False where it is neither."""
        name = _declared(tokens)
        if name is None:
            return False
        start, end = (0, 0) if tokens[0].text == "class" else _parameters(tokens)
        self._add(name, tokens[start:end], tokens[end:])
        return True

    def add_method(self, name: str, parameters: Sequence[Token], body: Sequence[Token]) -> None:
        """Keep what `this.name()` does."""
        if f"this.{name}" not in self._bodies:
            self._add(f"this.{name}", parameters, body)

    def _add(self, name: str, parameters: Sequence[Token], body: Sequence[Token]) -> None:
        given = [part[0].text if part else "" for part in parts_of(parameters)]
        own = {word.text for declare, word in pairwise(body) if declare.text in _DECLARE}
        touches = touched(body)
        changed = tuple(touch for touch in touches if touch.token.text not in {name, *own, *given})
        inside = {touch.token.text for touch in touches if touch.inside}
        positions = frozenset(at for at, word in enumerate(given) if word in inside)
        words = frozenset(words_of(body) - {name})
        if positions:
            self._takers.add(name)
        self._bodies[name] = _Body(changed, positions, words)

    def changed_by(self, words: set[str]) -> Iterator[Touch]:
        """What may be changed where these words stand, also by functions that call others."""
        waiting, seen = sorted(words & self._bodies.keys()), set[str]()
        while waiting and self._followed < _MOST_FOLLOWED:
            self._followed += 1
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                yield from self._bodies[name].changed
                waiting += sorted(self._bodies[name].words & self._bodies.keys())

    def changed_in_calls(self, tokens: Sequence[Token]) -> Iterator[Touch]:
        """What functions are given here that they change."""
        partners = partners_of(tokens) if self._takers & words_of(tokens) else {}
        for at, token in enumerate(tokens[:-1] if partners else ()):
            if token.kind != "word" or tokens[at + 1].kind != "(":
                continue
            is_method = at > 1 and [each.text for each in tokens[at - 2 : at]] == ["this", "."]
            body = self._bodies.get(f"this.{token.text}" if is_method else token.text)
            if body is None or not body.parameters:
                continue
            end = partners.get(at + 1, at + 2)
            for position, part in enumerate(parts_of(tokens[at + 2 : end])):
                if position in body.parameters and part and part[0].kind == "word":
                    path = tuple(each.text for each in part[2::2] if each.kind == "word")
                    yield Touch(part[0], path, True)

    def __iter__(self) -> Iterator[str]:
        return iter(self._bodies)


def words_of(tokens: Sequence[Token], this: frozenset[str] = frozenset(("this",))) -> set[str]:
    """The words of a piece of code, and those behind `this.`, which may have other names."""
    found = {token.text for token in tokens if token.kind == "word"}
    if found & this:
        triples = zip(tokens, tokens[1:], tokens[2:], strict=False)
        found |= {f"this.{c.text}" for a, b, c in triples if a.text in this and b.kind == "."}
    return found


def parts_of(tokens: Sequence[Token]) -> list[list[Token]]:
    """What commas part, outside all brackets."""
    parts, depth = list[list[Token]]([[]]), 0
    for token in tokens:
        depth += (token.kind in OPENS) - (token.kind in CLOSES)
        if token.kind == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts if parts[-1] else parts[:-1]


def _parameters(tokens: Sequence[Token]) -> tuple[int, int]:
    """Where the parameters of a function begin and end."""
    for at, token in enumerate(tokens):
        if token.kind == "=>":
            return at - 1, at
        if token.kind == "(":
            return at + 1, partners_of(tokens).get(at, at + 1)
    return 0, 0


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
