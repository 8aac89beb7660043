"""What is said of branches that nothing can join."""

from collections.abc import Iterable

from netc import spec
from netc.diag import Label, Problem, Span, quoted
from netc.ir.problems import Misplaced, NoJoin, PhasesDiffer
from netc.ir.scope import Scope, Value
from netc.ir.steps import unknown_step
from netc.layers import REGISTRY, inputs_of


def no_join(word: spec.Name, scope: Scope) -> Problem | None:
    """The problem where branches stand behind what does not join values."""
    cls = REGISTRY.get(word.text)
    if cls is not None and inputs_of(cls)[0].startswith("*"):
        return None
    joins = [name for name, each in REGISTRY.items() if inputs_of(each)[0].startswith("*")]
    way_out = f"what joins is {quoted(joins)}"
    if cls is not None:
        names = inputs_of(cls)
        detail = "takes one value" if len(names) == 1 else f"takes {len(names)} values"
        if len(names) > 1:
            way_out = f"give it values by their names: `{word.text}({', '.join(names)})`"
    elif scope.block(word.text) is not None:
        detail = "this is a block"
        way_out = f"give a block its values by their names: `(a, b) -> {word.text}`"
    elif scope.shared_layer(word.text) is not None:
        detail = "this is a shared layer"
        way_out = f"give it its value by name: `a -> {word.text}`"
    elif scope.value(word.text) is not None:
        detail = "this is a value"
        way_out = f"join branches from it: `{word.text} -> add {{ ... }}`"
    else:
        return unknown_step(word, scope)
    return NoJoin(word.span, type=word.text, detail=detail, way_out=way_out)


def phases_differ(statement: spec.When, made: Value, came: Value) -> Problem:
    """The problem where a `when` changes the shape of what flows past it in the other phase."""
    return PhasesDiffer(
        statement.phase.span,
        phase=statement.phase.text,
        made=str(made.type),
        came=str(came.type),
        sources=(Label(made.span, f"gives {made.type}"), Label(came.span, f"gives {came.type}")),
    )


def wrong_to_read(values: Iterable[Value]) -> list[Problem]:
    """The problems of values that must not be read."""
    return [value.wrong for value in values if value.wrong is not None]


def misplaced_value(place: Span) -> Problem:
    """A value in the round brackets of a join, whose values are its branches."""
    return Misplaced(
        place,
        what="a value",
        where="before branches",
        way_out="make it a branch: a line of its own in the brackets",
    )
