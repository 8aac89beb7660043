"""Protobuf's text format, in which networks of Caffe are written."""

import re
from collections.abc import Iterator
from typing import Any

Message = dict[str, Any]
"""Every field a list of its values."""


TOKEN = re.compile(r"#[^\n]*|\s+|[,;]|(\"[^\"]*\"|[\w.+-]+|[{}:\[\]])")


def parse(text: str) -> Message:
    """Protobuf's text format: every field a list of its values."""
    tokens = (found[1] for found in TOKEN.finditer(text) if found[1])
    return _message(tokens)


def _message(tokens: Iterator[str]) -> Message:
    message: Message = {}
    for name in tokens:
        if name == "}":
            break
        token = next(tokens)
        token = next(tokens) if token == ":" else token
        message.setdefault(name, []).append(_message(tokens) if token == "{" else _scalar(token))
    return message


def _scalar(token: str) -> Any:
    if token[0] == '"':
        return token[1:-1]
    if token in ("true", "false"):
        return token == "true"
    try:
        return float(token) if re.search(r"[.e]", token) else int(token)
    except ValueError:
        return token
