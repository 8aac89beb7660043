"""A spec turned into a text, in any language that netc writes."""

from collections.abc import Callable

from netc.diag import Problem
from netc.formats import json, net
from netc.formats.unwritable import unwritable
from netc.spec import Library

_WRITERS: dict[str, Callable[[Library], str]] = {".net": net.write, ".json": json.write}

WRITTEN = tuple(_WRITERS)
"""Endings of the files that can be written."""


def write(written: Library, suffix: str) -> str | list[Problem]:
    """The text of a spec or library in the language of files that end so; comments are left out."""
    problems = list(unwritable(written)) if suffix == ".net" else []
    return problems or _WRITERS[suffix](written)
