"""The Pygments lexer loses no character, and colours each word as what it is."""

import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pygments.token import Token

from netc.highlight import NetLexer
from netc.spec import RESERVED
from tests.editors.texts import CASES, Line, expected, reserved, text_of

ROOT = Path(__file__).parents[1]
SPECS = sorted((ROOT / "specs").glob("*.net"))

KINDS = {
    "Comment": "comment",
    "Keyword.Constant": "constant",
    "Keyword.Type": "kind",
    "Keyword": "keyword",
    "Operator.Word": "operator",
    "Name.Attribute": "option",
    "Name.Builtin.Pseudo": "current",
    "Name.Builtin": "function",
    "Name.Class": "kind*",
    "Name.Constant": "name*",
    "Name.Function": "kind",
    "Name.Property": "attribute",
    "Name.Variable": "name*",
    "Name": "name",
    "Literal.Number": "number",
    "Literal.String": "text",
}


def kind_of(token: object) -> str:
    name = str(token).removeprefix("Token.")
    return next(kind for start, kind in KINDS.items() if name.startswith(start))


def words_of(text: str) -> list[list[str]]:
    """The kinds of the words of each line."""
    lines: list[list[str]] = [[]]
    for token, word in NetLexer().get_tokens(text):
        if re.search(r"\w", word):
            lines[-1].append(kind_of(token))
        lines += [[] for _ in range(word.count("\n"))]
    return lines[:-1]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_spec_is_taken_apart_without_errors_and_put_together_again(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tokens = list(NetLexer().get_tokens(text))
    assert "".join(word for _, word in tokens) == text
    assert not [word for token, word in tokens if token is Token.Error]


@pytest.mark.parametrize("lines", CASES.values(), ids=CASES)
def test_words_are_coloured_as_what_they_are(lines: list[Line]) -> None:
    assert words_of(text_of(lines)) == expected(lines)


def test_the_reserved_words_are_those_of_the_language() -> None:
    assert reserved() == RESERVED


def test_a_text_that_breaks_off_keeps_its_characters() -> None:
    text = text_of(CASES["what repeats and chooses"])
    for end in range(0, len(text), 7):
        part = "".join(word for _, word in NetLexer(ensurenl=False).get_tokens(text[:end].strip()))
        assert part == text[:end].strip()


def test_pygments_is_told_where_the_lexer_is() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"]["pygments.lexers"]["netc"].partition(":")
    assert getattr(importlib.import_module(module), name) is NetLexer


def test_finding_the_lexer_imports_nothing_heavy() -> None:
    code = "import sys, netc.highlight; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "onnx", "lark", "netc.layers"} & set(ran.stdout.split())
