"""Values of a script as nodes, as they are at one moment."""

from netc.diag import Problem, Source, Span
from netc.formats.convnetjs.script.cut import DEEPEST
from netc.formats.convnetjs.script.problems import BadScript, UnknownNumber
from netc.formats.convnetjs.script.values import List, Record, Unknown, Value, noun
from netc.formats.json.nodes import Array, Broken, Constant, Member, Node, Number, Object, String
from netc.formats.problems import TooDeep

_MOST_VALUES = 100_000
_MOST_PROBLEMS = 20


class Freezer:
    """Turns values into nodes; what cannot be one is told of in `problems`, and is `Broken`."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self._source = source
        self._problems = problems
        self._left = _MOST_VALUES
        self._open: list[Value] = []

    def node(self, value: Value, depth: int = 0) -> Node:
        """The value as data, with all that lies in it."""
        self._left -= 1
        if any(value is each for each in self._open):
            what = f"this {noun(value).split()[-1]} holds itself"
            return self._broken(value, BadScript(self._span(value), what=what))
        if depth > DEEPEST:
            return self._broken(value, TooDeep(self._span(value), limit=DEEPEST))
        if self._left < 0:
            what = f"the script makes more than {_MOST_VALUES:,} values"
            return self._broken(value, BadScript(self._span(value), what=what))
        match value:
            case Number(value=number) if number - number != 0:  # infinite, or NaN
                expected = "expected a finite number"
                what = "this number is too large" if number == number else "this is no number"
                return self._broken(value, BadScript(self._span(value), what, expected))
            case String() | Number() | Constant():
                return value
            case List():
                self._tell(*value.hidden)
                return Array(value.start, value.end, tuple(self._items(value, depth + 1)))
            case Record():
                self._tell(*value.hidden)
                return Object(value.start, value.end, tuple(self._members(value, depth + 1)))
            case Unknown(why=None):
                why: Problem = UnknownNumber(self._span(value), origin=value.origin)
                return self._broken(value, why)
            case Unknown():
                assert value.why is not None
                return self._broken(value, value.why)
        what = f"{noun(value)} cannot stand here"
        return self._broken(value, BadScript(self._span(value), what=what))

    def _items(self, value: List, depth: int) -> list[Node]:
        made = []
        self._open.append(value)
        for item in value.items:
            made.append(self.node(item, depth))
            if self._left < 0:
                break
        self._open.pop()
        return made

    def _members(self, value: Record, depth: int) -> list[Member]:
        made = []
        self._open.append(value)
        for key, item in value.members:
            made.append(Member(key, self.node(item, depth)))
            if self._left < 0:
                break
        self._open.pop()
        return made

    def _span(self, value: Value) -> Span:
        return Span(self._source, value.start, value.end)

    def _broken(self, value: Value, problem: Problem) -> Broken:
        self._tell(problem)
        return Broken(value.start, value.end)

    def _tell(self, *problems: Problem) -> None:
        for problem in problems:
            if len(self._problems) < _MOST_PROBLEMS and problem not in self._problems:
                self._problems.append(problem)
