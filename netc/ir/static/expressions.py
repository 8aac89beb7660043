"""Expressions gone through without being worked out: which names they use, which are unknown."""

from netc import spec
from netc.diag import Problem
from netc.ir.functions import FUNCTIONS
from netc.ir.refuse import unknown_function
from netc.ir.static import unknown
from netc.ir.static.scope import Scope


class Expressions:
    """Goes through expressions, marks the names they use, and adds what is wrong to `errors`."""

    def __init__(self, errors: list[Problem]) -> None:
        self._errors = errors
        self._measures = False

    def claim(self, condition: spec.Value, scope: Scope) -> None:
        """The condition of an `assert`, which may ask for measures of the net."""
        self._measures = True
        self.expression(condition, scope)
        self._measures = False

    def option(self, value: spec.Value, scope: Scope) -> None:
        """The value of an option: words in it that are no constants may be choices or kinds."""
        match value:
            case spec.Name():
                scope.use(value.text)
            case spec.List():
                for item in value.items:
                    self.option(item, scope)
            case spec.Call() if value.type.text not in FUNCTIONS:
                for argument in value.arguments:
                    if not isinstance(argument.value, spec.Chain):
                        self.option(argument.value, scope)
            case _:
                self.expression(value, scope)

    def expression(self, value: spec.Value, scope: Scope) -> None:
        """An expression over constants."""
        waiting: list[spec.Value] = [value]
        while waiting:
            waiting += self._parts(waiting.pop(), scope)

    def _parts(self, value: spec.Value, scope: Scope) -> list[spec.Value]:
        """What an expression is made of, after a look at itself."""
        match value:
            case spec.Name():
                self._constant(value, scope)
            case spec.List():
                return list(value.items)
            case spec.Table():
                return [part for entry in value.entries for part in (entry.key, entry.value)]
            case spec.Unary():
                return [value.operand]
            case spec.Binary():
                return [value.left, value.right]
            case spec.Conditional():
                return [value.condition, value.chosen, value.otherwise]
            case spec.Index():
                return [value.value, value.index]
            case spec.Attribute():
                self._attribute(value, scope)
            case spec.Call():
                return self._function(value, scope)
        return []

    def _constant(self, name: spec.Name, scope: Scope) -> None:
        scope.use(name.text)
        if not scope.is_known(name.text) and not (self._measures and name.text in spec.MEASURES):
            self._errors.append(unknown.constant(name, scope))

    def _attribute(self, asked: spec.Attribute, scope: Scope) -> None:
        name = spec.dotted(asked.value)
        if name is None:
            self.expression(asked.value, scope)
        elif name.text == "in":
            self._errors += unknown.attribute(asked)
        else:
            # A value inside an instance of a block is known by a longer name than any written.
            scope.use(name.text)
            if "." not in name.text and not scope.is_known(name.text):
                self._errors.append(unknown.constant(name, scope))

    def _function(self, call: spec.Call, scope: Scope) -> list[spec.Value]:
        values = [a.value for a in call.arguments if not isinstance(a.value, spec.Chain)]
        if self._measures and call.type.text in spec.MEASURES:
            for value in values:
                name = spec.dotted(value)
                if name is not None:
                    scope.use(name.text)
            return [value for value in values if spec.dotted(value) is None]
        if call.type.text not in FUNCTIONS:
            self._errors.append(unknown_function(call.type))
        return values
