"""Constants: what a parameter, a `let` or an expression can be, and how each is written."""

from collections.abc import Mapping

from netc import spec
from netc.diag import Span
from netc.sizes import is_open

Constant = bool | int | float | str | tuple["Constant", ...] | Mapping["Constant", "Constant"]
"""A number, a text, true or false, a list (a tuple here), or a table."""

LONGEST = 10_000
"""Items that a list, and letters that a text made by an expression may have."""

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


def shown(value: Constant) -> str:
    """A constant as people write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
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
