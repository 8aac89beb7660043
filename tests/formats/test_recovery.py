"""One mistake hides no other, and none is told twice."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.diag import Problem, Source
from netc.formats import read_source
from netc.formats.net.recover import mistakes
from netc.formats.problems import SyntaxProblem, TooDeep, UnclosedBracket
from tests.formats.whole import WHOLE

SPECS = [
    WHOLE,
    *(
        path.read_text(encoding="utf-8")
        for path in sorted((Path(__file__).parents[2] / "specs").glob("*.net"))
    ),
]
BRACKET = re.compile(r'"[^"\n]*"|#[^\n]*|([()\[\]{}])')
STATEMENT = re.compile(r'^[ ]*[a-z][^#\n{"]*[^#\n{" ;,(\[](?!")', re.MULTILINE)


def problems(text: str) -> list[Problem]:
    found = read_source(Source("a.net", text))
    return found if isinstance(found, list) else []


def lines(found: list[Problem]) -> list[int]:
    return [p.span.corners[0] for p in found if p.span]


def damaged(text: str, rng: random.Random) -> tuple[str, int]:
    """A text with one bracket left out or written twice, and its line, counted from 1."""
    at = rng.choice([m.start() for m in BRACKET.finditer(text) if m[1]])
    line = text.count("\n", 0, at) + 1
    return text[:at] + text[at] * rng.choice((0, 2)) + text[at + 1 :], line


@pytest.mark.parametrize("text", SPECS)
def test_statements_that_are_right_together_are_right_alone(text: str) -> None:
    assert mistakes(Source("a.net", text), right_up_to=0) == []


@settings(max_examples=300)
@given(st.sampled_from(SPECS), st.integers(0, 2**32))
def test_a_bracket_too_few_or_too_many_is_told_of_once(text: str, seed: int) -> None:
    wrong, _ = damaged(text, random.Random(seed))
    found = problems(wrong)
    assert 1 <= len(found) <= 3
    assert len(set(lines(found))) <= 2


@settings(max_examples=300)
@given(st.sampled_from(SPECS), st.integers(0, 2**32))
def test_a_mistake_is_found_beside_a_wrong_bracket(text: str, seed: int) -> None:
    rng = random.Random(seed)
    wrong, line = damaged(text, rng)
    ends = [m.end() for m in STATEMENT.finditer(wrong)]
    # The line below may belong to the same call or list.
    places = [at for at in ends if wrong.count("\n", 0, at) + 1 not in (line, line + 1)]
    at = rng.choice(places)
    found = problems(wrong[:at] + " ? " + wrong[at:])
    assert wrong.count("\n", 0, at) + 1 in lines(found)
    assert len(found) <= 5


def test_mistakes_of_a_long_list_are_cut_off_and_it_is_said() -> None:
    found = problems("net a {\n" + "    dense 3\n" * 1000 + "}\n")
    assert lines(found) == list(range(2, 22))
    last = found[-1]
    assert isinstance(last, SyntaxProblem)
    assert last.diagnostic().notes == ("there are more mistakes of syntax below",)
    assert all(not p.diagnostic().notes for p in found[:-1])


def test_twenty_mistakes_are_all_there_are() -> None:
    found = problems("net a {\n" + "    dense 3\n" * 20 + "}\n")
    assert len(found) == 20
    assert all(not p.diagnostic().notes for p in found)


def test_brackets_forgotten_line_by_line_are_not_nested() -> None:
    found = problems("net a {\n" + "    dense(3\n" * 60 + "}\n")
    assert len(found) == 20
    assert all(isinstance(p, UnclosedBracket) for p in found)


def test_words_that_begin_like_words_of_the_language_are_names() -> None:
    (found,) = problems("net a {\n    assert 1 orders\n}\n")
    assert found.span is not None
    assert found.span.source.text[found.span.start : found.span.end] == "orders"


@pytest.mark.parametrize(
    "text",
    [
        "let a = " + "1 + " * 5000 + "1",
        "let a = " + "-" * 5000 + "1",
        "let a = " + "not " * 5000 + "1",
        "let a = " + "2 ** " * 5000 + "1",
        "let a = " + "if b then c else " * 3000 + "1",
        "let a = b" + ".c" * 5000,
        "let a = b" + "[1]" * 5000,
        "net a { if b { }" + " else if b { }" * 2000 + " }",
        "let a = " + "(" * 5000 + "1" + ")" * 5000,
        "net a { " + "if b { " * 3000 + "}" * 3000 + " }",
    ],
)
def test_what_is_nested_too_deep_is_refused(text: str) -> None:
    (found,) = problems(text)
    assert isinstance(found, TooDeep)


@pytest.mark.parametrize(
    "text",
    [
        *(mark * 20_000 for mark in "({[)]};\"'#?x 9\n→\0"),
        *("net a {\n" + mark * 20_000 for mark in "({[)]};\"'#?x 9\n→\0"),
        "net a {\n" + "x {\n" * 5000,
        "net a {\n" + "x }\n" * 5000,
        "net a {\nx" + "\n# y " * 5000 + "\n?",
        "net a {\nx = + {" + "\n# y " * 5000 + "\n?",
        "x\n" * 20_000,
    ],
)
def test_garbage_of_any_length_is_told_of(text: str) -> None:
    found = problems(text)
    assert 1 <= len(found) <= 20
    for problem in found:
        assert problem.diagnostic().message
