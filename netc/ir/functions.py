"""The functions that expressions may call."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from netc.ir.constants import LONGEST, Constant, is_number
from netc.sizes import is_open, undecided


class Unfit(Exception):
    """A function does not take these arguments; the text says what they are instead."""


@dataclass(frozen=True)
class Function:
    """What a function takes, in words, and what it gives."""

    takes: str
    call: Callable[..., Constant]


FUNCTIONS: dict[str, Function] = {}
"""Every function by name; the docstring of each is its line in the manual."""


def _function(takes: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def define(call: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS[call.__name__.rstrip("_")] = Function(takes, call)
        return call

    return define


@_function("numbers, or a list of them")
def min_(*values: Constant) -> Any:
    """The least of several numbers."""
    return min(_numbers(values))


@_function("numbers, or a list of them")
def max_(*values: Constant) -> Any:
    """The largest of several numbers."""
    return max(_numbers(values))


@_function("numbers, or a list of them")
def sum_(*values: Constant) -> Any:
    """The sum of several numbers; 0 of an empty list."""
    return sum(_numbers(values, at_least=0))


@_function("one number")
def floor(*values: Constant) -> Any:
    """The next whole number below."""
    return math.floor(_number(values))


@_function("one number")
def ceil(*values: Constant) -> Any:
    """The next whole number above."""
    return math.ceil(_number(values))


@_function("one number")
def round_(*values: Constant) -> Any:
    """The nearest whole number; halves go up."""
    number = _number(values)
    return number if isinstance(number, int) else math.floor(number + 0.5)


@_function("one number")
def abs_(*values: Constant) -> Any:
    """The number without its sign."""
    return abs(_number(values))


@_function("one number, at least 0")
def sqrt(*values: Constant) -> Any:
    """The square root."""
    number = _number(values)
    if number < 0:
        raise Unfit("this is below 0")
    return math.sqrt(number)


@_function("one number above 0")
def log(*values: Constant) -> Any:
    """The natural logarithm."""
    number = _number(values)
    if number <= 0:
        raise Unfit("this is not above 0")
    return math.log(float(number))


@_function("a list, a table or a text")
def len_(*values: Constant) -> Any:
    """How many items there are."""
    (value,) = _exactly(values, 1)
    if isinstance(value, tuple | str | Mapping):
        return len(value)
    raise Unfit("this has no items")


@_function("one to three whole numbers: an end, or a start and an end, or these and a step")
def range_(*values: Constant) -> Any:
    """The whole numbers from a start (or 0) up to, not including, an end, by steps (or 1)."""
    if is_open(values):
        raise undecided("how many numbers these are", *values)
    if not 1 <= len(values) <= 3 or not all(type(v) is int for v in values):
        raise Unfit("these are no whole numbers" if values else "nothing is given")
    whole = [v for v in values if isinstance(v, int)]
    if len(whole) == 3 and whole[2] == 0:
        raise Unfit("the step is 0")
    made = range(*whole)
    if made[LONGEST:]:  # `len` takes no length that is beyond all memory
        raise Unfit(f"this list would have more than {LONGEST:_} items")
    return tuple(made)


def _exactly(values: tuple[Constant, ...], count: int) -> tuple[Constant, ...]:
    if len(values) != count:
        raise Unfit(f"{len(values)} values are given")
    return values


def _number(values: tuple[Constant, ...]) -> Any:
    (value,) = _exactly(values, 1)
    if not is_number(value):
        raise Unfit("this is no number")
    if isinstance(value, float) and not math.isfinite(value):
        raise Unfit("this number has no end")
    return value


def _numbers(values: tuple[Constant, ...], *, at_least: int = 1) -> list[Any]:
    if len(values) == 1 and isinstance(values[0], tuple):
        values = values[0]
    if len(values) < at_least:
        raise Unfit("there is none")
    if not all(map(is_number, values)):
        raise Unfit("not all of these are numbers")
    return list(values)
