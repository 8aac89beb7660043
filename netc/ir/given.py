"""Parameters of a net, and open sizes of its inputs, given from outside the file."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from netc import spec
from netc.diag import Problem, quoted
from netc.ir.constants import Constant, literal
from netc.ir.evaluate import Evaluator
from netc.ir.frame import Frame
from netc.ir.meant import advise, meant
from netc.ir.parameters import wrong_kind
from netc.ir.problems import UnknownParameter
from netc.ir.scope import Scope


def settable(whole: spec.Spec) -> tuple[str, ...]:
    """The names of a net that can be given from outside: its parameters, then its open sizes."""
    parameters = [parameter.name.text for parameter in whole.net.parameters]
    return tuple(dict.fromkeys([*parameters, *_open_sizes(whole)]))


def takes_text(whole: spec.Spec, name: str) -> bool:
    """Whether a parameter is a text, so that what is given for it needs no quotes."""
    return any(
        parameter.name.text == name and isinstance(parameter.default, spec.Text)
        for parameter in whole.net.parameters
    )


def give(whole: spec.Spec, settings: Iterable[spec.Setting]) -> spec.Spec | list[Problem]:
    """The spec with parameters and open sizes set, or what is wrong with what was given.

    A word that is given is a text.
    """
    problems: list[Problem] = []
    known = settable(whole)
    problems += [_unknown(whole, s.name) for s in settings if s.name.text not in known]
    given = {setting.name.text: _text(setting.value) for setting in settings}
    values = {name: _constant(value, problems) for name, value in given.items()}
    parameters = []
    for parameter in whole.net.parameters:
        name = parameter.name.text
        value = values.get(name)
        if value is not None:
            wrong = wrong_kind(whole.net.name, parameter, given[name], value)
            problems += [wrong] if wrong else []
            parameter = replace(parameter, default=literal(value, given[name].span))
        parameters.append(parameter)
    if problems:
        return problems
    sizes = {name: given[name] for name in _open_sizes(whole) if name in given}
    body = tuple(_closed(statement, sizes) for statement in whole.net.body)
    net = replace(whole.net, parameters=tuple(parameters), body=body)
    return replace(whole, net=net)


def _unknown(whole: spec.Spec, name: spec.Name) -> Problem:
    known = settable(whole)
    near = meant(name.text, known)
    otherwise = f"it has {quoted(known)}" if known else "it has no parameters"
    advice = advise(name.text, near, otherwise)
    return UnknownParameter(
        name.span, near=near, advice=advice, net=whole.net.name.text, name=name.text
    )


def _text(written: spec.Value) -> spec.Value:
    return spec.Text(written.text, written.span) if isinstance(written, spec.Name) else written


def _constant(written: spec.Value, problems: list[Problem]) -> Constant | None:
    return Evaluator(problems, Frame(Scope(), "net")).constant(written)


def _open_sizes(whole: spec.Spec) -> list[str]:
    """Names that stand in the shapes of inputs and are no constants."""
    lets = [s.name.text for s in whole.net.body if isinstance(s, spec.Let)]
    parameters = [parameter.name.text for parameter in whole.net.parameters]
    constants = {*lets, *parameters, *(let.name.text for let in whole.lets)}
    shapes = [shape for s in whole.net.body if isinstance(s, spec.Input) for shape in s.lists]
    return [
        item.text
        for shape in shapes
        for item in shape.items
        if isinstance(item, spec.Name) and item.text not in constants
    ]


def _closed(statement: spec.Statement, sizes: Mapping[str, spec.Value]) -> spec.Statement:
    """An `input` line with the sizes that are given in the place of their names."""
    if not isinstance(statement, spec.Input):
        return statement

    def closed(part: spec.List) -> spec.List:
        items = (sizes.get(i.text, i) if isinstance(i, spec.Name) else i for i in part.items)
        return replace(part, items=tuple(items))

    if isinstance(statement.type, spec.List):
        return replace(statement, type=closed(statement.type))
    return replace(statement, sizes=statement.sizes and closed(statement.sizes))
