"""The options of a layer as its step would have them written."""

from collections.abc import Mapping
from dataclasses import MISSING
from types import MappingProxyType
from typing import Any

from netc import spec
from netc.expand.nowhere import NOWHERE, name, number
from netc.expand.sizes import Sides, formula
from netc.layers import Constant, Counting, Initializer, Layer, Learning, Weight, init_option
from netc.options import LayerName, Option, main_option, options_of
from netc.sizes import Size
from netc.types import Tensor


def call(
    type: str, inputs: tuple[str, ...], options: tuple[spec.Argument, ...]
) -> spec.Name | spec.Call:
    """A step: a bare word where it needs no arguments."""
    given = tuple(spec.Argument(None, name(value), NOWHERE) for value in inputs)
    if not given and not options:
        return name(type)
    return spec.Call(name(type), (*given, *options), NOWHERE)


def options(
    kind: Any, *, brief: bool, all_named: bool = False, sides: Sides = MappingProxyType({})
) -> tuple[spec.Argument, ...]:
    """The options of an instance of a kind, the main one without its name unless `all_named`.

    `brief` leaves out those at their defaults; what is not set at all is never written. `sides`
    says how to ask for sizes that are not known.
    """
    main = None if all_named else main_option(type(kind))
    found: list[spec.Argument] = []
    for option in options_of(type(kind)).values():
        value = getattr(kind, option.name)
        if value is None or (brief and option.default is not MISSING and value == option.default):
            continue
        written = _written(value, option, sides)
        is_bare = option is main and not isinstance(written, spec.Name | spec.Call)
        found.append(spec.Argument(None if is_bare else name(option.name), written, NOWHERE))
    return tuple(sorted(found, key=lambda argument: argument.name is not None))


def learning(
    layer: Layer, types: list[Tensor], weights: Mapping[str, Weight], tied_to: str | None
) -> tuple[spec.Argument, ...]:
    """The training options that make the layer's weights what they are, where any was set."""
    plain = layer.weights(*types)
    found = Learning()
    for argument, weight in weights.items():
        before = plain[argument]
        if weight.init != before.init:
            found = _with(found, init_option(argument), weight.init)
        if before.rate and weight.rate != before.rate:
            found = _with(found, "rate", weight.rate / before.rate)
        if before.decay and weight.decay != before.decay:
            found = _with(found, "decay", weight.decay / before.decay)
        for penalty in ("l1", "l2"):
            if getattr(weight, penalty) != getattr(before, penalty):
                found = _with(found, penalty, getattr(weight, penalty))
        if weight.max_norm is not None:
            found = _with(found, "max_norm", weight.max_norm)
    if tied_to is not None:
        found = _with(found, "tied_to", LayerName(tied_to))
    return options(found, brief=True)


def counting(weight: float) -> tuple[spec.Argument, ...]:
    """How much a loss counts, where it is not once."""
    return options(Counting(weight), brief=True)


def _with(learning: Learning, option: str, value: Any) -> Learning:
    return Learning(**(vars(learning) | {option: value}))


def _written(value: Any, option: Option, sides: Sides) -> spec.Value:
    """The value of an option as text would have it."""
    if isinstance(value, Constant):
        return number(value.value)
    if isinstance(value, Initializer):
        return call(value.name, (), options(value, brief=True))
    if isinstance(value, bool):
        return spec.Boolean(value, NOWHERE)
    if isinstance(value, Size):
        return formula(value, sides)
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, tuple):
        return spec.List(tuple(_written(item, option, sides) for item in value), NOWHERE)
    is_word = value in option.choices or isinstance(value, LayerName)
    return name(value) if is_word else spec.Text(value, NOWHERE)
