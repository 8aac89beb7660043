"""The parser's tables as JSON beside the grammar: to make them takes longer than to read a spec."""

import json
from hashlib import sha256
from typing import Any

import lark
from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from netc.formats.net.lines import Lines


def as_json(made: Lark, grammar: str) -> str:
    """The tables of a parser that was made of this grammar."""
    data, memo = made.memo_serialize([TerminalDef, Rule])
    options = {name: value for name, value in data["options"].items() if name != "postlex"}
    tables = {"made": _made(grammar), "data": data | {"options": options}, "memo": memo}
    return json.dumps(tables, separators=(",", ":")) + "\n"


def from_json(text: str, grammar: str) -> Lark | None:
    """The parser, unless its tables are those of another grammar or another version of Lark."""
    tables = json.loads(text)
    if tables["made"] != _made(grammar):
        return None
    data = tables["data"]
    data["options"]["postlex"] = Lines()
    table = data["parser"]["parser"]
    table["states"] = _numbered(table["states"])
    loaded: Lark = Lark.load({"data": data, "memo": _numbered(tables["memo"])})
    return loaded


def _made(grammar: str) -> list[str]:
    """What tables are made of."""
    return [lark.__version__, sha256(grammar.encode()).hexdigest()]


def _numbered(entries: dict[str, Any]) -> dict[int, Any]:
    """Keys as numbers again, which JSON has made texts of."""
    return {int(key): value for key, value in entries.items()}
