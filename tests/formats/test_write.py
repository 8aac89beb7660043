"""What the writer makes of a tree reads back as that tree, and is laid out as people would."""

import re
from typing import Any

import pytest
from hypothesis import given, settings

from netc import spec
from netc.diag import Source
from netc.formats import tidy, write
from netc.formats.net import parse, text_of
from netc.formats.same import is_same
from tests.formats.trees import NOWHERE, specs, values
from tests.formats.whole import TEXTS


def written(text: str) -> str:
    """The text of the tree of a text."""
    found = parse(Source("a.net", text))
    assert isinstance(found, spec.Library), found
    after = write(found, ".net")
    assert isinstance(after, str)
    return after


def body(text: str) -> str:
    lines = written(f"net a {{\n{text}\n}}").splitlines()[1:-1]
    return "\n".join(line[4:] for line in lines)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_becomes_its_tree_again(text: str) -> None:
    tree, again = parse(Source("a.net", text)), parse(Source("b.net", written(text)))
    assert is_same(tree, again)


@settings(max_examples=150)
@given(specs)
def test_any_tree_is_written(tree: spec.Spec) -> None:
    text = write(tree, ".net")
    assert isinstance(text, str)
    again = parse(Source("a.net", text))
    assert is_same(again, tree), text
    assert tidy(Source("a.net", text)) == text


@settings(max_examples=300)
@given(values)
def test_any_value_is_written_on_one_line(value: Any) -> None:
    text = text_of(value)
    read = parse(Source("a.net", f"let a = {text}"))
    assert isinstance(read, spec.Library), text
    assert is_same(read.lets[0].value, value), text


@pytest.mark.parametrize(
    "text",
    [
        "a or b and not c == 1 + 2 * -x ** 2",
        "(a or b) and (not c) == ((1 + 2) * -x) ** 2",
        "a - (b - c) - d",
        "a / (b * c) // d",
        "(2 ** 3) ** 2 ** 3",
        "(-1) ** 2",
        "2 ** -1",
        "--x",
        "not not x",
        "(if a then b else c)[0].width",
        "if a then if b then c else d else if e then f else g",
        "[if a then b else c, (if a then 1 else 2) + 3]",
        "(a == b) == c",
        "a not in [1] or (a in b) in c",
        "{1: {2: 3}}[1][2]",
    ],
)
def test_brackets_stand_where_they_are_needed(text: str) -> None:
    assert body(f"let a = {text}") == f"let a = {text}"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("1_000", "1000"),
        ("5e-4", "0.0005"),
        ("1e-05", "1e-5"),
        ("1.50e+20", "1.5e20"),
        ("1.0", "1.0"),
        ("-0.0", "-0.0"),
        ("1e999", "1e999"),
        ("-1e999", "-1e999"),
        ("(((1)))", "1"),
    ],
)
def test_numbers_are_written_as_people_do(text: str, after: str) -> None:
    assert body(f"let a = {text}") == f"let a = {after}"


LONG = {
    "a chain goes on below its beginning": (
        f"a = {' -> '.join(['conv(8, kernel: [3, 5], pad: 1)'] * 4)}",
        "a = conv(8, kernel: [3, 5], pad: 1) -> conv(8, kernel: [3, 5], pad: 1)\n"
        "    -> conv(8, kernel: [3, 5], pad: 1) -> conv(8, kernel: [3, 5], pad: 1)",
    ),
    "a list fills its lines": (
        f"let a = [{', '.join(['[1, 2, 3]'] * 10)}]",
        f"let a = [\n    {', '.join(['[1, 2, 3]'] * 8)},\n    [1, 2, 3], [1, 2, 3],\n]",
    ),
    "a call goes on between its brackets": (
        f"loss f({', '.join(['argument: long + longer'] * 4)})",
        f"loss f(\n    {', '.join(['argument: long + longer'] * 3)},\n"
        "    argument: long + longer,\n)",
    ),
    "a join with one plain branch stays on a line": (
        "add { relu -> tanh } -> elu",
        "add { relu -> tanh } -> elu",
    ),
    "a join with more has a line for each": (
        "add { relu ; tanh } -> elu -> max { add { relu } }",
        "add {\n    relu\n    tanh\n} -> elu -> max {\n    add { relu }\n}",
    ),
    "a choice of short lines stays on a line": (
        "if a { relu } else if b { tanh } else { elu }\nif a {\nrelu\n}\nfor i in 0..2 { conv(i) }",
        "if a { relu } else if b { tanh } else { elu }\nif a { relu }\nfor i in 0..2 { conv(i) }",
    ),
    "groups of lines stand apart": (
        "let a = 1\ninput x [3]\nassert a\nrelu\nassert shape == [3]\ntanh\nloss f\nassert b",
        "let a = 1\n\ninput x [3]\nassert a\n\nrelu\nassert shape == [3]\ntanh\n\nloss f\nassert b",
    ),
}


@pytest.mark.parametrize("name", LONG)
def test_layout(name: str) -> None:
    before, after = LONG[name]
    assert body(before) == after


@settings(max_examples=100)
@given(specs)
def test_only_what_cannot_be_broken_is_longer_than_a_line(tree: spec.Spec) -> None:
    for line in str(write(tree, ".net")).split("\n"):
        assert len(line) <= 110 or not re.search(r"\w -> |, \w+, ", line[:-30]), line


def test_a_text_that_cannot_be_quoted_is_told_of() -> None:
    use = spec.Use(spec.Text('a"b', NOWHERE), NOWHERE)
    found = write(spec.Library(NOWHERE.source, (use,)), ".net")
    assert [problem.slug for problem in found if not isinstance(problem, str)] == [
        "unwritable-text"
    ]
