"""The arguments of layer types and blocks, as far as the text alone tells what they are."""

from collections.abc import Sequence

from netc import spec
from netc.diag import Problem
from netc.ir.functions import FUNCTIONS
from netc.ir.options import convert, match
from netc.ir.parameters import match_arguments
from netc.ir.static.scope import Scope
from netc.layers import INITIALIZERS, REGISTRY, common_options


def check_call(
    word: spec.Name, options: Sequence[spec.Argument], block: spec.Block | None, scope: Scope
) -> list[Problem]:
    """What is wrong with the options of a layer type, or with what a block is given."""
    problems: list[Problem] = []
    if block is not None:
        match_arguments(block, word, options, problems)
    elif word.text in REGISTRY:
        cls = REGISTRY[word.text]
        written = match((cls, *common_options(cls)), word, options, problems)
        for option, value in written.values():
            if _is_literal(value, scope):
                convert(word.text, option, value, problems)
    return problems


def layer_named(argument: spec.Argument) -> spec.Name | None:
    """The layer that an option names; only the builder knows which layers there are."""
    is_tie = argument.name is not None and argument.name.text == "tied_to"
    return (
        None
        if not is_tie or isinstance(argument.value, spec.Chain)
        else spec.dotted(argument.value)
    )


def _is_literal(value: object, scope: Scope) -> bool:
    """Whether the value of an option is plain to see, no expression having to be worked out."""
    match value:
        case spec.Number() | spec.Text() | spec.Boolean():
            return True
        case spec.Name():
            return not scope.is_known(value.text)
        case spec.List():
            return all(_is_literal(item, scope) for item in value.items)
        case spec.Call():
            word = value.type.text
            return word not in FUNCTIONS and (
                word not in INITIALIZERS
                or all(_is_literal(a.value, scope) for a in value.arguments)
            )
    return False
