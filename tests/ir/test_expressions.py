"""Expressions are worked out as Python works them out, and refused where they mean nothing."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc import spec
from netc.diag import Problem, Source
from netc.formats import read_source
from netc.ir import build
from netc.ir.attributes import ATTRIBUTES
from netc.ir.evaluate import Evaluator
from netc.ir.frame import Frame
from netc.ir.functions import FUNCTIONS
from netc.ir.scope import Scope


def evaluated(text: str, **constants: Any) -> tuple[Any, list[str]]:
    """The value of an expression, and the slugs of what is wrong with it."""
    whole = read_source(Source("a.net", f"net a {{ input x [4]\n let value = {text}\n}}"))
    assert isinstance(whole, spec.Spec), whole
    let = whole.net.body[1]
    assert isinstance(let, spec.Let)
    problems: list[Problem] = []
    frame = Frame(Scope(constants=dict(constants)), "net")
    value = Evaluator(problems, frame).constant(let.value)
    return value, [problem.slug for problem in problems]


NUMBERS = st.one_of(
    st.integers(0, 40).map(str), st.sampled_from(["0.5", "2.25", "1e2", "3.0", "1_000"])
)


def arithmetic(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*", "/", "//", "%"])
    return st.one_of(
        st.builds(lambda a, o, b: f"{a} {o} {b}", inner, operators, inner),
        st.builds(lambda a, n: f"{a} ** {n}", inner, st.sampled_from(["2", "-1", "0.5"])),
        st.builds(lambda a: f"-{a}", inner),
        st.builds(lambda a: f"({a})", inner),
        st.builds(lambda a, b: f"min({a}, {b})", inner, inner),
        st.builds(lambda a: f"abs({a})", inner),
    )


def logic(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda a, o, b: f"{a} {o} {b}", inner, st.sampled_from(["and", "or"]), inner),
        st.builds(lambda a: f"not {a}", inner),
        st.builds(lambda a: f"({a})", inner),
    )


SUMS = st.recursive(NUMBERS, arithmetic, max_leaves=8)
COMPARISONS = st.one_of(
    st.sampled_from(["true", "false"]),
    st.builds(
        lambda a, o, b: f"{a} {o} {b}",
        SUMS,
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        SUMS,
    ),
    st.builds(lambda a, b: f"{a} in [{b}, 1, 2]", NUMBERS, NUMBERS),
    st.builds(lambda a, b: f"{a} not in [{b}, 1, 2]", NUMBERS, NUMBERS),
)
CONDITIONS = st.recursive(COMPARISONS, logic, max_leaves=6)


def in_python(text: str) -> Any:
    """What Python makes of the same text, or the kind of error that it raises."""
    words = {"true": True, "false": False, "min": min, "abs": abs, "__builtins__": {}}
    try:
        return eval(text, words)
    except (ZeroDivisionError, OverflowError) as error:
        return type(error)


def is_within_bounds(value: Any) -> bool:
    if isinstance(value, complex | type):
        return False
    return abs(value) < 2**63 if isinstance(value, int) else math.isfinite(value)


@settings(max_examples=300)
@given(SUMS)
def test_arithmetic_is_that_of_python(text: str) -> None:
    expected = in_python(text)
    value, problems = evaluated(text)
    if expected is ZeroDivisionError:
        assert problems == ["division-by-zero"]
    elif problems:
        assert problems[0] in ("too-large-result", "wrong-operand"), problems
    elif is_within_bounds(expected):
        assert (type(value), value) == (type(expected), pytest.approx(expected, nan_ok=True))


@settings(max_examples=300)
@given(CONDITIONS)
def test_logic_is_that_of_python(text: str) -> None:
    value, problems = evaluated(text)
    if not problems:
        assert value is in_python(text)
    else:
        assert set(problems) <= {"division-by-zero", "too-large-result", "wrong-operand"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-2 ** 2", -4),
        ("2 ** -1", 0.5),
        ("2 ** 3 ** 2", 512),
        ("7 // 2 * 2 + 7 % 2", 7),
        ("-7 // 2", -4),
        ("-7 % 3", 2),
        ("not 1 == 2", True),
        ("not true or true", True),
        ("true or false and false", True),
        ("1 < 2 and 2 < 3", True),
        ("3 in [1, 2, 3] and 4 not in [1]", True),
        ("if 1 < 2 then 3 else 4", 3),
        ("if false then 1 else if false then 2 else 3", 3),
        ("1 + if true then 2 else 3", None),
        ("1 + (if true then 2 else 3)", 3),
        ("[1, 2] + [3]", (1, 2, 3)),
        ("[1, 2] * 2", (1, 2, 1, 2)),
        ('"a" + "b"', "ab"),
        ('"a" < "b"', True),
        ('"b" in "abc"', True),
        ('"b" in {"b": 1}', True),
        ("[1, 2][-1]", 2),
        ("[[1, 2], [3]][0][1]", 2),
        ('{18: [2, 2], "deep": [3]}["deep"][0]', 3),
        ("{1: 2} == {1: 2}", True),
        ("[1, 2] == [1, 2.0]", True),
        ("true == 1", False),
        ("1 in [true]", False),
        ("1e3 == 1_000", True),
    ],
)
def test_what_expressions_mean(text: str, value: Any) -> None:
    if value is None:
        whole = read_source(Source("a.net", f"net a {{ input x [4]\n let v = {text}\n}}"))
        assert isinstance(whole, list)
        return
    found, problems = evaluated(text)
    assert (found, type(found), problems) == (value, type(value), [])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("min(3, 1, 2)", 1),
        ("min([3, 1])", 1),
        ("max(3, 1, 2.5)", 3),
        ("sum(1, 2, 3)", 6),
        ("sum([])", 0),
        ("floor(2.7)", 2),
        ("floor(-2.1)", -3),
        ("ceil(2.1)", 3),
        ("round(2.5)", 3),
        ("round(3.5)", 4),
        ("round(-0.4)", 0),
        ("abs(-3)", 3),
        ("sqrt(16)", 4.0),
        ("log(1)", 0.0),
        ("len([1, 2])", 2),
        ("len({1: 2})", 1),
        ('len("abc")', 3),
        ("range(3)", (0, 1, 2)),
        ("range(1, 3)", (1, 2)),
        ("range(6, 0, -2)", (6, 4, 2)),
    ],
)
def test_what_functions_give(text: str, value: Any) -> None:
    assert evaluated(text) == (value, [])


def test_every_function_is_tested() -> None:
    texts = [mark.args[1] for mark in test_what_functions_give.pytestmark]  # type: ignore[attr-defined]
    tested = {text.partition("(")[0] for text, _ in texts[0]}
    assert tested == set(FUNCTIONS)


def test_the_words_of_the_language_are_those_that_are_worked_out() -> None:
    assert set(FUNCTIONS) == set(spec.FUNCTIONS)
    assert tuple(ATTRIBUTES) == spec.ATTRIBUTES


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("1 / 0", "division-by-zero"),
        ("1 // 0", "division-by-zero"),
        ("1 % 0.0", "division-by-zero"),
        ("0 ** -1", "division-by-zero"),
        ("10 ** 19", "too-large-result"),
        ("9 ** 9 ** 9", "too-large-result"),
        ("10.0 ** 400", "too-large-result"),
        ("1e300 * 1e300", "too-large-result"),
        ("[1] * 1_000_000", "too-large-result"),
        ("range(1_000_000_000)", "wrong-arguments"),
        ("(-8) ** 0.5", "wrong-operand"),
        ('1 + "a"', "wrong-operand"),
        ("1 + true", "wrong-operand"),
        ("[1] + 1", "wrong-operand"),
        ("-true", "wrong-operand"),
        ("not 1", "wrong-operand"),
        ('1 < "a"', "wrong-operand"),
        ("[1] < [2]", "wrong-operand"),
        ("1 in 2", "wrong-operand"),
        ("1 and true", "wrong-condition"),
        ("true and 1", "wrong-condition"),
        ("if 1 then 2 else 3", "wrong-condition"),
        ("nothing", "unknown-name"),
        ("nothing(1)", "unknown-function"),
        ("x.channels", "unknown-value"),
        ("[1].size", "unknown-attribute"),
        ("in.channels", "unknown-value"),
        ("[1][1]", "bad-index"),
        ("[1][0.0]", "bad-index"),
        ("[1][true]", "bad-index"),
        ("{1: 2}[2]", "bad-index"),
        ("{1: 2}[true]", "bad-index"),
        ("{1: 2}[[1]]", "bad-index"),
        ("1[0]", "not-indexed"),
        ("{[1]: 2}", "wrong-arguments"),
        ("{1: 2, 1: 3}", "wrong-arguments"),
        ("min()", "wrong-arguments"),
        ('max("a", 1)', "wrong-arguments"),
        ("len(1)", "wrong-arguments"),
        ("len([1], [2])", "wrong-arguments"),
        ("sqrt(-1)", "wrong-arguments"),
        ("log(0)", "wrong-arguments"),
        ("range(0.5)", "wrong-arguments"),
        ("range(1, 2, 0)", "wrong-arguments"),
        ("floor(true)", "wrong-arguments"),
        ("abs(a: 1)", "wrong-arguments"),
    ],
)
def test_what_means_nothing_is_refused(text: str, slug: str) -> None:
    assert evaluated(text) == (None, [slug])


@pytest.mark.parametrize(
    "text",
    [
        "if k != 0 then 1 / k else 0",
        "if k == 0 or 1 / k > 3 then 0 else 1",
        "if k != 0 and 1 / k > 3 then 1 else 0",
        "if true then 0 else nothing",
    ],
)
def test_what_is_not_needed_is_not_worked_out(text: str) -> None:
    assert evaluated(text, k=0) == (0, [])


def test_a_wrong_constant_is_told_once() -> None:
    assert evaluated("k + k * 2", k=None) == (None, [])


def test_lists_and_texts_that_double_end() -> None:
    lets = "".join(f"let a{i + 1} = a{i} + a{i}\n" for i in range(60))
    text = f'let a0 = "netc"\n{lets}net a {{ input x [4]\n if a60 == "b" {{ relu }}\n }}'
    whole = read_source(Source("a.net", text))
    assert isinstance(whole, spec.Spec)
    slugs = [problem.slug for problem in build(whole).problems]
    assert slugs == ["too-large-result"]
