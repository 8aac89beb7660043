"""Numbers as JavaScript writes them."""

from decimal import Decimal

_LEAST_POINT, _MOST_POINT = -7, 21
"""Between these powers of ten numbers are written without an exponent (ECMA-262, 6.1.6.1.20)."""


def brief(value: float) -> str:
    """The same as a person would write it: small numbers with an exponent."""
    mantissa, _, exponent = repr(value).partition("e")
    mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def numeral(value: float) -> str:
    """The shortest text that JavaScript reads as the same number, as its `String(value)` gives."""
    text = repr(value)
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return "0" if value == 0 else text.removesuffix(".0")
    power = int(exponent)
    if _LEAST_POINT <= power < _MOST_POINT:
        return format(Decimal(text), "f")
    return f"{mantissa.removesuffix('.0')}e{power:+d}"
