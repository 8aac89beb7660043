"""Single steps of chains: what a word stands for, and a layer applied where it stands for one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from netc import spec
from netc.diag import Problem
from netc.ir.application import Application
from netc.ir.evaluate import Evaluator
from netc.ir.expected import alternatives, takes_words
from netc.ir.frame import Frame
from netc.ir.meant import meant_type
from netc.ir.problems import NotALayer, NothingFlows, SharedAgain, UnknownLayer
from netc.ir.scope import Scope, Value
from netc.ir.state import State
from netc.ir.ties import tied_layer
from netc.layers import REGISTRY, common_options, has_weights
from netc.options import LayerName, Option, options_of


def is_type(word: str, scope: Scope) -> bool:
    """Whether a word can be a step: a layer type, a block, or a shared layer."""
    return word in REGISTRY or scope.block(word) is not None or scope.shared_layer(word) is not None


def split(step: spec.Name | spec.Call) -> tuple[spec.Name, tuple[spec.Argument, ...]]:
    """The word of a step and its arguments."""
    return (step.type, step.arguments) if isinstance(step, spec.Call) else (step, ())


def named_step(steps: Sequence[spec.Step], scope: Scope) -> int:
    """Which step takes the chain's name: the first that can have weights, else the last."""
    for index, step in enumerate(steps):
        if not isinstance(step, spec.Name | spec.Call):
            continue
        word = split(step)[0].text
        known = REGISTRY.get(word)
        if scope.block(word) is not None or (known and has_weights(known)):
            return index
    return len(steps) - 1


def unknown_step(word: spec.Name, scope: Scope) -> Problem:
    """What is said about a word in a chain that is no layer type."""
    if scope.value(word.text) is not None:
        return NotALayer(word.span, name=word.text)
    if scope.shared_layer(word.text) is not None:
        return SharedAgain(word.span, name=word.text)
    near, advice = meant_type(word.text, scope.all_types())
    if near is None and _ends_a_line(word):
        advice += f"; a name would stand in front: `{word.text} = ...`"
    return UnknownLayer(word.span, near=near, advice=advice, type=word.text)


def _ends_a_line(word: spec.Name) -> bool:
    """Whether a word stands alone behind the last `->` of a line that has no name."""
    text, span = word.span.source.text, word.span
    before = text[: span.start].rpartition("\n")[2]
    rest = text[span.end : span.end + 100].split("\n")[0].split("#")[0]
    return not rest.strip() and before.rstrip().endswith("->") and "=" not in before


def apply_layer(state: State, call: Application, frame: Frame) -> Value:
    """Apply a layer type, its options worked out; give its value, poisoned where it is wrong."""
    poisoned = Value(call.type.text, None, call.span)
    if not call.values:
        state.problems.append(NothingFlows(call.span, type=call.type.text))
        return poisoned
    state.count_layer(call.span)
    evaluator = Evaluator(state.problems, frame.at_step(call.values))
    declared = _declared(call.type.text)
    resolved: list[spec.Argument] = []
    for argument in call.options:
        value = argument.value
        if not isinstance(value, spec.Chain):
            option = declared.get(argument.name.text if argument.name else "")
            if option is not None and LayerName in alternatives(option.type):
                known = tied_layer(state, value, frame)
            else:
                known = _resolved(value, option, evaluator)
            if known is None:
                continue
            value = known
        resolved.append(spec.Argument(argument.name, value, argument.span))
    if len(resolved) < len(call.options):
        return poisoned
    return state.apply.layer(replace(call, options=tuple(resolved)))


@cache
def _declared(type_name: str) -> Mapping[str, Option]:
    """The options of a layer type by name."""
    cls = REGISTRY[type_name]
    kinds = (cls, *common_options(cls))
    return {option.name: option for kind in kinds for option in options_of(kind).values()}


def _resolved(
    written: spec.Value, option: Option | None, evaluator: Evaluator
) -> spec.Value | None:
    """The value of an option worked out. A choice of the option is meant where it is written, even
    where a constant has its name; where an option takes no words, a word can only be a constant."""
    if isinstance(written, spec.Name) and option and written.text in option.choices:
        return written
    return evaluator.resolved(written, words=option is None or takes_words(option))
