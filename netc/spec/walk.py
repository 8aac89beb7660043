"""Trees of a spec gone through, or copied with changes, whatever they are made of."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from netc.diag import Source, Span
from netc.spec.model import Origin


def walk(tree: object) -> Iterator[object]:
    """Every part of a tree but places, each before what is in it, in the order of the text."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Span | Source | Origin):
            continue
        yield part
        if isinstance(part, tuple):
            waiting += reversed(part)
        elif is_dataclass(part):
            waiting += [getattr(part, field.name) for field in reversed(fields(part))]


def changed(tree: Any, change: Callable[[Any], Any]) -> Any:
    """A copy of a tree with other parts, or places, in it.

    `change` is asked about every part before what is in it: what it gives in the place of a part
    is left alone; where it gives the part itself, that is looked into.
    """
    new = change(tree)
    if new is not tree:
        return new
    if isinstance(tree, tuple):
        return tuple(changed(part, change) for part in tree)
    if is_dataclass(tree) and not isinstance(tree, Span | Source | Origin | type):
        return replace(
            tree, **{f.name: changed(getattr(tree, f.name), change) for f in fields(tree)}
        )
    return tree
