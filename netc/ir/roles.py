"""Losses and metrics stand in roles of their own: what is said where a layer is in a wrong one."""

from netc import spec
from netc.diag import Problem, did_you_mean, nearest, quoted
from netc.ir.graph import Node
from netc.ir.problems import LossOfProbabilities, WrongRole
from netc.ir.scope import Value
from netc.layers import REGISTRY

_SQUEEZED = {"softmax_loss": "softmax", "sigmoid_loss": "sigmoid"}
"""Losses, and the layers that are in them."""


def not_in_role(step: spec.Step, role: str) -> Problem:
    """The last step of a chain is no `loss`, or no `metric`, and stands where one is wanted."""
    any_value = "; `-> sum_loss` makes a loss of any value" if role == "loss" else ""
    way_out = f"netc has {quoted(_known(role))}{any_value}"
    return WrongRole(
        step.span,
        type=_word(step),
        wrong=f"is not a {role}",
        detail=f"a {role} is wanted here",
        way_out=meant_in_role(_word(step), role) or way_out,
    )


def meant_in_role(type_name: str, role: str | None) -> str:
    """Help for who wrote `loss softmax(...)`; empty where the type is right or nothing is near."""
    if role is None or type_name not in REGISTRY or role in REGISTRY[type_name].roles:
        return ""
    return did_you_mean(nearest(type_name, _known(role)))


def squeezed_twice(loss: spec.Name, given: Node | None) -> list[Problem]:
    """A warning where a loss that has a softmax or a sigmoid in it is given the values of one."""
    squeeze = _SQUEEZED.get(loss.text)
    if given is None or given.span is None or type(given.layer).name != squeeze:
        return []
    return [LossOfProbabilities(loss.span, loss=loss.text, squeeze=squeeze, place=given.span)]


def no_output(step: spec.Step) -> Problem:
    """A loss or a metric is named as an output."""
    return WrongRole(
        step.span,
        type=_word(step),
        wrong="cannot be an output",
        detail="this is one number for a whole batch, not an answer for each example",
        way_out="leave the line out: losses and metrics are shown without it",
    )


def no_layer(value: Value, node: Node, *, last: bool, in_block: bool) -> Problem:
    """A loss or a metric stands where only a layer can."""
    type_name, wanted = type(node.layer).name, type(node.layer).roles[0]
    return WrongRole(
        value.span,
        type=type_name,
        wrong="cannot be a layer of the net",
        detail=f"this is a {wanted}" + ("" if last else ", and more follows it"),
        way_out=f"a {wanted} is a line of {'the net' if in_block else 'its own'}: "
        f"`{wanted} {type_name}(...)`",
    )


def _word(step: spec.Step) -> str:
    """What a step of a chain is called in a message."""
    word = step.type if isinstance(step, spec.Call) else step
    return word.text if isinstance(word, spec.Name) else "this"


def _known(role: str) -> list[str]:
    return sorted(name for name, layer in REGISTRY.items() if role in layer.roles)
