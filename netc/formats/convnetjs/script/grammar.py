"""The parser made of `grammar/convnetjs.lark`, once and only when a `.js` file is read."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from lark import Lark, Tree
from lark import Token as Word
from lark.lexer import Lexer

from netc.formats.convnetjs.script.tokens import Token
from netc.formats.net.grammar import folder

_KINDS = {
    "word": "NAME",
    "number": "NUMBER",
    "string": "STRING",
    "template": "TEMPLATE",
    "regex": "REGEX",
    **dict.fromkeys(("+", "-"), "SIGN"),
    **dict.fromkeys(("*", "/", "%"), "TIMES"),
    "**": "POWER",
    **dict.fromkeys(("!", "~"), "NOT"),
    **dict.fromkeys(("++", "--"), "STEP"),
    **dict.fromkeys(("+=", "-=", "*=", "/=", "%=", "**="), "UPDATE"),
    **dict.fromkeys(("==", "!=", "===", "!==", "<", ">", "<=", ">=", "&&", "||"), "COMPARE"),
    **dict.fromkeys(("&", "|", "^", "<<", ">>", ">>>", "??"), "COMPARE"),
}
_WORDS = {
    **dict.fromkeys(("var", "let", "const"), "DECLARE"),
    **dict.fromkeys(("true", "false", "null"), "CONSTANT"),
    **dict.fromkeys(("typeof", "void", "delete", "await"), "NOT"),
    **dict.fromkeys(("instanceof", "in"), "COMPARE"),
    "new": "NEW",
}
RESERVED = frozenset(
    [
        "break",
        "case",
        "catch",
        "class",
        "debugger",
        "default",
        "do",
        "else",
        "export",
        "extends",
        "finally",
        "for",
        "function",
        "if",
        "import",
        "return",
        "super",
        "switch",
        "throw",
        "try",
        "while",
        "with",
        "yield",
    ]
)


class _Given(Lexer):
    """Hands on the tokens of a statement, each with the name that the grammar has for it."""

    def __init__(self, made_of: Any) -> None:
        self._marks = {terminal.pattern.value: terminal.name for terminal in made_of.terminals}

    def lex(self, data: Any) -> Iterator[Word]:  # type: ignore[override]
        before = after = ""
        for at, token in enumerate(data):
            after = data[at + 1].kind if at + 1 < len(data) else ""
            kind = self._kind(token, is_key=before == "." or (before in "{," and after in ":,}"))
            yield Word(kind, token.text, token.start, end_pos=token.end)
            before = token.kind

    def _kind(self, token: Token, *, is_key: bool) -> str:
        if token.kind != "word":
            return self._marks.get(token.text) or _KINDS.get(token.kind) or "OTHER"
        if is_key:
            return "NAME"
        return _WORDS.get(token.text) or ("OTHER" if token.text in RESERVED else "NAME")


@cache
def parser() -> Lark:
    """The LALR(1) parser of a statement."""
    text = (folder() / "convnetjs.lark").read_text(encoding="utf-8")
    return Lark(
        text,
        parser="lalr",
        lexer=_Given,
        propagate_positions=True,
        maybe_placeholders=False,
    )


def parse(statement: Sequence[Token]) -> Tree[Word]:
    """The tree of a statement. Raises lark's UnexpectedToken."""
    return parser().parse(statement)
