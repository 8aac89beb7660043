"""Losses and metrics stand in roles of their own: what is said where a layer is in a wrong one."""

from netc import spec
from netc.diag import Problem, quoted
from netc.ir.graph import Node
from netc.ir.problems import WrongRole
from netc.ir.scope import Value
from netc.layers import REGISTRY


def not_in_role(step: spec.Step, role: str) -> Problem:
    """The last step of a chain is no `loss`, or no `metric`, and stands where one is wanted."""
    known = sorted(n for n, c in REGISTRY.items() if role in c.roles)
    return WrongRole(
        step.span,
        type=_word(step),
        wrong=f"is not a {role}",
        detail=f"a {role} is wanted here",
        way_out=f"netc has {quoted(known)}",
    )


def no_output(step: spec.Step) -> Problem:
    """A loss or a metric is named as an output."""
    return WrongRole(
        step.span,
        type=_word(step),
        wrong="cannot be an output",
        detail="this is one number for a whole batch, not an answer for each example",
        way_out="leave the line out: losses and metrics are shown without it",
    )


def no_layer(value: Value, node: Node, *, last: bool) -> Problem:
    """A loss or a metric stands where only a layer can."""
    type_name, wanted = type(node.layer).name, type(node.layer).roles[0]
    return WrongRole(
        value.span,
        type=type_name,
        wrong="cannot be a layer of the net",
        detail=f"this is a {wanted}" + ("" if last else ", and more follows it"),
        way_out=f"a {wanted} is a line of its own: `{wanted} {type_name}(...)`",
    )


def _word(step: spec.Step) -> str:
    """What a step of a chain is called in a message."""
    word = step.type if isinstance(step, spec.Call) else step
    return word.text if isinstance(word, spec.Name) else "this"
