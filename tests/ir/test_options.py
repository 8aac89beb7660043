"""A written value becomes a typed option, or a problem at its place."""

from dataclasses import dataclass
from typing import Any

import pytest

from netc import spec
from netc.diag import Problem, Source
from netc.formats import read_source
from netc.ir import bind, bind_kind
from netc.layers import INITIALIZERS
from netc.options import PerAxis, option


@dataclass(frozen=True)
class Kind:
    """A kind with an option of every type."""

    count: int = option(1, "A count.", main=True, at_least=1, below=100)
    rate: float = option(0.5, "A rate.", at_least=0, at_most=1)
    flag: bool = option(False, "A flag.")
    mode: str = option("up", "A mode.", choices=("up", "down"))
    path: str = option("", "A path.")
    sides: PerAxis = option(1, "Sides.", at_least=1)
    pad: PerAxis | str = option(0, "Padding.", choices=("same",), at_least=0)
    places: tuple[float, ...] = option((), "Places.")
    limit: float | None = option(None, "A limit.")


@dataclass(frozen=True)
class Needy:
    """A kind that cannot do without."""

    size: int = option(doc="Size of it.", at_least=1)


def bound(written: str, kind: type = Kind) -> tuple[Any, list[Problem]]:
    found = read_source(Source("a.net", f"net a {{ input x [1]\n{written}\n}}"))
    assert isinstance(found, spec.Spec)
    (chain,) = (s for s in found.net.body if isinstance(s, spec.Chain))
    (call,) = chain.steps
    assert isinstance(call, spec.Call)
    problems: list[Problem] = []
    made = bind(kind, call.type, call.arguments, problems)
    return made.value if made else None, problems


@pytest.mark.parametrize(
    ("written", "name", "value"),
    [
        ("k(3)", "count", 3),
        ("k(count: 3)", "count", 3),
        ("k(rate: 1)", "rate", 1.0),
        ("k(rate: 2e-3)", "rate", 0.002),
        ("k(flag: true)", "flag", True),
        ("k(mode: down)", "mode", "down"),
        ('k(path: "a/b")', "path", "a/b"),
        ("k(sides: 3)", "sides", 3),
        ("k(sides: [3, 5])", "sides", (3, 5)),
        ("k(pad: same)", "pad", "same"),
        ("k(pad: [0, 2])", "pad", (0, 2)),
        ("k(places: [1, 2.5])", "places", (1.0, 2.5)),
        ("k(limit: 3)", "limit", 3.0),
        ("k()", "limit", None),
    ],
)
def test_a_value_of_the_right_kind(written: str, name: str, value: object) -> None:
    made, problems = bound(written)
    assert problems == []
    assert getattr(made, name) == value
    assert type(getattr(made, name)) is type(value)


@pytest.mark.parametrize(
    ("written", "slug", "help"),
    [
        ("k(2.5)", "wrong-kind", ""),
        ("k(2.0)", "wrong-kind", "write `2`"),
        ('k("2")', "wrong-kind", "write it without quotes: `2`"),
        ("k(0)", "bad-value", ""),
        ("k(100)", "bad-value", ""),
        ("k(rate: 40)", "bad-value", "write a fraction: 0.4 for 40 %"),
        ("k(rate: true)", "wrong-kind", ""),
        ("k(flag: yes)", "wrong-kind", "write `true`"),
        ("k(flag: 0)", "wrong-kind", "write `false`"),
        ("k(mode: dwon)", "wrong-kind", "did you mean `down`?"),
        ('k(mode: "down")', "wrong-kind", "write it without quotes: `down`"),
        ("k(path: a)", "wrong-kind", 'write it in quotes: `"a"`'),
        ("k(sides: [1, 0])", "bad-value", ""),
        ("k(sides: [1, 2.5])", "wrong-kind", ""),
        ("k(pad: sane)", "wrong-kind", "did you mean `same`?"),
        ("k(places: 1)", "wrong-kind", "write `[1]`"),
        ("k(1, 2)", "unnamed-option", "only `count` may stand without its name"),
        ("k(1, count: 2)", "repeated-option", "keep one of them"),
        ("k(cuont: 2)", "unknown-option", "did you mean `count`?"),
        ("k(zzz: 2)", "unknown-option", "the options of `k` are `count`"),
    ],
)
def test_a_value_that_an_option_does_not_take(written: str, slug: str, help: str) -> None:
    made, problems = bound(written)
    assert made is None
    assert [p.slug for p in problems] == [slug]
    helps = problems[0].diagnostic().helps
    assert helps[0].startswith(help) if help else helps == ()


def test_a_missing_option_is_told_with_an_example() -> None:
    made, problems = bound("k()", Needy)
    assert made is None
    assert [p.diagnostic().helps for p in problems] == [
        ("write for example `k(size: 3)`; `size`: size of it",)
    ]


def test_a_misspelt_option_is_not_missing_as_well() -> None:
    assert [p.slug for p in bound("k(sise: 3)", Needy)[1]] == ["unknown-option"]


@pytest.mark.parametrize("written", ['"sgd"', "5", "[1]", "true", "sdg"])
def test_what_names_no_kind_is_told_of(written: str) -> None:
    found = read_source(
        Source("a.net", f"net a {{ input x [1] }}\ntrain {{ optimizer {written} }}")
    )
    assert isinstance(found, spec.Spec)
    assert found.train is not None
    problems: list[Problem] = []
    assert bind_kind(INITIALIZERS, "thing", found.train.settings[0].value, problems) is None
    assert [p.diagnostic().message for p in problems] == [f"there is no thing `{written}`"]
