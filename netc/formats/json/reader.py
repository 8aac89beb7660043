"""What every part of the reader leans on: places, problems, and objects read by their forms."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from netc.diag import Problem, Source, Span, Sure, did_you_mean, is_slip, listed, nearest, quoted
from netc.formats.json.forms import FILE, KINDS, Form, Key
from netc.formats.json.nodes import (
    Array,
    Broken,
    Constant,
    Member,
    Node,
    Number,
    Object,
    Piece,
    String,
)
from netc.formats.json.problems import BadJson, MissingKey, RepeatedKey, UnknownKey
from netc.formats.problems import TooDeep
from netc.spec import RESERVED

DEEPEST = 50
"""Bodies, calls and lists that may lie in each other, as many as brackets in a `.net` file."""

NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
Taker = TypeVar("Taker", bound=Callable[["Reader", Any], Any])
TAKERS: dict[str, Callable[["Reader", Any], Any]] = {}
"""How a value of each kind is read; None where it is wrong, after saying so."""


def takes(kind: str) -> Callable[[Taker], Taker]:
    """Enter a function as the one that reads values of a kind."""

    def define(function: Taker) -> Taker:
        TAKERS[kind] = function
        return function

    return define


def is_name(text: str) -> bool:
    """Whether a text can be the name of anything."""
    return NAME.fullmatch(text) is not None and text not in RESERVED


def is_path(text: str) -> bool:
    """Whether a text is a name, or names with dots between them."""
    return all(map(is_name, text.split(".")))


class Reader:
    """Reads the nodes of one source; collects what is wrong with them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.depth = 0

    # ---- places

    def span(self, piece: Piece) -> Span:
        return piece.span(self.source)

    def inside(self, string: String) -> Span:
        return string.inside(self.source)

    def whole(self, member: Member) -> Span:
        """A key with its value."""
        return Span(self.source, member.key.start, member.value.end)

    @contextmanager
    def deeper(self, piece: Piece) -> Iterator[bool]:
        """Whether it may go one level deeper here."""
        self.depth += 1
        if self.depth == DEEPEST + 1:
            place = Span(self.source, piece.start, piece.start + 1)
            self.problems.append(TooDeep(place, limit=DEEPEST))
        yield self.depth <= DEEPEST
        self.depth -= 1

    # ---- values

    def take(self, kind: str, node: Node) -> Any:
        """The value of a node as one of a kind, or None when it is wrong."""
        return None if isinstance(node, Broken) else TAKERS[kind](self, node)

    def wrong(self, node: Piece, kind: str, way_out: str = "") -> None:
        """Say that a node is not of this kind."""
        self.bad(node, f"{found(node)} cannot stand here", f"expected {KINDS[kind]}", way_out)

    def bad(
        self, node: Piece, what: str, expected: str = "", way_out: str = "", instead: str = ""
    ) -> None:
        problem = BadJson(
            self.span(node), what=what, expected=expected, way_out=way_out, instead=instead
        )
        self.problems.append(problem)

    def items(self, kind: str, node: Node, item: Callable[[Node], Any]) -> tuple[Any, ...] | None:
        """Each item of an array, wrong ones left out; None when it is no array."""
        if not isinstance(node, Array):
            self.wrong(node, kind)
            return None
        made: list[Any] = []
        for each in node.items:
            if not isinstance(each, Broken):
                made.append(item(each))
        return tuple(one for one in made if one is not None)

    # ---- objects

    def form(self, node: Object, form: Form) -> dict[str, Any] | None:
        """The values of an object by their keys; None when the object is wrong."""
        before = len(self.problems)
        members = self.members(node)
        for key, member in members.items():
            if key not in form.by_name:
                advice = _ELSEWHERE.get(key, "") if form is FILE else ""
                self.unknown(member.key, form.noun, form.by_name, advice)
        self.complete(node, form, members)
        values = {
            k: self.take(form.by_name[k].takes, m.value)
            for k, m in members.items()
            if k in form.by_name
        }
        return values if len(self.problems) == before else None

    def members(self, node: Object) -> dict[str, Member]:
        """The members of an object by their keys, the first of a key."""
        found: dict[str, Member] = {}
        for member in node.members:
            key = member.key.value
            if key in found:
                span, first = self.inside(member.key), self.inside(found[key].key)
                self.problems.append(RepeatedKey(span, key=key, first=first))
            else:
                found[key] = member
        return found

    def complete(self, node: Object, form: Form, members: dict[str, Member]) -> None:
        """Say which keys are missing, and which cannot stand beside each other."""
        chosen = self._choice(node, form, members)
        offered = {key for choice in form.choices for key in choice}
        for key in form.keys:
            wanted = key.name in chosen if key.name in offered else not key.is_optional
            if wanted and key.name not in members:
                self._missing(node, form, (key,))

    def _choice(self, node: Object, form: Form, members: dict[str, Member]) -> tuple[str, ...]:
        given = [choice for choice in form.choices if members.keys() & set(choice)]
        given = [choice for choice in given if choice != (form.beside,)] or given
        if form.choices and not given:
            keys = [tuple(form.by_name[k] for k in choice) for choice in form.choices]
            self._missing(node, form, keys[0], *keys[1:])
            return ()
        for other in given[1:]:
            first, second = sorted(
                (members[next(k for k in choice if k in members)] for choice in (given[0], other)),
                key=lambda member: member.key.start,
            )
            what = f"`{second.key.value}` cannot stand beside `{first.key.value}`"
            self.bad(second.key, what, "", "keep one of the two")
        return given[0] if len(given) == 1 else ()

    def _missing(self, node: Object, form: Form, *choices: Sequence[Key]) -> None:
        keys = listed((listed((f"`{k.name}`" for k in c), "and") for c in choices), "or")
        first = choices[0][0]
        doc = first.doc[:1].lower() + first.doc[1:].rstrip(".")
        example = f'`"{first.name}": {first.example}`'
        place = self._telling(node, form)
        problem = MissingKey(place, noun=form.noun, keys=keys, example=example, doc=doc)
        self.problems.append(problem)

    def _telling(self, node: Object, form: Form) -> Span:
        """The key that says what an object is, or its bracket when there is none."""
        names = form.by_name
        told = next((m.key for m in node.members if m.key.value in names), None)
        return self.inside(told) if told else Span(self.source, node.start, node.start + 1)

    def unknown(self, key: String, noun: str, known: Collection[str], advice: str = "") -> None:
        """Say that no key is called so; `advice` where more is known than the nearest one."""
        near = None if advice else nearest(key.value, known)
        if near is not None and is_slip(key.value, near, known):
            near = Sure(near)
        advice = advice or did_you_mean(near) or f"its keys are {quoted(known)}"
        self.problems.append(
            UnknownKey(self.inside(key), near=near, advice=advice, noun=noun, key=key.value[:60])
        )


_ELSEWHERE = {
    "layers": 'a list of layers stands alone, without an object around it: `[{"type": ...}]`',
    "layer_defs": 'a list of layers stands alone, without an object around it: `[{"type": ...}]`',
    "body": '`body` belongs into `net`: `{"net": {"name": "my_net", "body": [...]}}`',
    "name": '`name` belongs into `net`: `{"net": {"name": "my_net", "body": [...]}}`',
}


def found(node: Piece) -> str:
    """What a node is, in words."""
    match node:
        case String(value=text):
            return f'`"{text[:40]}"`'
        case Number(value=value):
            return f"the number {value:g}" if abs(value) < 1e15 else "a number"
        case Constant(value=value):
            return {True: "`true`", False: "`false`", None: "`null`"}[value]
        case Array():
            return "a list"
        case _:
            return "an object"
