"""The parser's tables are those of the grammar; `--update-golden` makes them anew."""

import json

import lark
import pytest

from netc.formats.net.grammar import folder, make
from netc.formats.net.tables import as_json, from_json
from tests.formats.whole import WHOLE

GRAMMAR = (folder() / "net.lark").read_text(encoding="utf-8")
TABLES = folder() / "net.tables.json"


def test_the_tables_are_fresh(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden") and not kept():
        TABLES.write_text(as_json(make("start"), GRAMMAR), encoding="utf-8")
    version = json.loads(TABLES.read_text(encoding="utf-8"))["made"][0]
    if version != lark.__version__:
        pytest.skip(f"the tables are of Lark {version}")
    assert kept(), "the grammar has changed: run pytest tests/formats --update-golden"


def kept() -> lark.Lark | None:
    return from_json(TABLES.read_text(encoding="utf-8"), GRAMMAR) if TABLES.exists() else None


def test_tables_read_what_the_grammar_reads() -> None:
    loaded = from_json(as_json(make("start"), GRAMMAR), GRAMMAR)
    assert loaded is not None
    assert loaded.parse(WHOLE) == make("start").parse(WHOLE)


def test_tables_of_another_grammar_are_left_alone() -> None:
    assert from_json(as_json(make("start"), GRAMMAR), GRAMMAR + "\n") is None
