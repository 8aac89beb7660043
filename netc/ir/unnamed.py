"""What is said about values that stand without the names of their options."""

from collections.abc import Sequence

from netc import spec
from netc.diag import Problem
from netc.ir import written as as_written
from netc.ir.expected import takes_numbers
from netc.ir.problems import UnnamedOption
from netc.ir.refuse import listed_options
from netc.ir.wrong_kind import without_list
from netc.layers import Layer
from netc.options import main_option, options_of

_SIZE_FIRST = {"conv": 3, "dense": 2, "batch_norm": 1}
"""Types that PyTorch writes with the size of what flows in as the first number, and how many
numbers there are then at least."""

_LARGEST_KERNEL = 11


def unnamed_option(
    kind: type,
    name: spec.Name,
    arguments: Sequence[spec.Argument],
    unnamed: Sequence[spec.Argument],
    taken: set[str],
) -> Problem:
    """The problem of the `unnamed` among the arguments; `taken` are the options that are there."""
    question = "which option is this?" if len(unnamed) == 1 else "which options are these?"
    if not options_of(kind):
        question = f"`{name.text}` has no options"
    span = unnamed[0].span.to(unnamed[-1].span)
    way_out = _way_out(kind, name, arguments, unnamed, taken)
    return UnnamedOption(span, type=name.text, question=question, way_out=way_out)


def _way_out(
    kind: type,
    name: spec.Name,
    arguments: Sequence[spec.Argument],
    unnamed: Sequence[spec.Argument],
    taken: set[str],
) -> str:
    declared, main, source = options_of(kind), main_option(kind), name.span.source
    values = [a.value for a in arguments if a.name is None]
    if (joined := without_list(name.text, unnamed[0].value)) and not source.is_json:
        return joined
    if not declared:
        is_size = all(isinstance(v, spec.Number) and type(v.value) is int for v in values)
        return "leave it out" + "; its sizes follow from what flows in" * is_size
    if call := _call(kind, name, arguments):
        return call
    wanted = [o.name for o in declared.values() if o.required and o.name not in taken]
    way_out = listed_options(name.text, list(declared))
    if wanted:
        example = as_written.option(wanted[0], as_written.written(unnamed[0].value), source)
        way_out = f"write for example `{example}`"
    return f"only `{main.name}` may stand without its name; {way_out}" if main else way_out


def _call(kind: type, name: spec.Name, arguments: Sequence[spec.Argument]) -> str:
    """The call that is most likely meant by numbers in the order that other languages know."""
    numbers = [a.value for a in arguments if a.name is None and isinstance(a.value, spec.Number)]
    is_plain = len(numbers) == sum(a.name is None for a in arguments)
    if not issubclass(kind, Layer) or not is_plain or name.span.source.is_json:
        return ""
    is_size_first = _is_size_first(name.text, numbers)
    rest = numbers[1:] if is_size_first else numbers
    named = [as_written.source_text(a.span) for a in arguments if a.name is not None]
    given = {a.name.text for a in arguments if a.name is not None}
    free = [option for option in options_of(kind).values() if option.name not in given]
    if len(rest) > len(free):
        return ""
    texts = []
    for option, number in zip(free, rest, strict=False):
        if not (takes_numbers(option) and option.allows(number.value)):
            return ""
        text = as_written.source_text(number.span)
        texts.append(text if option.main else f"{option.name}: {text}")
    call = f"{name.text}({', '.join([*texts, *named])})" if texts or named else name.text
    if is_size_first:
        return f"what flows in is known; write for example `{call}`"
    main = main_option(kind)
    only = f"only `{main.name}` may stand without its name; " if main else ""
    return f"{only}write for example `{call}`"


def _is_size_first(type_name: str, numbers: Sequence[spec.Number]) -> bool:
    """Whether the first number is most likely the size of what flows in."""
    least = _SIZE_FIRST.get(type_name)
    if least is None or len(numbers) < least:
        return False
    if type_name != "conv":
        return True
    first, second = numbers[0].value, numbers[1].value
    return second >= first or second > _LARGEST_KERNEL
