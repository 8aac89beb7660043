"""The page of an option: what it means in each kind that has one of this name."""

import textwrap

from netc.cli.shelves import shelves
from netc.layers import Counting, Learning
from netc.options import options_of, plain

_COMMON = {Learning: "every layer with weights", Counting: "every loss"}


def option_page(name: str, width: int) -> str:
    """The meanings of an option, each with where it has it; empty where nothing has it."""
    owners: dict[str, list[str]] = {}
    for kind, owner in _owners():
        if found := options_of(kind).get(name):
            owners.setdefault(plain(found.doc), []).append(owner)
    if not owners:
        return ""
    meanings = [_meaning(", ".join(words), doc, width) for doc, words in owners.items()]
    return "\n\n".join([f"{name}   option", *meanings])


def _owners() -> list[tuple[type, str]]:
    kinds = [
        (kind, word)
        for shelf in shelves()
        if shelf.noun != "problem"
        for word, kind in shelf.kinds.items()
    ]
    return [*_COMMON.items(), *kinds]


def _meaning(where: str, doc: str, width: int) -> str:
    indent = "    "
    return "\n".join(
        [
            *textwrap.wrap(f"of {where}", width),
            *textwrap.wrap(doc, width, initial_indent=indent, subsequent_indent=indent),
        ]
    )
