"""Expressions turned into the constants they stand for."""

from collections.abc import Mapping

from netc import spec
from netc.diag import Problem, Span
from netc.ir.attributes import attribute
from netc.ir.constants import Constant, described, extent, literal, shown
from netc.ir.frame import Frame
from netc.ir.functions import FUNCTIONS, Unfit
from netc.ir.no_value import (
    no_attributes,
    no_condition,
    no_entry,
    unknown_attribute,
    unknown_constant,
    unknown_value,
    wrong_key,
)
from netc.ir.operators import Refused, binary, bounded, equal, unary
from netc.ir.problems import OpenSize, TooMuch, UnknownValue, WrongArguments
from netc.ir.refuse import unknown_function
from netc.ir.scope import Value
from netc.sizes import Undecided

MOST_ITEMS = 3_000_000
"""Items of lists and letters of texts that the expressions of a net may go through in all."""


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
        self._problems.append(no_condition(written, value))
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
        if value is None:
            return None
        try:
            self._weigh(written.span, value)
        except Refused as refused:
            self._problems.append(refused.problem)
            return None
        return literal(value, written.span)

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
        if self._frame.scope.work.items > MOST_ITEMS:
            raise _Poisoned
        match written:
            case spec.Number() | spec.Text() | spec.Boolean():
                return written.value
            case spec.Name():
                return self._name(written)
            case spec.List():
                items = tuple(self._constant(item) for item in written.items)
                self._weigh(written.span, items)
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

    def _weigh(self, span: Span, *values: Constant) -> None:
        """Count the items that an operation goes through; a problem where they are too many."""
        work = self._frame.scope.work
        work.items += sum(extent(v) for v in values if isinstance(v, str | tuple | Mapping))
        if work.items > MOST_ITEMS:
            limit = f"{MOST_ITEMS:_} items gone through by its expressions"
            raise Refused(TooMuch(span, limit=limit, detail="at this expression"))

    def _name(self, name: spec.Name) -> Constant:
        scope = self._frame.scope
        if scope.is_constant(name.text):
            return _known(scope.constant(name.text))
        raise Refused(unknown_constant(name, self._frame))

    def _table(self, table: spec.Table) -> Constant:
        made: dict[Constant, Constant] = {}
        for entry in table.entries:
            key = self._constant(entry.key)
            if isinstance(key, Mapping | tuple):
                takes = "numbers, texts, true and false as keys"
                raise Refused(wrong_key(entry.key, takes, f"this is {described(key)}"))
            if key in made:
                detail = f"{shown(key)} is a key already"
                raise Refused(wrong_key(entry.key, "every key once", detail))
            made[key] = self._constant(entry.value)
        return bounded(made, table.span)

    def _binary(self, written: spec.Binary) -> Constant:
        word, left = written.operator.text, self._constant(written.left)
        if word in ("and", "or"):
            if not isinstance(left, bool):
                raise Refused(no_condition(written.left, left))
            if left == (word == "or"):
                return left
            right = self._constant(written.right)
            if not isinstance(right, bool):
                raise Refused(no_condition(written.right, right))
            return right
        right = self._constant(written.right)
        self._weigh(written.span, left, right)
        return binary(word, left, right, written.span, written.right.span)

    def _conditional(self, written: spec.Conditional) -> Constant:
        condition = self._constant(written.condition)
        if not isinstance(condition, bool):
            raise Refused(no_condition(written.condition, condition))
        return self._constant(written.chosen if condition else written.otherwise)

    def _index(self, written: spec.Index) -> Constant:
        value, index = self._constant(written.value), self._constant(written.index)
        if isinstance(value, Mapping):
            for key, entry in value.items():
                if equal(key, index):
                    return entry
        elif isinstance(value, tuple) and type(index) is int and -len(value) <= index < len(value):
            return value[index]
        raise Refused(no_entry(written, value, index))

    def _attribute(self, written: spec.Attribute) -> Constant:
        value, word = self._asked(written), written.name.text
        if value.type is None:
            raise _Poisoned
        found = attribute(value.type, word)
        if found is None:
            raise Refused(unknown_attribute(written, value.type))
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
        if name is None or self._is_constant(name):
            raise Refused(no_attributes(written, self._constant(written.value)))
        raise Refused(unknown_value(written.value, self._frame))

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
            result = function.call(*values)
            self._weigh(call.span, result, *values)
            return result
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
