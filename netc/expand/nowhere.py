"""Words and numbers that nobody wrote, and that stand nowhere."""

from netc import spec
from netc.diag import Source, Span

NOWHERE = Span(Source("expanded", ""), 0, 0)
"""The place of what nobody wrote."""


def name(text: str) -> spec.Name:
    return spec.Name(text, NOWHERE)


def number(value: int | float) -> spec.Number:
    """A number, whole where it is: `2` reads better than `2.0`."""
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return spec.Number(int(value) if is_whole else value, NOWHERE)
