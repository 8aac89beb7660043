"""Numbers and texts as JavaScript writes and computes them."""

import math
import operator
import re
from collections.abc import Callable

_LONGEST = 4000
"""Digits of a number beyond which it is infinite for sure."""

_EXACT = 2**53
_ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.DOTALL
)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def number_of(text: str) -> int | float:
    """The value of a number as it is written."""
    digits = text.replace("_", "").lower()
    if digits[:2] in ("0x", "0b", "0o"):
        return whole(float(int(digits, 0))) if len(digits) < 250 else math.inf
    if re.fullmatch(r"0[0-7]+", digits) and len(digits) < 250:
        return whole(float(int(digits, 8)))
    return whole(float(digits)) if len(digits) < _LONGEST else math.inf


def whole(value: float) -> int | float:
    """JavaScript has one kind of number: `5.0` is 5."""
    return int(value) if abs(value) <= _EXACT and value == int(value) else value


def compute(sign: str, left: float, right: float) -> int | float:
    """`+ - * / % **` of two numbers; what has no value is NaN or infinite."""
    try:
        return whole(_OPERATIONS[sign](float(left), float(right)))
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


def _divided(left: float, right: float) -> float:
    if right == 0:
        return math.nan if left == 0 or left != left else math.copysign(math.inf, left)
    return left / right


_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "%": math.fmod,
    "**": math.pow,
}

_FUNCTIONS: dict[str, tuple[int, Callable[..., float]]] = {
    "floor": (1, math.floor),
    "ceil": (1, math.ceil),
    "round": (1, lambda x: math.floor(x + 0.5)),
    "trunc": (1, math.trunc),
    "sqrt": (1, math.sqrt),
    "abs": (1, abs),
    "log": (1, math.log),
    "log2": (1, math.log2),
    "log10": (1, math.log10),
    "exp": (1, math.exp),
    "pow": (2, math.pow),
    "min": (0, min),
    "max": (0, max),
}
"""How many numbers a function of `Math` takes, 0 for any, and what it does."""

CONSTANTS = {"PI": math.pi, "E": math.e, "SQRT2": math.sqrt(2), "LN2": math.log(2)}


def mathematics(name: str, numbers: list[float]) -> int | float | None:
    """What a function of `Math` gives, or None if it is not known here."""
    count, function = _FUNCTIONS.get(name, (-1, None))
    if function is None or not numbers or (count and len(numbers) < count):
        return None
    try:
        return whole(float(function(*(numbers[:count] if count else numbers))))
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


def text_of(number: float) -> str:
    """A number as JavaScript joins it to a text."""
    if isinstance(number, int):
        return str(number)
    return "NaN" if number != number else repr(number).replace("inf", "Infinity")


def unquoted(text: str) -> str:
    """What a text in quotes says."""
    return _ESCAPE.sub(_escaped, text[1:-1]) if "\\" in text else text[1:-1]


def _escaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "�"
    return "" if found[4] else _LETTERS.get(found[5], found[5])
