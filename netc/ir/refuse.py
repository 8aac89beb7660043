"""What is said about arguments that fit no option, and about values an option does not take."""

from collections.abc import Iterator, Mapping, Sequence

from netc import spec
from netc.diag import Problem, Source, Sure, quoted
from netc.ir import written as as_written
from netc.ir.expected import alternatives
from netc.ir.functions import FUNCTIONS
from netc.ir.meant import advise, meant
from netc.ir.problems import (
    BadValue,
    MissingOption,
    OpenSize,
    UnknownFunction,
    UnknownKind,
    UnknownOption,
)
from netc.options import Option, options_of
from netc.sizes import is_open, way_to_close

LARGEST = 2**53
"""Numbers of options are below this, so that none is rounded."""

SMALLEST = 2**-126
"""Numbers of options are at least this or 0, as float32 has nothing in between but rounded ones."""


# ---- arguments that are no option


def unknown_option(
    name: spec.Name,
    argument: spec.Argument,
    near: str | None,
    declared: list[str],
    given: set[str],
) -> Problem:
    """An argument whose name no option has; `near` is the option that it may be meant for, and
    `given` are the options that others name."""
    word = argument.name or spec.Name("", argument.span)
    advice = advise(word.text, near, listed_options(name.text, declared))
    near = str(near) if near in given else near  # no fix, where the option is there already
    return UnknownOption(
        word.span,
        near=near,
        advice=advice,
        type=name.text,
        option=word.text,
    )


def missing_option(
    name: spec.Name, arguments: Sequence[spec.Argument], missing: Sequence[Option]
) -> Problem:
    """The first of the options without a default that were not given."""
    source = name.span.source
    option, more = missing[0], {o.name: _sample(o, source) for o in missing[1:]}
    word = "" if option.main and not source.is_json else option.name
    example = as_written.call(name, arguments, word, _sample(option, source), more)
    doc = option.doc[:1].lower() + option.doc[1:].rstrip(".")
    return MissingOption(
        name.span,
        type=name.text,
        option=option.name,
        example=example,
        doc=doc,
    )


def _sample(option: Option, source: Source) -> str:
    if option.kinds or option.choices:
        one = _sample_kind(option.kinds) if option.kinds else option.choices[0]
        return f'"{one}"' if source.is_json else one
    if alternatives(option.type) == (tuple[int, ...],):
        return "[1, 2]"
    smallest = "0" if option.at_least == 0 else "3"
    return smallest if option.range_text() else "2"


def _sample_kind(kinds: Mapping[str, type]) -> str:
    """The first of its kinds that can stand alone."""
    needed = {n: [o for o in options_of(kind).values() if o.required] for n, kind in kinds.items()}
    alone = (name for name, options in needed.items() if not options)
    return next(alone, next(iter(kinds)))


# ---- values


def unknown_kind(noun: str, name: spec.Name, known: list[str]) -> Problem:
    """A word that names no optimizer, initializer and so on."""
    near = meant(name.text, known)
    advice = advise(name.text, near, _known(known))
    return UnknownKind(name.span, near=near, advice=advice, noun=noun, name=name.text)


def no_kind(noun: str, value: spec.Value, known: list[str]) -> Problem:
    """A value that cannot even be the name of an optimizer, initializer and so on."""
    near = None
    if isinstance(value, spec.Text):
        near = Sure(value.value) if value.value in known else meant(value.value, known)
    advice = as_written.word(near, value.span.source) if near else _known(known)
    name = as_written.source_text(value.span)
    return UnknownKind(value.span, near=near, advice=advice, noun=noun, name=name)


def bad_value(type_name: str, option: Option, number: float, place: spec.Value) -> Problem:
    """A number out of the range of its option."""
    allowed, found, way_out = option.range_text(), f"{number:g} is not", ""
    if abs(number) >= LARGEST:
        allowed, found = " and ".join(filter(None, (allowed, "below 2^53"))), "too large a number"
    elif 0 < abs(number) < SMALLEST and option.allows(number):
        least = f"{SMALLEST:.3g}"
        allowed = f"at least {least}" if option.above == 0 else f"0 or at least {least} from it"
        found = "too small a number"
    elif 2 <= number <= 100 and 1 in (option.below, option.at_most):
        way_out = f"write a fraction: {number / 100:g} for {number:g} %"
    return BadValue(
        place.span,
        type=type_name,
        option=option.name,
        allowed=allowed,
        found=found,
        way_out=way_out,
    )


def open_size(type_name: str, option: Option, value: spec.Value) -> Problem | None:
    """A size that is not known where the option needs a number that is.

    Only a shape, which is always a list, may have open sides.
    """
    if alternatives(option.type) == (tuple[int, ...],):
        return None
    sizes = [number.value for number in numbers_in(value) if is_open(number.value)]
    if not sizes:
        return None
    reason = f"`{option.name}` of `{type_name}` must be known, and this is `{sizes[0]}`"
    return OpenSize(value.span, reason, way_to_close(sizes))


def numbers_in(value: spec.Value | spec.Chain) -> Iterator[spec.Number]:
    """The numbers in a value, those in its lists too."""
    if isinstance(value, spec.Number):
        yield value
    for item in value.items if isinstance(value, spec.List) else ():
        yield from numbers_in(item)


def unknown_function(name: spec.Name) -> Problem:
    """No function, in an expression."""
    near = meant(name.text, FUNCTIONS)
    advice = advise(name.text, near, f"the functions are {quoted(FUNCTIONS)}")
    return UnknownFunction(name.span, near=near, advice=advice, name=name.text)


def _known(names: list[str]) -> str:
    return f"netc knows {quoted(names)}"


def listed_options(type_name: str, options: list[str]) -> str:
    """The options of a type, in words."""
    if not options:
        return f"`{type_name}` has no options"
    if len(options) == 1:
        return f"the only option of `{type_name}` is `{options[0]}`"
    return f"the options of `{type_name}` are {quoted(options)}"
