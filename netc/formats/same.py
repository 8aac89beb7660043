"""Whether two trees of a spec say the same, wherever their words stand."""

from dataclasses import fields, is_dataclass

from netc.diag import Source, Span
from netc.spec import Comment


def is_same(one: object, other: object) -> bool:
    """Whether two trees are alike but for places, comments and the language they are from."""
    pairs = [(one, other)]
    while pairs:
        a, b = pairs.pop()
        if isinstance(a, Span | Source):
            continue
        if type(a) is not type(b):
            return False
        if isinstance(a, tuple) and isinstance(b, tuple):
            a, b = ([each for each in part if not isinstance(each, Comment)] for part in (a, b))
            if len(a) != len(b):
                return False
            pairs += zip(a, b, strict=True)
        elif is_dataclass(a):
            pairs += [
                (getattr(a, f.name), getattr(b, f.name)) for f in fields(a) if f.name != "origin"
            ]
        elif a != b:
            return False
    return True
