"""The text of a net or a block gone through line by line: which words are used, which unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from netc import spec
from netc.diag import Problem
from netc.ir.attributes import ATTRIBUTES, question
from netc.ir.functions import FUNCTIONS
from netc.ir.misplaced import PHASES, misplaced_input, misplaced_role, unknown_phase
from netc.ir.problems import (
    MissingArgument,
    MissingOption,
    RepeatedConstant,
    RepeatedName,
    ReservedName,
    ShadowedName,
)
from netc.ir.static import unknown
from netc.ir.static.calls import check_call, layer_named
from netc.ir.static.expressions import Expressions
from netc.ir.static.file import Known
from netc.ir.static.scope import Declared, Scope, names_given
from netc.layers import INITIALIZERS, REGISTRY


@dataclass
class Walk:
    """One section of a file: problems, every name it declares, every block it uses."""

    known: Mapping[str, Known]
    is_block: bool
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)
    blocks: list[spec.Name] = field(default_factory=list)

    def __post_init__(self) -> None:
        expressions = Expressions(self.errors)
        self.expression, self.option = expressions.expression, expressions.option
        self._claim = expressions.claim

    # ---- names

    def declare(self, noun: str, name: spec.Name, scope: Scope, *, constant: bool = False) -> None:
        """A name from here on; a warning where it hides another one of an outer scope."""
        if not constant and (name.text in REGISTRY or name.text in self.known):
            kind = "layer type" if name.text in REGISTRY else "block"
            self.errors.append(ReservedName(name.span, name=name.text, kind=kind))
            return
        made = Declared(noun, name, constant)
        hidden = scope.outer.find(name.text) if scope.outer else []
        if hidden and not name.text.startswith("_"):
            self.warnings.append(
                ShadowedName(
                    name.span,
                    noun=noun,
                    name=name.text,
                    hidden_noun=hidden[0].noun,
                    hidden=hidden[0].name.span,
                )
            )
        scope.names.setdefault(name.text, []).append(made)
        self.declared.append(made)

    def parameters(self, parameters: tuple[spec.Parameter, ...], scope: Scope) -> None:
        """The parameters of a section; a default may ask for those before it."""
        first: dict[str, spec.Name] = {}
        for parameter in parameters:
            name = parameter.name
            if parameter.default is not None:
                self.expression(parameter.default, scope)
            if name.text in first:
                again = RepeatedConstant(name.span, name=name.text, first=first[name.text].span)
                self.errors.append(again)
                continue
            first[name.text] = name
            self.declare("parameter", name, scope, constant=True)

    # ---- statements

    def scope_body(self, body: tuple[spec.Statement, ...], scope: Scope) -> None:
        """A body that is a scope: it foresees the names of all its lines."""
        scope.foreseen |= dict(names_given(body))
        self.body(body, scope)

    def body(self, body: tuple[spec.Statement, ...], scope: Scope) -> None:
        self.errors += _named_twice(body)
        for statement in body:
            self._statement(statement, scope)

    def _statement(self, statement: spec.Statement, scope: Scope) -> None:
        match statement:
            case spec.Let():
                self.expression(statement.value, scope)
                self.declare("constant", statement.name, scope, constant=True)
            case spec.Input():
                self._input(statement, scope)
            case spec.Chain():
                self.chain(statement, scope)
            case spec.Role():
                self._role(statement, scope)
            case spec.Shared():
                self._step(statement.made, scope, is_first=False)
                self.declare("shared layer", statement.name, scope)
            case spec.For():
                self._for(statement, scope)
            case spec.Repeat():
                self.expression(statement.count, scope)
                self.scope_body(statement.body, scope.inner())
            case spec.If():
                self.expression(statement.condition, scope)
                self.body(statement.body, scope)
                self.body(statement.otherwise or (), scope)
            case spec.When():
                self._when(statement, scope)
            case spec.Assert():
                self._claim(statement.condition, scope)

    def _input(self, statement: spec.Input, scope: Scope) -> None:
        if self.is_block:
            self.errors.append(misplaced_input(statement, "in a block"))
        name = statement.name.text
        if isinstance(statement.type, spec.Call):
            self._sizes(name, [a.value for a in statement.type.arguments], scope)
        for sizes in statement.lists:
            self._sizes(name, sizes.items, scope)
        self.declare("value", statement.name, scope)

    def _sizes(self, name: str, sizes: Sequence[spec.Value | spec.Chain], scope: Scope) -> None:
        for axis, size in enumerate(sizes):
            # A word that is no constant here is a size that stays open.
            if isinstance(size, spec.Name):
                if not scope.use(size.text):
                    scope.open_sizes.setdefault(size.text, question(name, len(sizes), axis))
            elif not isinstance(size, spec.Chain):
                self.expression(size, scope)

    def _role(self, statement: spec.Role, scope: Scope) -> None:
        before = len(self.errors)
        self.chain(statement.chain, scope)
        if self.is_block and statement.role.text != "output":
            # Whatever else is wrong with it, the line has to go.
            self.errors[before:] = [misplaced_role(statement, "in a block")]

    def _for(self, statement: spec.For, scope: Scope) -> None:
        values = statement.values
        parts = (values.start, values.stop) if isinstance(values, spec.Range) else (values,)
        for part in parts:
            self.expression(part, scope)
        inner = scope.inner()
        self.declare("loop variable", statement.name, inner, constant=True)
        self.scope_body(statement.body, inner)

    def _when(self, statement: spec.When, scope: Scope) -> None:
        if statement.phase.text not in PHASES:
            self.errors.append(unknown_phase(statement.phase))
        self.body(statement.body, scope)

    # ---- chains

    def chain(self, chain: spec.Chain, scope: Scope) -> None:
        for index, step in enumerate(chain.steps):
            self._step(step, scope, is_first=index == 0)
        if chain.name is not None:
            self.declare("value", chain.name, scope)

    def _step(self, step: spec.Step, scope: Scope, *, is_first: bool) -> None:
        match step:
            case spec.Name():
                self._type(step, scope, may_be_value=is_first)
                self._check_call(step, (), scope)
            case spec.Call():
                self._type(step.type, scope)
                self._arguments(step, scope)
            case spec.Tuple():
                for name in step.names:
                    self._value(name, scope)
            case spec.Join():
                self._step(step.type, scope, is_first=False)
                self.body(step.body, scope)
            case _:  # a flow may begin with an expression, which only the builder can judge
                self.expression(step, scope)

    def _type(self, word: spec.Name, scope: Scope, *, may_be_value: bool = False) -> None:
        """A word that stands where layer types do."""
        if word.text in self.known:
            self.blocks.append(word)
        if scope.use(word.text) or word.text in REGISTRY or word.text in self.known:
            return
        if not scope.is_known(word.text) and "." not in word.text:
            self.errors.append(
                unknown.word(word, scope, self.known)
                if may_be_value
                else unknown.layer(word, self.known)
            )

    def _value(self, name: spec.Name, scope: Scope) -> None:
        scope.use(name.text)
        if not scope.is_known(name.text) and "." not in name.text:
            self.errors.append(unknown.value(name, scope))

    # ---- arguments

    def _arguments(self, call: spec.Call, scope: Scope) -> None:
        options: list[spec.Argument] = []
        is_sure = True
        for argument in call.arguments:
            value, is_input = argument.value, self._is_input(argument, scope)
            options += [] if is_input else [argument]
            if isinstance(value, spec.Chain):
                self.chain(value, scope)
            elif is_input:
                self._given(value, scope)
            elif (layer := layer_named(argument)) is not None:
                scope.use(layer.text)
            else:
                self.option(value, scope)
            # A name may stand where a constant is missing, which only the builder can tell.
            is_sure = is_sure and not (is_input and isinstance(value, spec.Name))
        self._check_call(call.type, options, scope, is_sure=is_sure)

    def _check_call(
        self,
        word: spec.Name,
        options: Sequence[spec.Argument],
        scope: Scope,
        *,
        is_sure: bool = True,
    ) -> None:
        if not scope.find(word.text):
            block = self.known[word.text].block if word.text in self.known else None
            missing = MissingArgument | MissingOption
            found = check_call(word, options, block, scope)
            self.errors += [p for p in found if is_sure or not isinstance(p, missing)]

    def _is_input(self, argument: spec.Argument, scope: Scope) -> bool:
        """Whether an argument is a value that flows in, as the graph builder decides it."""
        value = argument.value
        if argument.name is not None:
            return False
        if isinstance(value, spec.Call):
            word = value.type.text
            if word in FUNCTIONS:
                return word in REGISTRY and any(self._flows(a, scope) for a in value.arguments)
            if word in INITIALIZERS:
                return False
            inputs = (self._is_input(each, scope) for each in value.arguments)
            return self._is_type(word, scope) or any(inputs)
        if isinstance(value, spec.Attribute):
            return _is_dotted_name(value, scope)
        if isinstance(value, spec.Name):
            return not scope.is_constant(value.text)
        return isinstance(value, spec.Chain)

    def _flows(self, argument: spec.Argument, scope: Scope) -> bool:
        """Whether an argument of a function is a value, which a name must be known as."""
        value = argument.value
        is_unknown = isinstance(value, spec.Name) and not scope.is_known(value.text)
        return not is_unknown and self._is_input(argument, scope)

    def _is_type(self, word: str, scope: Scope) -> bool:
        return word in REGISTRY or word in self.known or bool(scope.find(word))

    def _given(self, value: spec.Value, scope: Scope) -> None:
        """A value among the arguments, by its name or made on the spot."""
        if isinstance(value, spec.Call):
            self._step(value, scope, is_first=True)
            return
        name = spec.dotted(value)
        if name is not None:
            self._value(name, scope)


def _is_dotted_name(value: spec.Attribute, scope: Scope) -> bool:
    """Whether this is the name of a value rather than a question to one. Values inside instances
    of blocks have dotted names that no line gives."""
    name, asked = spec.dotted(value), spec.dotted(value.value)
    if name is None or asked is None or asked.text == "in":
        return False
    is_question = scope.is_constant(asked.text) or value.name.text in ATTRIBUTES
    return bool(scope.find(name.text)) or not is_question


def _named_twice(body: tuple[spec.Statement, ...]) -> list[Problem]:
    """Names given twice by lines of which both count."""
    first: dict[str, spec.Name] = {}
    found: list[Problem] = []
    for statement in body:
        line = statement.chain if isinstance(statement, spec.Role) else statement
        if not isinstance(line, spec.Let | spec.Input | spec.Shared | spec.Chain):
            continue
        if line.name is None:
            continue
        name = line.name
        if name.text in first:
            kind = RepeatedConstant if isinstance(line, spec.Let) else RepeatedName
            found.append(kind(name.span, name=name.text, first=first[name.text].span))
        first.setdefault(name.text, name)
    return found
