"""The operators of expressions over constants."""

import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from netc.diag import Problem, Span
from netc.ir.constants import (
    DEEPEST,
    LARGEST,
    LONGEST,
    Constant,
    depth,
    described,
    extent,
    is_number,
    shown,
)
from netc.ir.problems import DivisionByZero, OpenSize, TooLargeResult, WrongOperand
from netc.sizes import is_equal, is_open, way_to_close
from netc.types import Reject

_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Refused(Exception):
    """An operation that cannot be done, as the problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def unary(word: str, operand: Constant, span: Span) -> Constant:
    """`-x` or `not x`. May raise `Refused`."""
    if word == "not" and isinstance(operand, bool):
        return not operand
    if word == "-" and isinstance(operand, int | float) and is_number(operand):
        return -operand
    takes = "true and false" if word == "not" else "numbers"
    raise Refused(
        WrongOperand(
            span, operator=word, operands=described(operand), detail=f"`{word}` takes {takes}"
        )
    )


def binary(word: str, left: Constant, right: Constant, span: Span, right_span: Span) -> Constant:
    """Two constants joined by an operator. May raise `Refused`."""
    try:
        return _binary(word, left, right, span, right_span)
    except Reject as reject:  # what hangs on an open size
        raise Refused(OpenSize(span, reject.reason, reject.help)) from None


def _binary(word: str, left: Constant, right: Constant, span: Span, right_span: Span) -> Constant:
    if word in ("==", "!="):
        return equal(left, right) == (word == "==")
    if word in ("in", "not in"):
        return _within(word, left, right, span)
    if word in _ORDER:
        if not (is_number(left) and is_number(right)) and not _both(str, left, right):
            raise _wrong(word, left, right, span)
        return _ORDER[word](left, right)
    return _calculated(word, left, right, span, right_span)


def equal(left: Constant, right: Constant) -> bool:
    """Whether two constants are the same; true is not the number 1. May raise `Undecided`."""
    if is_open((left, right)) and _is_whole(left) and _is_whole(right):
        return is_equal(left, right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(equal, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _within(word: str, left: Constant, right: Constant, span: Span) -> bool:
    if isinstance(right, tuple | Mapping):
        found = any(equal(left, item) for item in right)
    elif _both(str, left, right):
        found = str(left) in str(right)
    else:
        raise _wrong(word, left, right, span)
    return found == (word == "in")


def _calculated(
    word: str, left: Constant, right: Constant, span: Span, right_span: Span
) -> Constant:
    if is_number(left) and is_number(right):
        return _number(word, left, right, span, right_span)
    if word == "+" and isinstance(left, str) and isinstance(right, str):
        return bounded(left + right, span)
    if word == "+" and isinstance(left, tuple) and isinstance(right, tuple):
        return bounded(left + right, span)
    if word == "*" and isinstance(left, tuple) and type(right) is int:
        if extent(left) * right > LONGEST:
            raise Refused(TooLargeResult(span, detail=f"a list of {len(left) * right} items"))
        return left * right
    raise _wrong(word, left, right, span)


def _number(word: str, left: Any, right: Any, span: Span, right_span: Span) -> Constant:
    if word in ("/", "//", "%") and right == 0:
        raise Refused(DivisionByZero(right_span))
    if float in (type(left), type(right)) and is_open((left, right)):
        reason = f"a size is a whole number, and `{shown(left)} {word} {shown(right)}` may be none"
        raise Reject("", reason, help=way_to_close((left, right)))
    if word == "**" and not is_open(left) and abs(left) > 1 and right > 1024:
        raise Refused(TooLargeResult(span, detail=f"{shown(left)} to the power of {shown(right)}"))
    try:
        result = _ARITHMETIC[word](left, right)
    except OverflowError:
        raise Refused(TooLargeResult(span, detail="no number is that large")) from None
    except ZeroDivisionError:  # 0 ** -1
        raise Refused(DivisionByZero(span, "0 to a power below 0")) from None
    if isinstance(result, complex):
        raise Refused(
            WrongOperand(span, operator=word, operands="these numbers", detail="no real number")
        )
    return bounded_number(result, span)


def bounded_number(result: Any, span: Span) -> Constant:
    """The number, unless it is too large for any use. May raise `Refused`."""
    if isinstance(result, int) and abs(int(result)) >= LARGEST:
        digits = len(str(result)) if abs(result) < 10**300 else 300
        raise Refused(TooLargeResult(span, detail=f"a number of {digits} digits or more"))
    if isinstance(result, float) and abs(result) == float("inf"):
        raise Refused(TooLargeResult(span, detail="no number is that large"))
    number: Constant = result
    return number


def bounded(result: Constant, span: Span) -> Constant:
    """The list, table or text, unless it is too large for any use. May raise `Refused`."""
    if extent(result) > LONGEST:
        raise Refused(TooLargeResult(span, detail=f"more than {LONGEST:_} items"))
    if depth(result) > DEEPEST:
        raise Refused(TooLargeResult(span, detail=f"lists more than {DEEPEST} deep"))
    return result


def _is_whole(value: Constant) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _both(kind: type, left: Constant, right: Constant) -> bool:
    return isinstance(left, kind) and isinstance(right, kind)


def _wrong(word: str, left: Constant, right: Constant, span: Span) -> Refused:
    operands = f"{described(left)} and {described(right)}"
    way_out = ""
    if word == "+" and isinstance(left, tuple):
        way_out = f"a list is joined with a list: `+ [{shown(right)}]`"
    return Refused(
        WrongOperand(
            span,
            operator=word,
            operands=operands,
            detail=f"{shown(left)[:40]} {word} {shown(right)[:40]}",
            way_out=way_out,
        )
    )
