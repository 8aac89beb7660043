"""Constants: what a parameter, a `let` or an expression can be, and how each is written."""

from collections.abc import Iterable, Mapping

from netc import spec
from netc.diag import Span
from netc.sizes import is_open

Constant = bool | int | float | str | tuple["Constant", ...] | Mapping["Constant", "Constant"]
"""A number, a text, true or false, a list (a tuple here), or a table."""

LONGEST = 10_000
"""Items that a list may have, with those of lists in it, and letters that a text may have that an
expression makes."""

DEEPEST = 50
"""Lists that may lie in each other."""

LARGEST = 2**63
"""Whole numbers of expressions are below this."""


def is_number(value: object) -> bool:
    """Whether a constant is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def kind_of(value: Constant) -> str:
    """The kind of a constant in words."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, tuple) else "a table"


def described(value: Constant) -> str:
    """What a constant is, in words: its kind, or which one of two it is."""
    return f"`{shown(value)}`" if isinstance(value, bool) else kind_of(value)


def brief(value: Constant) -> str:
    """A constant as people write it, of a long list only its beginning."""
    if isinstance(value, str) and len(value) > 40:
        return f'"{value[:40]}...'
    if isinstance(value, tuple) and len(value) > 8:
        return f"[{', '.join(map(brief, value[:8]))}, ...]"
    return shown(value)[:60]


def extent(value: Constant) -> int:
    """How many things a constant holds, with all that is in them; the letters of a text."""
    if isinstance(value, str):
        return len(value)
    return 1 + sum(map(extent, _items(value)))


def depth(value: Constant) -> int:
    """How deep lists and tables lie in each other."""
    return 1 + max(map(depth, _items(value)), default=0)


def _items(value: Constant) -> Iterable[Constant]:
    if isinstance(value, tuple):
        return value
    return value.values() if isinstance(value, Mapping) else ()


def shown(value: Constant) -> str:
    """A constant as people write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.1f}" if value.is_integer() and abs(value) < 1e6 else f"{value:.6g}"
    if isinstance(value, int):
        return f"{value}" if is_open(value) or -10_000 < value < 10_000 else f"{value:_}"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"[{', '.join(map(shown, value))}]"
    return f"{{{', '.join(f'{shown(k)}: {shown(v)}' for k, v in value.items())}}}"


def literal(value: Constant, span: Span) -> spec.Value:
    """A constant as if it were written out where the expression for it stands."""
    if isinstance(value, bool):
        return spec.Boolean(value, span)
    if isinstance(value, int | float):
        return spec.Number(value, span)
    if isinstance(value, str):
        return spec.Text(value, span, computed=True)
    if isinstance(value, tuple):
        return spec.List(tuple(literal(item, span) for item in value), span)
    entries = (
        spec.Entry(literal(key, span), literal(item, span), span) for key, item in value.items()
    )
    return spec.Table(tuple(entries), span)
