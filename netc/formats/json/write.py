"""Spec to JSON: the same tree, as the reader reads it."""

from collections.abc import Iterable, Iterator
from typing import Any

from netc import spec
from netc.formats.json.forms import STEP, VERSION
from netc.formats.json.layout import Data, Lines, Section, laid_out
from netc.formats.json.reader import is_name, is_path
from netc.formats.net.expressions import text_of


def write(written: spec.Library) -> str:
    """The text of a spec or library in the JSON form; comments are left out."""
    return laid_out(_Writer(written).file(written))


Fields = dict[str, Data]


class _Writer:
    """Turns the tree of one file into data; knows which names are blocks, and which constants."""

    def __init__(self, written: spec.Library) -> None:
        known = (written, *written.used)
        self._blocks = {block.name.text for library in known for block in library.blocks}
        self._constants: set[str] = set()
        for part in _parts(written):
            if isinstance(part, spec.Let | spec.Parameter | spec.For):
                self._constants.add(part.name.text)
            elif isinstance(part, spec.Shared):
                self._blocks.add(part.name.text)

    # ---- sections

    def file(self, written: spec.Library) -> Data:
        made = Section(netc=VERSION)
        if written.uses:
            made["use"] = [use.path.value for use in written.uses]
        if written.lets:
            made["let"] = self._settings(written.lets)
        if isinstance(written, spec.Spec):
            made["net"] = self._section(written.net)
        if written.blocks:
            made["blocks"] = Lines(map(self._section, written.blocks))
        if written.train is not None:
            made["train"] = self._settings(written.train.settings)
        return made

    def _section(self, section: spec.NetSpec | spec.Block) -> Data:
        made = Section(name=section.name.text)
        if section.parameters:
            made["parameters"] = [self._parameter(each) for each in section.parameters]
        made["body"] = self._body(section.body)
        return made

    def _parameter(self, parameter: spec.Parameter) -> Data:
        if parameter.default is None:
            return parameter.name.text
        return {"name": parameter.name.text, "default": self._value(parameter.default)}

    def _settings(self, settings: Iterable[spec.Setting | spec.Let]) -> Data:
        """An object, or a list where a name comes twice."""
        pairs = [(setting.name.text, self._value(setting.value)) for setting in settings]
        if len(dict(pairs)) == len(pairs):
            return Section(pairs)
        return Lines({"name": name, "value": value} for name, value in pairs)

    # ---- statements

    def _body(self, body: tuple[spec.Statement, ...]) -> Data:
        made = [self._statement(statement) for statement in body]
        return Lines(made) if len(made) > 1 else made

    def _statement(self, statement: spec.Statement) -> Data:
        match statement:
            case spec.Chain():
                return self._chain(statement)
            case spec.Input():
                sizes = {"shape": self._value(statement.sizes)} if statement.sizes else {}
                made = self._input_type(statement.type)
                return {"input": statement.name.text, **made, **sizes}
            case spec.Let():
                return {"let": statement.name.text, "value": self._value(statement.value)}
            case spec.Role():
                return {statement.role.text: self._chain(statement.chain)}
            case spec.Shared():
                return {"layer": statement.name.text, **self._made(statement.made)}
            case spec.Assert():
                return {"assert": self._value(statement.condition)}
            case spec.When():
                return {"when": statement.phase.text, "body": self._body(statement.body)}
            case spec.Repeat():
                count = self._value(statement.count)
                return {"repeat": count, "body": self._body(statement.body)}
            case spec.For():
                return self._for(statement)
            case spec.If():
                return self._if(statement)

    def _input_type(self, type: spec.List | spec.Call) -> Fields:
        if isinstance(type, spec.List):
            return {"shape": self._value(type)}
        match type.arguments:
            case (spec.Argument(name=None, value=size),) if (
                type.type.text == "class" and not isinstance(size, spec.Chain)
            ):
                return {"classes": self._value(size)}
        return {"type": self._call(type)}

    def _for(self, loop: spec.For) -> Data:
        made: Fields = {"for": loop.name.text}
        if isinstance(loop.values, spec.Range):
            made["from"] = self._value(loop.values.start)
            made["until"] = self._value(loop.values.stop)
        else:
            made["in"] = self._value(loop.values)
        return {**made, "body": self._body(loop.body)}

    def _if(self, choice: spec.If) -> Data:
        made: Fields = {"if": self._value(choice.condition), "then": self._body(choice.body)}
        if choice.otherwise is not None:
            made["else"] = self._body(choice.otherwise)
        return made

    # ---- chains and steps

    def _chain(self, chain: spec.Chain) -> Data:
        """In the shortest of its forms."""
        first, *others = chain.steps
        steps = [self._step(first), *map(self._later, others)]
        if chain.name is None:
            return steps[0] if len(steps) == 1 and not isinstance(steps[0], list) else steps
        if len(steps) == 1 and isinstance(steps[0], dict):
            return {"name": chain.name.text, **steps[0]}
        return {"name": chain.name.text, "chain": steps}

    def _step(self, step: spec.Step) -> Data:
        match step:
            case spec.Tuple():
                return [name.text for name in step.names]
            case spec.Join():
                return {**self._made(step.type), "branches": self._body(step.body)}
            case spec.Name():
                return step.text
            case spec.Call():
                return self._call(step)

    def _later(self, step: spec.Step) -> Data:
        """A step that is not the first of its chain: a bare word there is no value."""
        if isinstance(step, spec.Name) and step.text in self._blocks:
            return {"block": step.text}
        return self._step(step)

    def _made(self, made: spec.Name | spec.Call) -> Fields:
        return {self._kind(made): made.text} if isinstance(made, spec.Name) else self._call(made)

    def _kind(self, name: spec.Name) -> str:
        return "block" if name.text in self._blocks else "type"

    def _call(self, call: spec.Call) -> Fields:
        return {self._kind(call.type): call.type.text, **self._arguments(call.arguments)}

    def _arguments(self, arguments: tuple[spec.Argument, ...]) -> Fields:
        """Inputs, other positional arguments and options, if that is the order they stand in."""
        inputs: list[Data] = []
        others: list[Data] = []
        options: Fields = {}
        for argument in arguments:
            name = argument.name.text if argument.name else None
            if name is not None and name not in options and name not in STEP.by_name:
                options[name] = self._given(argument)
            elif name is not None or options or (others and self._is_input(argument)):
                return {"arguments": [self._listed(each) for each in arguments]}
            elif self._is_input(argument):
                inputs.append(self._given(argument))
            else:
                others.append(self._given(argument))
        made: Fields = {"inputs": inputs} if inputs else {}
        if others or not arguments:
            made["arguments"] = others
        return {**made, **options}

    def _is_input(self, argument: spec.Argument) -> bool:
        """Whether an argument looks like a value of the net, and not like a constant."""
        value = argument.value
        if isinstance(value, spec.Name):
            return is_name(value.text) and value.text not in self._constants
        if isinstance(value, spec.Call):
            return not _is_function(value)
        return isinstance(value, spec.Chain) or _path(value) is not None

    def _given(self, argument: spec.Argument) -> Data:
        value = argument.value
        if isinstance(value, spec.Chain):
            first, *others = value.steps
            source = first.text if isinstance(first, spec.Name) else self._source(first)
            return {"chain": [source, *map(self._later, others)]}
        if argument.name is None and self._is_input(argument):
            return _path(value) or self._value(value)
        return self._value(value)

    def _source(self, first: Any) -> Data:
        """What a flow starts from: any value, or a step with branches."""
        is_step = isinstance(first, spec.Join | spec.Tuple)
        return self._step(first) if is_step else self._value(first)

    def _listed(self, argument: spec.Argument) -> Data:
        """An argument among others of every kind."""
        if argument.name is not None:
            return {"option": argument.name.text, "value": self._given(argument)}
        if isinstance(argument.value, spec.Chain):
            return self._given(argument)
        return self._value(argument.value)

    # ---- values

    def _value(self, value: spec.Value) -> Data:
        match value:
            case spec.Number() | spec.Boolean():
                return value.value
            case spec.Name() if value.text not in self._constants:
                return value.text
            case spec.Text():
                return {"text": value.value}
            case spec.List():
                return [self._value(item) for item in value.items]
            case spec.Call() if not _is_function(value):
                return self._call(value)
            case _:
                return f"={text_of(value)}"


