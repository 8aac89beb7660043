"""What is said of words that nothing in the text explains, as the graph builder says it."""

from collections.abc import Mapping

from netc import spec
from netc.diag import Problem, quoted
from netc.ir.attributes import ATTRIBUTES, open_size
from netc.ir.meant import advise, meant, meant_type
from netc.ir.problems import (
    UnknownAttribute,
    UnknownLayer,
    UnknownName,
    UnknownValue,
    UnknownWord,
)
from netc.ir.static.file import Known
from netc.ir.static.scope import Scope
from netc.layers import REGISTRY


def layer(word: spec.Name, blocks: Mapping[str, Known]) -> Problem:
    """No layer type and no block, where only those can stand."""
    near, advice = meant_type(word.text, list(blocks))
    return UnknownLayer(word.span, near=near, advice=advice, type=word.text)


def word(name: spec.Name, scope: Scope, blocks: Mapping[str, Known]) -> Problem:
    """The first word of a chain, that is nothing."""
    values = scope.all_names(constants=False)
    near = meant(name.text, [*values, *REGISTRY, *blocks])
    advice = advise(name.text, near, _values(values))
    return UnknownWord(name.span, near=near, advice=advice, name=name.text)


def value(name: spec.Name, scope: Scope) -> Problem:
    """No value, where only one can stand."""
    values = scope.all_names(constants=False)
    near = meant(name.text, [*values, *scope.all_names(constants=True)])
    advice = advise(name.text, near, _values(values))
    return UnknownValue(name.span, near=near, advice=advice, name=name.text)


def constant(name: spec.Name, scope: Scope) -> Problem:
    """No constant, in an expression."""
    known = scope.all_names(constants=True)
    near = meant(name.text, known)
    otherwise = f"name it with `let {name.text} = ...`; a text stands in quotes"
    if known:
        otherwise = f"the constants here are {quoted(known[:8])}; a text stands in quotes"
    if (question := scope.open_size(name.text)) is not None:
        near, otherwise = None, open_size(question)
    advice = advise(name.text, near, otherwise)
    return UnknownName(name.span, near=near, advice=advice, name=name.text)


def attribute(asked: spec.Attribute) -> list[Problem]:
    """What no value answers, asked of `in`."""
    if asked.name.text in ATTRIBUTES:
        return []
    near = meant(asked.name.text, ATTRIBUTES)
    advice = advise(asked.name.text, near, f"a value has {quoted(ATTRIBUTES)}")
    return [
        UnknownAttribute(
            asked.name.span,
            near=near,
            advice=advice,
            value="in",
            name=asked.name.text,
            detail="unknown here",
        )
    ]


def _values(values: list[str]) -> str:
    recent = quoted(values[-8:])
    return f"the values so far are {recent}" if recent else ""
