"""A spec turned into a text, in any language that netc writes."""

from collections.abc import Callable

from netc.diag import Problem
from netc.formats.net import write as write_net
from netc.formats.unwritable import unwritable
from netc.spec import Library


def _write_json(written: Library) -> str:
    from netc.formats.json.write import write

    return write(written)


_WRITERS: dict[str, Callable[[Library], str]] = {".net": write_net, ".json": _write_json}

WRITTEN = tuple(_WRITERS)
"""Endings of the files that can be written."""


def write(written: Library, suffix: str) -> str | list[Problem]:
    """The text of a spec or library in the language of files that end so; comments are left out."""
    problems = list(unwritable(written)) if suffix == ".net" else []
    return problems or _WRITERS[suffix](written)
