"""The parser made of `grammar/net.lark`, once and only when a `.net` file is read."""

from functools import cache
from pathlib import Path

from lark import Lark

from netc.formats.net.lines import Lines
from netc.formats.net.tables import from_json

_PACKAGE = Path(__file__).parents[2]


@cache
def parser() -> Lark:
    """The LALR(1) parser of the netc language."""
    tables = folder() / "net.tables.json"
    kept = from_json(tables.read_text(encoding="utf-8"), _text()) if tables.exists() else None
    return kept or make("start")


@cache
def expression_parser() -> Lark:
    """The parser of an expression alone."""
    return make("expression")


def make(start: str) -> Lark:
    """A parser made of the grammar itself."""
    return Lark(
        _text(),
        start=start,
        parser="lalr",
        lexer="basic",
        postlex=Lines(),
        propagate_positions=True,
        maybe_placeholders=False,
    )


def folder() -> Path:
    """Where the grammar is: in the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "grammar"
    return installed if installed.exists() else _PACKAGE.parent / "grammar"


def _text() -> str:
    return (folder() / "net.lark").read_text(encoding="utf-8")
