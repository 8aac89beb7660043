"""A written value turned into a typed option: the only place that converts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from netc import spec
from netc.diag import Problem, Span
from netc.ir import refuse
from netc.ir.expected import alternatives, is_initializer
from netc.ir.meant import meant
from netc.ir.problems import RepeatedOption
from netc.ir.unnamed import unnamed_option
from netc.ir.wrong_kind import wrong_kind
from netc.layers import INITIALIZERS, Constant
from netc.options import LayerName, Option, Table, main_option, options_of
from netc.sizes import is_open

T = TypeVar("T")

_MISSING = object()


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
    written = match(kinds, name, arguments, problems)
    values: dict[str, Any] = {}
    for option_name, (option, value) in written.items():
        converted = convert(name.text, option, value, problems)
        if converted is not _MISSING:
            values[option_name] = converted
    if len(problems) > before:
        return None
    made = tuple(k(**{o: values[o] for o in options_of(k) if o in values}) for k in kinds)
    spans = {key: span for n, (_, value) in written.items() for key, span in _places(n, value)}
    return Bound(made, spans)


def _places(name: str, value: spec.Value) -> Iterator[tuple[str, Span]]:
    """Where an option stands, as `connect`, and what is in its lists, as `connect[2][1]`."""
    yield name, value.span
    for i, item in enumerate(value.items if isinstance(value, spec.List) else ()):
        yield from _places(f"{name}[{i}]", item)


def match(
    kinds: tuple[type, ...],
    name: spec.Name,
    arguments: Sequence[spec.Argument],
    problems: list[Problem],
) -> dict[str, tuple[Option, spec.Value]]:
    """Which declared option each argument is; arguments that are none, and required options that
    none is for, become problems."""
    found, excused = _match(kinds, name, arguments, problems)
    known = [a for a in arguments if a.name is None or a.name.text in found]
    required = [option for option in options_of(kinds[0]).values() if option.required]
    missing = [o for o in required if o.name not in found and o.name not in excused]
    if missing:
        problems.append(refuse.missing_option(name, known, missing))
    return found


def _match(
    kinds: tuple[type, ...],
    name: spec.Name,
    arguments: Sequence[spec.Argument],
    problems: list[Problem],
) -> tuple[dict[str, tuple[Option, spec.Value]], set[str]]:
    """The arguments as options, and the options that the others were most likely meant for."""
    declared = {o.name: o for kind in kinds for o in options_of(kind).values()}
    main = main_option(kinds[0])
    found: dict[str, tuple[Option, spec.Value]] = {}
    given = {argument.name.text for argument in arguments if argument.name}
    excused: set[str] = set()
    unnamed: list[spec.Argument] = []
    for argument in arguments:
        value = argument.value
        is_unnamed = argument.name is None and (main is None or main.name in found)
        if is_unnamed or isinstance(value, spec.Chain):
            unnamed.append(argument)
            continue
        word = argument.name.text if argument.name else main.name if main else ""
        if word not in declared:
            near = meant(word, declared)
            problems.append(refuse.unknown_option(name, argument, near, list(declared), given))
            excused |= {near} if near else set()
        elif word in found:
            first = found[word][1].span
            problems.append(RepeatedOption(argument.span, option=word, first=first))
        else:
            found[word] = (declared[word], value)
    if unnamed:
        taken = set(found) | excused
        problems.append(unnamed_option(kinds[0], name, arguments, unnamed, taken))
        excused |= set(declared)
    return found, excused


def bind_kind(
    registry: Mapping[str, type[T]], noun: str, value: spec.Value, problems: list[Problem]
) -> Bound[T] | None:
    """Make an instance of one of the kinds of a registry, written as a word or a call."""
    word = _computed_text(value)
    if word is not None:
        value = spec.Name(word, value.span)
    if isinstance(value, spec.Call):
        name, arguments = value.type, value.arguments
    elif isinstance(value, spec.Name):
        name, arguments = value, ()
    else:
        problems.append(refuse.no_kind(noun, value, list(registry)))
        return None
    if name.text not in registry:
        problems.append(refuse.unknown_kind(noun, name, list(registry)))
        return None
    return bind(registry[name.text], name, arguments, problems)


def convert(type_name: str, option: Option, value: spec.Value, problems: list[Problem]) -> Any:
    """The Python value of one option, or `_MISSING` after adding what is wrong with it."""
    before = len(problems)
    if (open_size := refuse.open_size(type_name, option, value)) is not None:
        problems.append(open_size)
        return _MISSING
    if is_initializer(option.type):
        return _initializer(type_name, option, value, problems)
    if option.kinds is not None:
        bound = bind_kind(option.kinds, option.noun, value, problems)
        return bound.value if bound else _MISSING
    for alternative in alternatives(option.type):
        taken = _CONVERTERS[alternative](option, value)
        if taken is not _MISSING:
            _check_range(type_name, option, value, taken, problems)
            return taken if len(problems) == before else _MISSING
    problems.append(wrong_kind(type_name, option, value))
    return _MISSING


def _initializer(type_name: str, option: Option, value: spec.Value, problems: list[Problem]) -> Any:
    if isinstance(value, spec.Number):
        before = len(problems)
        _check_range(type_name, option, value, value.value, problems)
        return Constant(value=float(value.value)) if len(problems) == before else _MISSING
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
        word = value.text if isinstance(value, spec.Name) else _computed_text(value)
        return word if word in option.choices else _MISSING
    return value.value if isinstance(value, spec.Text) else _MISSING


def _layer_name(option: Option, value: spec.Value) -> Any:
    word = value if isinstance(value, spec.Text) else spec.dotted(value)
    if word is None:
        return _MISSING
    return LayerName(word.value if isinstance(word, spec.Text) else word.text)


def _computed_text(value: spec.Value) -> str | None:
    """A text that an expression gave: it may stand for a word, as one in quotes may not."""
    return value.value if isinstance(value, spec.Text) and value.computed else None


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
    LayerName: _layer_name,
    tuple[int, ...]: _list_of(_whole),
    tuple[float, ...]: _list_of(_real),
    tuple[str, ...]: _list_of(_word),
    Table: _list_of(_list_of(_whole)),
}


def _check_range(
    type_name: str, option: Option, value: spec.Value, taken: Any, problems: list[Problem]
) -> None:
    if isinstance(taken, tuple) and isinstance(value, spec.List):
        for item, place in zip(taken, value.items, strict=True):
            _check_range(type_name, option, place, item, problems)
        return
    if not isinstance(taken, int | float) or isinstance(taken, bool):
        return
    known = int(taken) if is_open(taken) else taken
    fits = known == 0 or refuse.SMALLEST <= abs(known) < refuse.LARGEST
    if not (option.allows(known) and fits):
        problems.append(refuse.bad_value(type_name, option, taken, value))
