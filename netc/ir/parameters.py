"""Parameters of blocks and nets bound to what is given for them."""

from collections.abc import Sequence

from netc import spec
from netc.diag import Problem, listed, quoted
from netc.ir.constants import Constant, described, is_number, kind_of, shown
from netc.ir.evaluate import Evaluator
from netc.ir.meant import advise, meant
from netc.ir.problems import (
    MissingArgument,
    RepeatedOption,
    TooManyArguments,
    UnknownArgument,
    WrongArgument,
)
from netc.ir.written import call


def bind_arguments(
    block: spec.Block,
    use: spec.Name,
    arguments: Sequence[spec.Argument],
    given: Evaluator,
    problems: list[Problem],
) -> dict[str, Constant | None] | None:
    """The constants given for a block's parameters; None where the use of the block is wrong.

    `given` evaluates where the block is used. A value that was wrong there is None. Defaults are
    not filled in: they may ask for other parameters.
    """
    before = len(problems)
    written = match_arguments(block, use, arguments, problems)
    found = {name: _constant(argument, given) for name, argument in written.items()}
    for parameter in block.parameters:
        name = parameter.name.text
        value = found.get(name)
        if value is not None and parameter.default is not None:
            wrong = wrong_kind(block.name, parameter, written[name].value, value)
            problems += [wrong] if wrong else []
    return None if len(problems) > before else found


def wrong_kind(
    block: spec.Name, parameter: spec.Parameter, written: spec.Value | spec.Chain, value: Constant
) -> Problem | None:
    """The problem where a value is of another kind than the parameter's default plainly is."""
    default = parameter.default
    wanted = _plain_kind(default)
    if default is None or wanted is None or wanted == kind_of(value):
        return None
    if wanted == "a number" and isinstance(value, tuple) and all(map(is_number, value)):
        return None  # one number for all axes, or one for each, as options of layers take them
    way_out = ""
    if wanted == "a list":
        way_out = f"write `[{shown(value)}]`"
    elif wanted == "a number" and isinstance(value, str) and value.strip("-").isdigit():
        way_out = f"write it without quotes: `{value}`"
    return WrongArgument(
        written.span,
        block=block.text,
        name=parameter.name.text,
        wanted=wanted,
        found=described(value),
        default=default.span,
        way_out=way_out,
    )


def _plain_kind(default: spec.Value | None) -> str | None:
    """The kind of a default, where it can be seen without working it out."""
    match default:
        case spec.Number():
            return "a number"
        case spec.Text():
            return "a text"
        case spec.Boolean():
            return "true or false"
        case spec.List():
            return "a list"
        case spec.Table():
            return "a table"
    return None


def _constant(argument: spec.Argument, given: Evaluator) -> Constant | None:
    value = argument.value
    return None if isinstance(value, spec.Chain) else given.constant(value)


def match_arguments(
    block: spec.Block,
    use: spec.Name,
    arguments: Sequence[spec.Argument],
    problems: list[Problem],
) -> dict[str, spec.Argument]:
    """The argument for each parameter; arguments for none are problems, as are missing ones."""
    names = [parameter.name.text for parameter in block.parameters]
    found: dict[str, spec.Argument] = {}
    positional = [argument for argument in arguments if argument.name is None]
    found.update(zip(names, positional, strict=False))
    problems += [_too_many(block, extra, positional) for extra in positional[len(names) :][:1]]
    excused: set[str] = set()
    for argument in arguments:
        if argument.name is None:
            continue
        word = argument.name.text
        if word not in names:
            near = meant(word, names)
            known = _known(names)
            problems.append(
                UnknownArgument(
                    argument.name.span,
                    near=near,
                    advice=advise(word, near, known),
                    block=block.name.text,
                    name=word,
                )
            )
            excused |= {near} if near else set()
        elif word in found:
            first, second = sorted((found[word].span, argument.span), key=lambda span: span.start)
            problems.append(RepeatedOption(second, option=word, first=first))
        else:
            found[word] = argument
    missing = [
        parameter
        for parameter in block.parameters
        if parameter.default is None and parameter.name.text not in {*found, *excused}
    ]
    problems += [_missing(block, use, arguments, missing)] if missing else []
    return found


def _known(names: list[str]) -> str:
    if len(names) == 1:
        return f"its only parameter is `{names[0]}`"
    return f"its parameters are {quoted(names)}" if names else "it has no parameters"


def _missing(
    block: spec.Block,
    use: spec.Name,
    arguments: Sequence[spec.Argument],
    missing: list[spec.Parameter],
) -> Problem:
    names = [parameter.name.text for parameter in missing]
    example = call(use, arguments, names[0], "...", dict.fromkeys(names[1:], "..."))
    return MissingArgument(
        use.span,
        block=block.name.text,
        names=listed((f"`{name}`" for name in names), "and"),
        example=example,
        parameter=missing[0].span,
    )


def _too_many(
    block: spec.Block, extra: spec.Argument, positional: Sequence[spec.Argument]
) -> Problem:
    names = [parameter.name.text for parameter in block.parameters]
    count = len(names)
    takes = {0: "no values", 1: "one value"}.get(count, f"{count} values")
    if any(parameter.default is not None for parameter in block.parameters):
        takes = f"at most {takes}"
    return TooManyArguments(
        extra.span,
        block=block.name.text,
        takes=takes,
        got=len(positional),
        way_out=_known(names) if names else "leave it out",
    )
