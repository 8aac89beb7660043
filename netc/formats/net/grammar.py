"""The parser made of `grammar/net.lark`, built once and only when a `.net` file is read."""

from functools import cache
from pathlib import Path

from lark import Lark

from netc.formats.net.lines import Lines

_PACKAGE = Path(__file__).parents[2]


@cache
def parser() -> Lark:
    """The LALR(1) parser of the netc language."""
    return _parser("start")


@cache
def expression_parser() -> Lark:
    """The parser of an expression alone."""
    return _parser("expression")


def _parser(start: str) -> Lark:
    return Lark(
        _grammar_text(),
        start=start,
        parser="lalr",
        lexer="basic",
        postlex=Lines(),
        propagate_positions=True,
        maybe_placeholders=False,
    )


def _grammar_text() -> str:
    """The grammar from the installed package, or from beside it in a checkout."""
    installed = _PACKAGE / "grammar" / "net.lark"
    beside = _PACKAGE.parent / "grammar" / "net.lark"
    return (installed if installed.exists() else beside).read_text(encoding="utf-8")
