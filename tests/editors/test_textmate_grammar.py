"""The TextMate grammar colours every character of a spec, and each word as what it is."""

import re
from pathlib import Path

import pytest

from netc.layers import REGISTRY
from tests.editors.textmate import Piece, grammar, rules, tokenize
from tests.editors.texts import CASES, Line, expected, reserved, text_of

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.net"))

KINDS = {
    "storage": "keyword",
    "keyword.control": "keyword",
    "keyword.operator": "operator",
    "constant.language": "constant",
    "constant.numeric": "number",
    "entity.name.function.definition": "kind*",
    "entity.name.function.layer": "kind",
    "support.type": "kind",
    "support.function": "function",
    "variable.other.constant": "name*",
    "variable.other.property": "attribute",
    "variable.other": "name",
    "variable.language": "current",
    "variable.parameter.option": "option",
    "variable.parameter.setting": "option",
    "variable.parameter": "name*",
    "string": "text",
    "punctuation.definition.string": "text",
    "comment": "comment",
    "punctuation": "punctuation",
}
"""What the scopes mean, the narrowest before the wide."""


def kind_of(piece: Piece) -> str:
    """What the innermost scope of a piece says it is; empty where it has none of its own."""
    scope = piece.scopes[-1]
    return next((k for start, k in KINDS.items() if scope.startswith(f"{start}.")), "")


def test_every_pattern_compiles_and_matches_something() -> None:
    for rule in rules(grammar()):
        for key in ("match", "begin", "end"):
            if key in rule:
                re.compile(rule[key])
        assert not ("match" in rule and re.compile(rule["match"]).match("")), rule


def test_every_rule_that_is_included_is_there_and_every_rule_is_included() -> None:
    whole = grammar()
    included = {rule["include"].removeprefix("#") for rule in rules(whole) if "include" in rule}
    assert included == set(whole["repository"])


def test_the_reserved_words_are_those_of_the_language() -> None:
    listed = {
        word
        for rule in grammar()["repository"]["reserved"]["patterns"]
        for word in re.findall(r"[a-z]+", rule["match"].replace("\\b", " ").split("(?=")[0])
    }
    assert listed == reserved()


def test_the_layer_types_it_knows_are_the_registered_ones() -> None:
    match = grammar()["repository"]["known"]["match"]
    assert set(re.findall(r"[a-z][a-z_0-9]+", match)) == set(REGISTRY), "run `make docs`"


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_character_of_a_spec_has_a_scope_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = tokenize(text)
    assert ["".join(p.text for p in line) for line in lines] == text.splitlines()
    for line in lines:
        for piece in line:
            assert kind_of(piece) or not piece.text.strip(), piece


@pytest.mark.parametrize("lines", CASES.values(), ids=CASES)
def test_words_are_coloured_as_what_they_are(lines: list[Line]) -> None:
    found = tokenize(text_of(lines))
    kinds = [[kind_of(p) for p in line if re.search(r"\w", p.text)] for line in found]
    assert kinds == expected(lines)


def test_a_body_that_is_not_closed_colours_the_next_section_all_the_same() -> None:
    lines = tokenize("net a\n\ntrain {\n    batch 3\n}\n")
    assert [kind_of(p) for p in lines[2] if p.text == "train"] == ["keyword"]
    assert [kind_of(p) for p in lines[3] if p.text.strip()] == ["option", "number"]
