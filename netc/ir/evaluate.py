"""Expressions turned into the constants they stand for."""

from collections.abc import Mapping

from netc import spec
from netc.diag import Problem, quoted
from netc.ir.attributes import ATTRIBUTES, asks_for, attribute, open_size
from netc.ir.constants import Constant, described, is_number, literal, shown
from netc.ir.frame import Frame
from netc.ir.functions import FUNCTIONS, Unfit
from netc.ir.meant import advise, meant
from netc.ir.operators import Refused, binary, bounded, equal, unary
from netc.ir.problems import (
    BadIndex,
    NotIndexed,
    OpenSize,
    UnknownAttribute,
    UnknownName,
    UnknownValue,
    WrongArguments,
    WrongCondition,
)
from netc.ir.refuse import unknown_function
from netc.ir.scope import Value
from netc.sizes import Undecided


class Evaluator:
    """Evaluates expressions of one frame. A result of None means: wrong, and that has been said."""

    def __init__(self, problems: list[Problem], frame: Frame) -> None:
        self._problems = problems
        self._frame = frame

    def constant(self, written: spec.Value) -> Constant | None:
        """The constant that an expression stands for."""
        try:
            return self._constant(written)
        except Refused as refused:
            self._problems.append(refused.problem)
        except _Poisoned:
            pass
        return None

    def condition(self, written: spec.Value) -> bool | None:
        """The value of an expression that must be true or false."""
        value = self.constant(written)
        if value is None or isinstance(value, bool):
            return value
        self._problems.append(_no_condition(written, value))
        return None

    def resolved(self, written: spec.Value, *, words: bool = True) -> spec.Value | None:
        """The value of an option with every expression in it worked out.

        Calls that are no function, and with `words` the words that are no constant, stay as they
        are: they are the choices and kinds of the option.
        """
        if isinstance(written, spec.Number | spec.Text | spec.Boolean):
            return written
        if isinstance(written, spec.Name) and words and not self._is_constant(written):
            return written
        if isinstance(written, spec.Call) and written.type.text not in FUNCTIONS:
            return self._resolved_call(written)
        if isinstance(written, spec.List):
            items = [self.resolved(item, words=words) for item in written.items]
            known = tuple(item for item in items if item is not None)
            return spec.List(known, written.span) if len(known) == len(items) else None
        value = self.constant(written)
        return None if value is None else literal(value, written.span)

    def _is_constant(self, name: spec.Name) -> bool:
        return self._frame.scope.is_constant(name.text)

    def _resolved_call(self, call: spec.Call) -> spec.Call | None:
        arguments: list[spec.Argument] = []
        for argument in call.arguments:
            if isinstance(argument.value, spec.Chain):
                return call
            value = self.resolved(argument.value)
            if value is None:
                return None
            arguments.append(spec.Argument(argument.name, value, argument.span))
        return spec.Call(call.type, tuple(arguments), call.span)

    # ---- one kind of expression each; what is wrong is raised, and said once at the top

    def _constant(self, written: spec.Value) -> Constant:
        match written:
            case spec.Number() | spec.Text() | spec.Boolean():
                return written.value
            case spec.Name():
                return self._name(written)
            case spec.List():
                items = tuple(self._constant(item) for item in written.items)
                return bounded(items, written.span)
            case spec.Table():
                return self._table(written)
            case spec.Unary():
                return unary(written.operator.text, self._constant(written.operand), written.span)
            case spec.Binary():
                return self._binary(written)
            case spec.Conditional():
                return self._conditional(written)
            case spec.Index():
                return self._index(written)
            case spec.Attribute():
                return self._attribute(written)
            case spec.Call():
                return self._call(written)

    def _name(self, name: spec.Name) -> Constant:
        scope = self._frame.scope
        if scope.is_constant(name.text):
            return _known(scope.constant(name.text))
        raise Refused(self._unknown(name))

    def _unknown(self, name: spec.Name) -> Problem:
        scope = self._frame.scope
        known = scope.all_constants()
        near = meant(name.text, known)
        if scope.value(name.text) is not None:
            otherwise = f"`{name.text}` is a value; its sizes can be asked: `{name.text}.channels`"
        elif scope.is_later(name.text):
            near, otherwise = None, "it is named further on, and known only from there"
        elif (question := self._open_size(name.text)) is not None:
            near, otherwise = None, open_size(question)
        elif self._frame.kind == "block" and scope.outer is not None:
            otherwise = "a block sees only its parameters and the `let` lines outside all sections"
        elif known:
            otherwise = f"the constants here are {quoted(known[:8])}; a text stands in quotes"
        else:
            otherwise = f"name it with `let {name.text} = ...`; a text stands in quotes"
        advice = advise(name.text, near, otherwise)
        return UnknownName(name.span, near=near, advice=advice, name=name.text)

    def _open_size(self, size: str) -> str | None:
        """How to ask for an open size of this name, if an input has it."""
        found = ((name, self._frame.scope.value(name)) for name in self._frame.scope.all_values())
        asked = (asks_for(n, value.type, size) for n, value in found if value and value.type)
        return next((question for question in asked if question), None)

    def _table(self, table: spec.Table) -> Constant:
        made: dict[Constant, Constant] = {}
        for entry in table.entries:
            key = self._constant(entry.key)
            if isinstance(key, Mapping | tuple):
                raise Refused(
                    WrongArguments(
                        entry.key.span,
                        function="{ }",
                        takes="numbers, texts, true and false as keys",
                        detail=f"this is {described(key)}",
                    )
                )
            if key in made:
                raise Refused(
                    WrongArguments(
                        entry.key.span,
                        function="{ }",
                        takes="every key once",
                        detail=f"{shown(key)} is a key already",
                    )
                )
            made[key] = self._constant(entry.value)
        return bounded(made, table.span)

    def _binary(self, written: spec.Binary) -> Constant:
        word, left = written.operator.text, self._constant(written.left)
        if word in ("and", "or"):
            if not isinstance(left, bool):
                raise Refused(_no_condition(written.left, left))
            if left == (word == "or"):
                return left
            right = self._constant(written.right)
            if not isinstance(right, bool):
                raise Refused(_no_condition(written.right, right))
            return right
        right = self._constant(written.right)
        return binary(word, left, right, written.span, written.right.span)

    def _conditional(self, written: spec.Conditional) -> Constant:
        condition = self._constant(written.condition)
        if not isinstance(condition, bool):
            raise Refused(_no_condition(written.condition, condition))
        return self._constant(written.chosen if condition else written.otherwise)

    def _index(self, written: spec.Index) -> Constant:
        value, index = self._constant(written.value), self._constant(written.index)
        if isinstance(value, Mapping):
            for key, entry in value.items():
                if equal(key, index):
                    return entry
            keys = ", ".join(map(shown, value))
            if isinstance(index, str) and index in map(shown, value):
                keys += f"; write {index} without quotes"
            raise Refused(
                _no_entry(
                    written,
                    "table",
                    index,
                    f"the keys are {keys}" if keys else "the table is empty",
                )
            )
        if not isinstance(value, tuple):
            found = shown(value)[:40]
            raise Refused(NotIndexed(written.value.span, what=described(value), found=found))
        if type(index) is int and -len(value) <= index < len(value):
            return value[index]
        last = len(value) - 1
        places = f"the places are 0 to {last}" if last > 0 else "the only place is 0"
        places = places if value else "the list is empty"
        raise Refused(_no_entry(written, "list", index, places))

    def _attribute(self, written: spec.Attribute) -> Constant:
        value, word = self._asked(written), written.name.text
        if value.type is None:
            raise _Poisoned
        found = attribute(value.type, word)
        if found is None:
            of = f"this value is {value.type}"
            answered = [known for known in ATTRIBUTES if attribute(value.type, known) is not None]
            near = None if word in ATTRIBUTES else meant(word, answered)
            advice = advise(word, near, f"it has {quoted(answered)}")
            raise Refused(
                UnknownAttribute(
                    written.name.span,
                    near=near,
                    advice=advice,
                    value=_text(written.value),
                    name=word,
                    detail=of,
                )
            )
        return found

    def _asked(self, written: spec.Attribute) -> Value:
        """The value whose attribute is asked for."""
        name = spec.dotted(written.value)
        if name is not None and name.text == "in":
            if self._frame.current:
                value = self._frame.current[0]
                if value.wrong is not None:
                    raise Refused(value.wrong)
                return value
            raise Refused(
                UnknownValue(name.span, near=None, advice="nothing flows in here", name="in")
            )
        found = self._frame.scope.value(name.text) if name else None
        if found is not None:
            return found
        word = _text(written.value)
        if name is None or self._is_constant(name):
            kind = described(self._constant(written.value))
            raise Refused(
                UnknownAttribute(
                    written.name.span,
                    near=None,
                    advice="only values, and `in`, can be asked",
                    value=word,
                    name=written.name.text,
                    detail=f"`{word}` is {kind}",
                )
            )
        values = self._frame.scope.all_values()
        near = meant(word, values)
        advice = advise(word, near, f"the values so far are {quoted(values[-8:])}")
        raise Refused(UnknownValue(written.value.span, near=near, advice=advice, name=word))

    def _call(self, call: spec.Call) -> Constant:
        name = call.type.text
        if name not in FUNCTIONS:
            raise Refused(unknown_function(call.type))
        function = FUNCTIONS[name]
        values = []
        for argument in call.arguments:
            if argument.name is not None or isinstance(argument.value, spec.Chain):
                raise Refused(
                    WrongArguments(
                        argument.span,
                        function=name,
                        takes=function.takes,
                        detail="this is no constant",
                    )
                )
            values.append(self._constant(argument.value))
        try:
            return function.call(*values)
        except Unfit as unfit:
            raise Refused(
                WrongArguments(call.span, function=name, takes=function.takes, detail=str(unfit))
            ) from None
        except Undecided as reject:
            raise Refused(OpenSize(call.span, reject.reason, reject.help)) from None


class _Poisoned(Exception):
    """The expression is made of something that was wrong, and was said to be."""


def _known(value: Constant | None) -> Constant:
    if value is None:
        raise _Poisoned
    return value


def _no_condition(written: spec.Value, value: Constant) -> Problem:
    way_out = f"compare it with something: `{_text(written)} > 0`" if is_number(value) else ""
    return WrongCondition(written.span, found=described(value), way_out=way_out)


def _no_entry(written: spec.Index, what: str, index: Constant, way_out: str) -> Problem:
    detail = f"this is {shown(index)}"
    noun = "key" if what == "table" else "place"
    return BadIndex(
        written.index.span,
        index=f"{noun} {shown(index)}",
        what=what,
        detail=f"no such {noun}" if isinstance(written.index, spec.Number | spec.Text) else detail,
        way_out=way_out,
    )


def _text(written: spec.Value) -> str:
    span = written.span
    return " ".join(span.source.text[span.start : span.end].split())[:60]
