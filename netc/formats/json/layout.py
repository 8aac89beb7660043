"""JSON text that people read: what is short on one line, the rest a line for each part."""

import json
from collections.abc import Iterator, Mapping, Sequence
from math import isinf

WIDTH = 100
_INDENT = "  "

Data = str | int | float | bool | Sequence["Data"] | Mapping[str, "Data"]


class Lines(list[Data]):
    """A list that takes a line for each of its items, however short they are."""


class Section(dict[str, Data]):
    """An object that takes a line for each of its keys, however short they are."""


def laid_out(data: Data) -> str:
    """The text of a JSON document, with a line end."""
    return "".join(_lines(data, "", 0)) + "\n"


def _lines(data: Data, indent: str, used: int) -> Iterator[str]:
    """The parts of the text of a value, on a line on which so many places are used."""
    flat = _flat(data)
    if flat is not None and len(indent) + used + len(flat) < WIDTH:
        yield flat
        return
    if isinstance(data, str | int | float) or not data:
        yield _plain(data)
        return
    inner = indent + _INDENT
    is_object = isinstance(data, Mapping)
    items = list(data.items()) if isinstance(data, Mapping) else [("", each) for each in data]
    yield "{\n" if is_object else "[\n"
    for index, (key, value) in enumerate(items):
        head = f"{_plain(key)}: " if is_object else ""
        yield inner + head
        yield from _lines(value, inner, len(head))
        yield ",\n" if index < len(items) - 1 else "\n"
    yield indent + ("}" if is_object else "]")


def _flat(data: Data) -> str | None:
    """The value on one line; None where it wants more, or is far too long for one."""
    if isinstance(data, str | int | float) or not data:
        return _plain(data)
    if isinstance(data, Lines | Section):
        return None
    parts: list[str] = []
    room = WIDTH
    items = data.items() if isinstance(data, Mapping) else ((None, each) for each in data)
    for key, value in items:
        flat = _flat(value) if room > 0 else None
        if flat is None:
            return None
        parts.append(flat if key is None else f"{_plain(key)}: {flat}")
        room -= len(parts[-1]) + 2
    text = ", ".join(parts)
    return f"{{{text}}}" if isinstance(data, Mapping) else f"[{text}]"


def _plain(data: Data) -> str:
    if isinstance(data, float) and isinf(data):
        return "1e999" if data > 0 else "-1e999"
    if isinstance(data, Mapping | Sequence) and not data and not isinstance(data, str):
        return "{}" if isinstance(data, Mapping) else "[]"
    return json.dumps(data, ensure_ascii=False)
