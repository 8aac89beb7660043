"""Every option of every layer type, set to what it cannot be: a problem that names it, no more."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from netc.cli.checked import check_text
from netc.cli.screen import is_error
from netc.diag import Problem
from netc.ir.expected import alternatives, is_initializer
from netc.ir.problems import BadShape
from netc.layers import REGISTRY, Layer, Learning, common_options
from netc.options import LayerName, Option, Table, options_of
from tests.uses import EXAMPLES

ODD = (
    "0", "-1", "1", "2", "7", "10**9", "1e300", "1e400", "0.5", "1e-300", '""', "relu", "true",
    "[0]", "[1]", "[2, 1]", "[1, 1, 1]", "[1, 2, 3, 4, 5]", "[10**9, 10**9]", "[2**62]",
    "[[]]", "[[0, 9], [1]]", "[[[1]]]", "range(5)",
)  # fmt: skip
"""Values that fit one option or another, and mostly none."""

EXPRESSIONS = (
    "0 / 0", "(-8) ** 0.5", "log(0)", "sqrt(-1)", "1e308 * 10", "10**30", "-(10**9)", "2**53",
    "word", "x0", "in.channels", "gaussian(-1)", "constant()", "range(10**9)", "[0] * 10**9",
    '{"a": 1}', "{1: 2}", "1 if 2 else 3", "[1, 2][5]", "[true]", "none", "max(1, 2, [3])",
)  # fmt: skip
"""Expressions that are no value, or one of which the same is said whatever the option."""

OWN = [(kind, o) for kind in REGISTRY.values() for o in options_of(kind).values()]
COMMON = [
    (REGISTRY[name], o)
    for name in ("conv", "batch_norm", "euclidean_loss")
    for kind in common_options(REGISTRY[name])
    for o in options_of(kind).values()
]
OF_EACH_TYPE = list({(str(o.type), o.choices): (kind, o) for kind, o in (*OWN, *COMMON)}.values())


def of_options(pairs: list[tuple[type[Layer], Option]]) -> pytest.MarkDecorator:
    found = [pytest.param(kind, o, id=f"{kind.name}.{o.name}") for kind, o in pairs]
    return pytest.mark.parametrize(("kind", "option"), found)


everywhere = of_options([*OWN, *COMMON])


def net_with(kind: type[Layer], option: str, value: str) -> tuple[str, range]:
    """The example of a manual as a net with one option changed, and where its value stands."""
    inside = EXAMPLES[kind.name].split(" -> ")[0].partition("(")[2][:-1]
    types: list[str] = []
    while found := re.match(r"(\[[^\]]*\]|class\(\d+\)(?: \[[^\]]*\])?)(, |$)", inside):
        types.append(found[1])
        inside = inside[found.end() :]
    others = [o for o in re.split(r", (?=\w+: )", inside) if o and not o.startswith(f"{option}:")]
    names = [f"x{i}" for i in range(len(types))]
    inputs = [f"input {name} {type}\n" for name, type in zip(names, types, strict=True)]
    role = kind.roles[0] if kind.roles else "output"
    begin = f"{role} y = {kind.name}({', '.join([*names, *others, ''])}{option}: "
    text = f"net bad {{\n{''.join(inputs)}{begin}{value})\n}}\n"
    start = text.index(begin) + len(begin)
    return text, range(start - len(option) - 2, start + len(value))


def errors_of(text: str) -> list[Problem]:
    return [problem for problem in check_text(text).problems if is_error(problem)]


def assert_names(problem: Problem, option: str, place: range) -> None:
    """The option is named, or it is what the problem points at."""
    said = problem.diagnostic()
    points_at_it = said.primary is not None and said.primary.span.start in place
    assert points_at_it or f"`{option}`" in said.text, said.text
    if isinstance(problem, BadShape):
        assert said.helps, f"nothing is said of how to mend it: {said.text}"


def beyond(option: Option) -> Iterator[float]:
    """Numbers just outside of the declared range."""
    step = 1 if int in alternatives(option.type) or Table in alternatives(option.type) else 0.125
    for bound, way, may_be in (
        (option.at_least, -step, True),
        (option.above, -step, False),
        (option.at_most, step, True),
        (option.below, step, False),
    ):
        if bound is not None:
            yield bound + way
            if not may_be:
                yield bound


def of_wrong_kind(option: Option) -> Iterator[str]:
    """Values that an option of this type cannot be."""
    taken: set[Any] = set(alternatives(option.type))
    if is_initializer(option.type):
        yield from ('"gaussian"', "nonsense", "true", "[1]", "1e300", "gaussian(std: -1)")
        return
    if LayerName in taken:
        yield from ("nowhere", "3", "true", "[y]", "2 ** 3", '""')
        return
    if not taken & {float}:
        yield "1.5"
    if not taken & {bool}:
        yield "true"
    if not taken & {tuple[int, ...], Table}:
        yield "[1]"
    if Table not in taken:
        yield "[[1]]"
    if not taken & {int, float}:
        yield "3"
    yield from ("[]", '"text"', "nonsense", "{1: 2}", '["a"]', "[1.5]", "range(0)")


def shaped(option: Option, number: float) -> Iterator[str]:
    """A number as the option may hold it: alone, in a list, in a list of lists."""
    taken = alternatives(option.type)
    if {int, float} & set(taken):
        yield f"{number:g}"
    if tuple[int, ...] in taken:
        yield f"[{number:g}, {number:g}]"
    if Table in taken:
        yield f"[[{number:g}]]"


@everywhere
def test_a_number_beyond_the_range_is_refused(kind, option):
    for value in (v for number in beyond(option) for v in shaped(option, number)):
        text, place = net_with(kind, option.name, value)
        errors = errors_of(text)
        assert errors, f"nothing is said of {option.name}: {value}"
        for problem in errors:
            assert_names(problem, option.name, place)


@everywhere
def test_a_value_of_the_wrong_kind_is_refused(kind, option):
    for value in of_wrong_kind(option):
        text, place = net_with(kind, option.name, value)
        errors = errors_of(text)
        assert errors, f"nothing is said of {option.name}: {value}"
        for problem in errors:
            assert_names(problem, option.name, place)


@everywhere
def test_whatever_it_is_set_to_only_problems_follow(kind, option):
    for value in ODD:
        text, place = net_with(kind, option.name, value)
        for problem in errors_of(text):
            assert_names(problem, option.name, place)


@of_options(OF_EACH_TYPE)
def test_whatever_expression_it_is_set_to_only_problems_follow(kind, option):
    for value in EXPRESSIONS:
        text, place = net_with(kind, option.name, value)
        for problem in errors_of(text):
            assert_names(problem, option.name, place)


NO_END = {
    "alpha", "amplitude", "at", "base", "beta", "epsilon", "forget_bias", "ignore", "j", "k",
    "margin", "max", "min", "power", "scale", "shift", "slope", "start", "stop", "threshold",
    "value", "weight", "max_norm", *options_of(Learning),
}  # fmt: skip
"""Options that may be any number of their side of 0, or any place counted from the end."""


@of_options([pair for pair in OWN if pair[1].name not in NO_END])
def test_a_number_has_a_least_value(kind, option):
    holds_numbers = {int, float, tuple[int, ...], Table} & set(alternatives(option.type))
    assert option.range_text() or not holds_numbers


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_an_option_that_there_is_not_is_refused_with_those_there_are(name):
    text, place = net_with(REGISTRY[name], "nonsense_option", "1")
    (problem,) = errors_of(text)
    said = problem.diagnostic()
    assert said.slug == "unknown-option"
    assert (
        all(f"`{o}`" in said.text for o in options_of(REGISTRY[name])) or "no options" in said.text
    )
    assert_names(problem, "nonsense_option", place)
