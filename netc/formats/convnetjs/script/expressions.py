"""What the values in a script are: numbers are computed, and nothing is ever run."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, TypeGuard

from lark import Token

from netc.diag import Fix, Problem, Source, Span, Sure, did_you_mean, is_slip, nearest
from netc.formats.convnetjs.script import library, numbers
from netc.formats.convnetjs.script.branches import Branch, branch_of, is_name, place, word_of
from netc.formats.convnetjs.script.problems import BadScript, UndefinedVariable, UnreadArgument
from netc.formats.convnetjs.script.values import (
    Library,
    List,
    Record,
    Trainer,
    Unknown,
    Value,
    noun,
    placed,
)
from netc.formats.json.nodes import Constant, Number, String

MOST_ITEMS = 100_000
"""Values in a list, or members of an object."""

_WAY_OUT = "write the value itself, or set it above"
_LONGEST_TEXT = 10_000
_FILLED = re.compile(r"\$\{\s*([\w$]+(?:\.[\w$]+)*)\s*\}")
_MOST_COMPARED = 500


class Expressions:
    """Reads the values of a script; what changes them is read by its heir.

    `names` are the variables, `later` where each is set for the first time, and `problems` what
    is wrong whatever the rest says.
    """

    rules: ClassVar[Mapping[str, Callable[[Any, Branch], Value]]] = {}
    """What reads each kind of expression."""

    def __init__(self, source: Source, later: dict[str, Span]) -> None:
        self.source = source
        self.later = later
        self.names: dict[str, Value] = {}
        self.problems: list[Problem] = []
        self._nearest: dict[str, str | None] = {}

    def value(self, tree: Branch) -> Value:
        """What an expression gives."""
        return self.rules[tree.data](self, tree)

    def span(self, tree: Branch | Token) -> Span:
        start, end = place(tree)
        return Span(self.source, start, end)

    # ---- words and numbers

    def _number(self, tree: Branch) -> Value:
        return Number(*place(tree), numbers.number_of(word_of(tree)))

    def _string(self, tree: Branch) -> Value:
        return String(*place(tree), numbers.unquoted(word_of(tree)))

    def _template(self, tree: Branch) -> Value:
        """A text with `${name}` in it, which may also be `${this.name}`."""
        value = self._string(tree)
        if not isinstance(value, String):
            return value
        parts = _FILLED.split(value.value)
        for at in range(1, len(parts), 2):
            owner, *names = parts[at].split(".")
            filled = self.lookup(owner, *place(tree))
            for name in names:
                filled = self._part(tree, filled, name)
            if not isinstance(filled, String | Number):
                return filled if isinstance(filled, Unknown) else Unknown(*place(tree))
            parts[at] = text_of(filled)
        text = "".join(parts)
        known = len(text) <= _LONGEST_TEXT and "${" not in "".join(parts[::2])
        return String(*place(tree), text) if known else Unknown(*place(tree))

    def _constant(self, tree: Branch) -> Value:
        return Constant(*place(tree), {"true": True, "false": False}.get(word_of(tree)))

    def _name(self, tree: Branch) -> Value:
        return self.lookup(word_of(tree), *place(tree))

    def lookup(self, name: str, start: int, end: int) -> Value:
        """What a variable holds."""
        value = self.names.get(name) or library.known(name, start, end)
        if value is None:
            return Unknown(start, end, self._undefined(name, start, end))
        if isinstance(value, Unknown) and _is_argument(value.why, name):
            return Unknown(start, end, replace(value.why, span=Span(self.source, start, end)))
        if isinstance(value, Unknown) and value.why is None and value.origin is None:
            value = replace(value, origin=Span(self.source, value.start, value.end))
        return at(value, start, end)

    def _undefined(self, name: str, start: int, end: int) -> Problem:
        span = Span(self.source, start, end)
        later = self.later.get(name)
        if later and later.start > start:
            return UndefinedVariable(span, None, _WAY_OUT, name=name, later=later)
        near = self._near(name)
        insert = None
        advice = did_you_mean(near) or _WAY_OUT
        if name in ("layer_defs", "trainer_defs") and near is None:
            written = f"var {name} = [];"
            line = self.source.text.rfind("\n", 0, start) + 1
            insert = Fix(f"write `{written}` above", Span(self.source, line, line), f"{written}\n")
            advice = f"write `{written}` above it"
        return UndefinedVariable(span, near, advice, name=name, insert=insert)

    def _near(self, name: str) -> str | None:
        """The variable that may be meant; not looked for in a script full of unknown names."""
        if len(self._nearest) > _MOST_COMPARED or len(self.names) > _MOST_COMPARED:
            return None
        if name not in self._nearest:
            near = nearest(name, self.names)
            is_sure = near is not None and is_slip(name, near, self.names)
            self._nearest[name] = Sure(near) if near and is_sure else near
        return self._nearest[name]

    # ---- what is computed

    def _binary(self, tree: Branch) -> Value:
        left, sign, right = tree.children
        a, b, here = self.value(branch_of(left)), self.value(branch_of(right)), place(tree)
        for unknown in (a, b):
            if isinstance(unknown, Unknown):
                return unknown
        if isinstance(a, Number) and isinstance(b, Number):
            return Number(*here, numbers.compute(str(sign), a.value, b.value))
        if sign == "+" and isinstance(a, String | Number) and isinstance(b, String | Number):
            text = text_of(a) + text_of(b)
            if len(text) <= _LONGEST_TEXT:
                return String(*here, text)
        what = f"`{sign}` takes numbers, and this is {noun(b if isinstance(a, Number) else a)}"
        return self.wrong(tree, what)

    def _unary(self, tree: Branch) -> Value:
        sign, operand = tree.children
        value = self.value(branch_of(operand))
        if isinstance(value, Number):
            number = value.value if sign == "+" else -value.value
            return Number(*place(tree), number)
        if isinstance(value, Unknown):
            return value
        return self.wrong(tree, f"`{sign}` takes a number, and this is {noun(value)}")

    def wrong(self, tree: Branch, what: str, expected: str = "", way_out: str = "") -> Unknown:
        """A value that is none, which is told of where it is used."""
        why = BadScript(self.span(tree), what=what, expected=expected, way_out=way_out)
        return Unknown(*place(tree), why)

    # ---- lists and objects

    def _array(self, tree: Branch) -> Value:
        return List(*place(tree), list(self.items(tree)))

    def items(self, tree: Branch) -> Iterator[Value]:
        for child in tree.children:
            branch = branch_of(child)
            if branch.data != "spread":
                yield self.value(branch)
                continue
            spread = self.value(branch_of(branch.children[0]))
            if isinstance(spread, List):
                yield from spread.items[:MOST_ITEMS]
                yield from (Unknown(*place(branch), why) for why in spread.hidden)
            else:
                yield spread if isinstance(spread, Unknown) else Unknown(*place(branch))

    def _object(self, tree: Branch) -> Value:
        made = Record(*place(tree))
        for child in tree.children:
            branch = branch_of(child)
            if branch.data == "member_of":
                key, value = branch.children
                made.members.append((self._key(branch_of(key)), self.value(branch_of(value))))
            elif branch.data == "shorthand":
                word, here = word_of(branch), place(branch)
                made.members.append((String(*here, word), self.lookup(word, *here)))
            else:
                spread = self.value(branch_of(branch.children[0]))
                made.members += spread.members[:MOST_ITEMS] if isinstance(spread, Record) else []
                made.hidden += spread.hidden if isinstance(spread, Record) else []
        return made

    def _key(self, tree: Branch) -> String:
        token = tree.children[0]
        assert isinstance(token, Token)
        if token.type == "STRING":
            return String(*place(tree), numbers.unquoted(str(token)))
        if token.type == "NUMBER":
            return String(*place(tree), numbers.text_of(numbers.number_of(str(token))))
        return String(*place(tree), str(token))

    # ---- parts

    def _member(self, tree: Branch) -> Value:
        owner, name = tree.children
        here, word = place(tree), str(name)
        if is_name(owner, "Math") and word in numbers.CONSTANTS:
            return Number(*here, numbers.CONSTANTS[word])
        return self._part(tree, self.value(branch_of(owner)), word)

    def _index(self, tree: Branch) -> Value:
        owner, index = (self.value(branch_of(child)) for child in tree.children)
        if isinstance(index, Unknown):
            return index
        if isinstance(owner, List) and owner.hidden:
            return Unknown(*place(tree), owner.hidden[0])
        if isinstance(owner, List) and isinstance(index, Number):
            number = index.value
            if isinstance(number, int) and 0 <= number < len(owner.items):
                return at(owner.items[number], *place(tree))
            return self.wrong(tree, f"the list has {len(owner.items)} values, and no such one")
        if isinstance(index, String | Number):
            return self._part(tree, owner, text_of(index))
        return Unknown(*place(tree))

    def _part(self, tree: Branch, owner: Value, word: str) -> Value:
        here = place(tree)
        if isinstance(owner, List | Record) and owner.hidden:
            return Unknown(*here, owner.hidden[0])
        if isinstance(owner, List) and word == "length":
            return Number(*here, len(owner.items))
        if isinstance(owner, String) and word == "length":
            return Number(*here, len(owner.value.encode("utf-16-le")) // 2)
        if isinstance(owner, Library):
            return Library(*here, word)
        inside = owner.options if isinstance(owner, Trainer) else owner
        if isinstance(inside, Record):
            found = inside.get(word)
            if found is not None:
                return at(found, *here)
            if inside is self.names.get("this"):
                return Unknown(*here)
            return self.wrong(tree, f"this object has no `{word[:40]}`")
        if isinstance(owner, Unknown) and isinstance(owner.why, UnreadArgument):
            why = replace(owner.why, span=self.span(tree), way_out=UnreadArgument.way_out)
            return Unknown(*here, why)
        return replace(owner, end=here[1]) if isinstance(owner, Unknown) else Unknown(*here)


def _is_argument(why: Problem | None, name: str) -> TypeGuard[UnreadArgument]:
    """Whether a variable is a parameter of a function, and not made of one."""
    return isinstance(why, UnreadArgument) and why.name == name


def at(value: Value, start: int, end: int) -> Value:
    """A value at the place where it is used; lists and objects stay where they are written."""
    if isinstance(value, String | Number | Constant | Unknown):
        return placed(value, start, end)
    return value


def text_of(value: String | Number) -> str:
    """What JavaScript joins to a text."""
    return value.value if isinstance(value, String) else numbers.text_of(value.value)
