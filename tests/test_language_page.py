"""docs/language.md misses no construct: each stands in an example of the page that is right."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lark import Token, Tree

from netc.formats.net.brackets import DEEPEST as DEEPEST_BRACKETS
from netc.formats.net.grammar import parser
from netc.formats.read import LARGEST as LARGEST_FILE
from netc.formats.use.resolve import MOST_FILES
from netc.ir import constants, state
from netc.ir.apply import LARGEST as LARGEST_ARRAY
from netc.ir.attributes import ATTRIBUTES
from netc.ir.functions import FUNCTIONS
from netc.layers import REGISTRY, Counting, Learning, inputs_of
from netc.options import options_of
from netc.spec import MEASURES
from netc.training import NAMES

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/language.md").read_text(encoding="utf-8")
GRAMMAR = (ROOT / "grammar/net.lark").read_text(encoding="utf-8")
RIGHT = re.findall(
    r"^```net\n((?:(?!```).)*)^```$(?!\n\n[^\n`]*says\n\n```text)", PAGE, re.M | re.S
)
TREES = [parser().parse(text) for text in RIGHT]

OPERATORS = {
    *("if", "or", "and", "not", "==", "!=", "<", "<=", ">", ">=", "in", "not in"),
    *("+", "-", "*", "/", "//", "%", "- in front", "**", "x[i]", "x.attribute"),
}


def trees(rule: str) -> Iterator[Tree[Token]]:
    for tree in TREES:
        yield from tree.find_data(rule)


def first(tree: Tree[Token]) -> str:
    """The first word of a part of the tree."""
    return str(next(tree.scan_values(lambda _: True)))


def operators() -> Iterator[str]:
    """The operators of all examples."""
    for tree in trees("binary"):
        yield str(tree.children[1])
    for tree in trees("unary"):
        yield str(tree.children[0]).replace("-", "- in front")
    named = {"conditional": "if", "not_in": "not in", "index": "x[i]", "attribute": "x.attribute"}
    for rule, name in named.items():
        yield from (name for _ in trees(rule))


def rules() -> set[str]:
    """The rules of the grammar that leave a node in the tree, whatever they hold."""
    made = re.findall(r"^([a-z]\w*):(?!.*-> \w+$)", GRAMMAR, re.M)
    return {*made, *re.findall(r"-> (\w+)$", GRAMMAR, re.M)}


def test_every_rule_of_the_grammar_is_in_an_example() -> None:
    used = {tree.data for each in TREES for tree in each.iter_subtrees()}
    assert len(rules()) > 30
    assert rules() - used == set()


def test_every_operator_is_in_an_example_and_in_the_table() -> None:
    assert set(operators()) == OPERATORS
    for name in OPERATORS:
        assert f"`{name.removesuffix(' in front')}" in PAGE, name


def test_every_function_is_in_an_example_and_in_the_table() -> None:
    assert set(FUNCTIONS) <= {first(tree) for tree in trees("call")}
    for name in FUNCTIONS:
        assert f"`{name}`" in PAGE, name


def test_every_attribute_is_asked_in_an_example_and_in_the_table() -> None:
    asked = {str(tree.children[-1]) for tree in trees("attribute")}
    assert set(ATTRIBUTES) <= asked
    for name in ATTRIBUTES:
        assert f"`{name}`" in PAGE, name


def test_every_word_of_asserts_is_in_an_example() -> None:
    said = [tree for claim in trees("assert") for tree in claim.iter_subtrees()]
    alone = {first(tree) for tree in said if tree.data == "name"}
    of = {first(tree) for tree in said if tree.data == "call"}
    assert set(MEASURES) <= alone & of


def test_every_word_of_the_language_is_listed() -> None:
    found = re.search(r"NAME: /\(\?!\(\?:([a-z|]+)\)", GRAMMAR)
    assert found is not None
    listed = PAGE[PAGE.index("These words belong") : PAGE.index("Names of layer types and of")]
    assert set(re.findall(r"`(\w+)`", listed)) == set(found[1].split("|"))


def test_every_setting_is_in_an_example_and_in_the_table() -> None:
    used = {first(tree) for tree in trees("setting")}
    assert used >= set(NAMES) - {"steps"}  # `steps` and `epochs` exclude each other
    for name in NAMES:
        assert f"| `{name}` |" in PAGE, name


def test_every_option_common_to_layers_is_in_an_example_and_in_the_table() -> None:
    given = {first(tree) for tree in trees("named")}
    assert {*options_of(Learning), *options_of(Counting)} <= given
    for name in options_of(Learning):
        assert f"| `{name}` |" in PAGE, name


def test_everything_that_joins_is_in_an_example() -> None:
    joins = {name for name, layer in REGISTRY.items() if inputs_of(layer)[0].startswith("*")}
    assert {first(tree) for tree in trees("join")} >= joins


def test_each_phase_and_each_role_is_in_an_example() -> None:
    assert {first(tree) for tree in trees("when")} == {"train", "test"}
    assert {first(tree) for tree in trees("role")} == {"output", "loss", "metric"}


@pytest.mark.parametrize(
    ("shown", "bound"),
    [
        (f"{LARGEST_FILE // 10**6} MB", "a file"),
        (f"{MOST_FILES}", "files that a file uses"),
        (f"{DEEPEST_BRACKETS}", "brackets in brackets"),
        (f"{state.DEEPEST}", "brackets in brackets; blocks that use one another"),
        (f"{constants.DEEPEST}", "brackets in brackets; blocks that use one another; lists"),
        (f"{state.MOST_LAYERS:,}", "layers of a net"),
        (f"{state.MOST_LINES:,}", "lines walked through"),
        (f"{constants.LONGEST:,}", "items of a list"),
        (f"2 ** {constants.LARGEST.bit_length() - 1}", "whole numbers"),
        (f"2 ** {LARGEST_ARRAY.bit_length() - 1}", "numbers in one array"),
    ],
)
def test_the_bounds_are_those_of_the_page(shown: str, bound: str) -> None:
    assert f"| {shown} | {bound}" in PAGE


def test_the_contents_lead_to_every_section() -> None:
    sections = re.findall(r"^## (.*)$", PAGE, re.M)
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in sections}
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) == anchors
