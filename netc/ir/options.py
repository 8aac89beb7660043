"""A written value turned into a typed option: the only place that converts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from netc import spec
from netc.diag import Problem, Span, did_you_mean, nearest
from netc.ir.problems import (
    BadValue,
    MissingOption,
    RepeatedOption,
    UnknownKind,
    UnknownOption,
    UnnamedOption,
    WrongKind,
)
from netc.layers import INITIALIZERS, Constant, Initializer
from netc.options import Option, main_option, options_of

T = TypeVar("T")

_MISSING = object()
_FOUND = {
    spec.Number: "a number",
    spec.Text: "a text in quotes",
    spec.Boolean: "true or false",
    spec.Name: "a word",
    spec.List: "a list",
    spec.Call: "a call",
}


@dataclass(frozen=True)
class Bound(Generic[T]):
    """An instance of a kind, and where each option that was written stands."""

    value: T
    spans: Mapping[str, Span]


def bind(
    kind: type[T], name: spec.Name, arguments: Sequence[spec.Argument], problems: list[Problem]
) -> Bound[T] | None:
    """Make an instance of a kind from the arguments written; None when any of them is wrong."""
    bound = bind_several((kind,), name, arguments, problems)
    return Bound(bound.value[0], bound.spans) if bound else None


def bind_several(
    kinds: tuple[type, ...],
    name: spec.Name,
    arguments: Sequence[spec.Argument],
    problems: list[Problem],
) -> Bound[tuple[Any, ...]] | None:
    """Make one instance of each kind from arguments that may belong to any of them.

    The first kind is what `name` stands for; the others hold options common to many types.
    """
    before = len(problems)
    written = _match(kinds, name, arguments, problems)
    values: dict[str, Any] = {}
    for option_name, (option, value) in written.items():
        converted = convert(name.text, option, value, problems)
        if converted is not _MISSING:
            values[option_name] = converted
    for option in options_of(kinds[0]).values():
        if option.required and option.name not in written:
            problems.append(_missing(name, option))
    if len(problems) > before:
        return None
    made = tuple(k(**{o: values[o] for o in options_of(k) if o in values}) for k in kinds)
    return Bound(made, {n: value.span for n, (_, value) in written.items()})


def _match(
    kinds: tuple[type, ...],
    name: spec.Name,
    arguments: Sequence[spec.Argument],
    problems: list[Problem],
) -> dict[str, tuple[Option, spec.Value]]:
    """Which declared option each argument is; arguments that are none become problems."""
    declared = {o.name: o for kind in reversed(kinds) for o in options_of(kind).values()}
    main = main_option(kinds[0])
    found: dict[str, tuple[Option, spec.Value]] = {}
    for argument in arguments:
        if argument.name is None and (main is None or main.name in found):
            problems.append(_unnamed(kinds[0], name, argument))
            continue
        word = argument.name.text if argument.name else main.name if main else ""
        if word not in declared:
            problems.append(_unknown(kinds[0], name, argument, word, list(declared)))
        elif word in found:
            first = found[word][1].span
            problems.append(RepeatedOption(argument.span, option=word, first=first))
        else:
            found[word] = (declared[word], argument.value)
    return found


def _unknown(
    kind: type, name: spec.Name, argument: spec.Argument, word: str, declared: list[str]
) -> Problem:
    near = nearest(word, declared)
    return UnknownOption(
        argument.name.span if argument.name else argument.span,
        near=near,
        advice=did_you_mean(near) or _listed(name.text, list(options_of(kind))),
        type=name.text,
        option=word,
    )


def bind_kind(
    registry: Mapping[str, type[T]], noun: str, value: spec.Value, problems: list[Problem]
) -> Bound[T] | None:
    """Make an instance of one of the kinds of a registry, written as a word or a call."""
    if isinstance(value, spec.Call):
        name, arguments = value.type, value.arguments
    elif isinstance(value, spec.Name):
        name, arguments = value, ()
    else:
        known = ", ".join(f"`{k}`" for k in registry)
        problems.append(
            WrongKind(
                value.span,
                type="train",
                option=noun,
                expected=f"one of {known}",
                found=_FOUND[type(value)],
            )
        )
        return None
    if name.text not in registry:
        near = nearest(name.text, registry)
        advice = did_you_mean(near) or f"netc knows {', '.join(f'`{k}`' for k in registry)}"
        problems.append(UnknownKind(name.span, near=near, advice=advice, noun=noun, name=name.text))
        return None
    return bind(registry[name.text], name, arguments, problems)


def convert(type_name: str, option: Option, value: spec.Value, problems: list[Problem]) -> Any:
    """The Python value of one option, or `_MISSING` after adding what is wrong with it."""
    before = len(problems)
    if _is_initializer(option.type):
        return _initializer(value, problems)
    for alternative in _alternatives(option.type):
        taken = _CONVERTERS[alternative](option, value)
        if taken is not _MISSING:
            _check_range(type_name, option, value, taken, problems)
            return taken if len(problems) == before else _MISSING
    problems.append(_wrong_kind(type_name, option, value))
    return _MISSING


def _alternatives(declared: Any) -> list[Any]:
    if get_origin(declared) in (Union, UnionType):
        return [a for a in get_args(declared) if a is not type(None)]
    return [declared]


def _is_initializer(declared: Any) -> bool:
    return any(isinstance(a, type) and issubclass(a, Initializer) for a in _alternatives(declared))


def _initializer(value: spec.Value, problems: list[Problem]) -> Any:
    if isinstance(value, spec.Number):
        return Constant(value=float(value.value))
    bound = bind_kind(INITIALIZERS, "initializer", value, problems)
    return bound.value if bound else _MISSING


def _whole(option: Option, value: spec.Value) -> Any:
    if isinstance(value, spec.Number) and isinstance(value.value, int):
        return value.value
    return _MISSING


def _real(option: Option, value: spec.Value) -> Any:
    return float(value.value) if isinstance(value, spec.Number) else _MISSING


def _boolean(option: Option, value: spec.Value) -> Any:
    return value.value if isinstance(value, spec.Boolean) else _MISSING


def _word(option: Option, value: spec.Value) -> Any:
    if option.choices:
        word = value.text if isinstance(value, spec.Name) else _MISSING
        return word if word in option.choices else _MISSING
    return value.value if isinstance(value, spec.Text) else _MISSING


def _list_of(item: Callable[[Option, spec.Value], Any]) -> Callable[[Option, spec.Value], Any]:
    def convert_list(option: Option, value: spec.Value) -> Any:
        if not isinstance(value, spec.List) or not value.items:
            return _MISSING
        items = tuple(item(option, each) for each in value.items)
        return _MISSING if _MISSING in items else items

    return convert_list


_CONVERTERS: dict[Any, Callable[[Option, spec.Value], Any]] = {
    int: _whole,
    float: _real,
    bool: _boolean,
    str: _word,
    tuple[int, ...]: _list_of(_whole),
    tuple[float, ...]: _list_of(_real),
    tuple[str, ...]: _list_of(_word),
}

_EXPECTED: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    bool: "`true` or `false`",
    tuple[int, ...]: "a list of whole numbers",
    tuple[float, ...]: "a list of numbers",
    tuple[str, ...]: "a list of texts in quotes",
}


def expected_text(option: Option) -> str:
    """What an option takes, in words."""
    if _is_initializer(option.type):
        return "an initializer or a number"
    words = []
    for alternative in _alternatives(option.type):
        if alternative is str:
            words += [f"`{c}`" for c in option.choices] or ["a text in quotes"]
        else:
            words.append(_EXPECTED[alternative])
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _check_range(
    type_name: str, option: Option, value: spec.Value, taken: Any, problems: list[Problem]
) -> None:
    numbers = taken if isinstance(taken, tuple) else (taken,)
    places = value.items if isinstance(value, spec.List) else (value,)
    for number, place in zip(numbers, places, strict=True):
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if is_number and not (option.allows(number) and abs(number) < 2**53):
            allowed = option.range_text() or "below 2^53"
            problems.append(
                BadValue(
                    place.span,
                    type=type_name,
                    option=option.name,
                    allowed=allowed,
                    found=f"{number:g} is not" if abs(number) < 2**53 else "too large a number",
                )
            )


def _wrong_kind(type_name: str, option: Option, value: spec.Value) -> Problem:
    found, way_out = _FOUND[type(value)], ""
    if isinstance(value, spec.Number) and isinstance(value.value, float):
        found = "not a whole number"
        if value.value.is_integer():
            way_out = f"write `{value.value:.0f}`"
    elif isinstance(value, spec.Name):
        near = nearest(value.text, option.choices)
        found, way_out = f"the word `{value.text}`", did_you_mean(near)
    elif isinstance(value, spec.Text) and value.value in option.choices:
        way_out = f"write it without quotes: `{value.value}`"
    return WrongKind(
        value.span,
        type=type_name,
        option=option.name,
        expected=expected_text(option),
        found=found,
        way_out=way_out,
    )


def _missing(name: spec.Name, option: Option) -> Problem:
    sample = "3" if option.at_least is not None else "..."
    example = f"{name.text}({option.name}: {sample})"
    if option.main:
        example = f"{name.text}({sample})"
    doc = option.doc[:1].lower() + option.doc[1:].rstrip(".")
    return MissingOption(
        name.span,
        type=name.text,
        option=option.name,
        example=example,
        doc=f"`{option.name}` is the {doc}",
    )


def _unnamed(kind: type, name: spec.Name, argument: spec.Argument) -> Problem:
    main = main_option(kind)
    others = [o for o in options_of(kind) if main is None or o != main.name]
    if main is not None:
        way_out = f"only `{main.name}` may stand without its name"
        way_out += f"; write for example `{others[0]}: ...`" if others else ""
    else:
        way_out = _listed(name.text, others)
    return UnnamedOption(argument.span, type=name.text, way_out=way_out)


def _listed(type_name: str, options: list[str]) -> str:
    if not options:
        return f"`{type_name}` has no options"
    return f"the options of `{type_name}` are {', '.join(f'`{o}`' for o in options)}"