def _path(value: spec.Value) -> str | None:
    """The name with dots that a value is, if it is one."""
    name = spec.dotted(value)
    return name.text if name and is_path(name.text) else None


def _is_function(call: spec.Call) -> bool:
    """Whether a call is arithmetic, and not a layer or another kind of thing."""
    plain = all(a.name is None and not isinstance(a.value, spec.Chain) for a in call.arguments)
    return call.type.text in spec.FUNCTIONS and plain


def _parts(written: spec.Library) -> Iterator[Any]:
    """Everything in the file that names something."""
    bodies: list[tuple[spec.Statement, ...]] = []
    yield from written.lets
    sections: list[spec.Block | spec.NetSpec] = list(written.blocks)
    if isinstance(written, spec.Spec):
        sections.append(written.net)
    for section in sections:
        yield from section.parameters
        bodies.append(section.body)
    while bodies:
        for statement in bodies.pop():
            yield statement
            bodies += _bodies(statement)


def _bodies(statement: spec.Statement) -> list[tuple[spec.Statement, ...]]:
    if isinstance(statement, spec.For | spec.Repeat | spec.When):
        return [statement.body]
    if isinstance(statement, spec.If):
        return [statement.body, statement.otherwise or ()]
    chain = statement.chain if isinstance(statement, spec.Role) else statement
    steps = chain.steps if isinstance(chain, spec.Chain) else ()
    return [step.body for step in steps if isinstance(step, spec.Join)]
