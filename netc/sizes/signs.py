"""What holds of a formula whatever its symbols are, found by looking at all remainders."""

from collections import Counter
from functools import lru_cache

from netc.sizes.formula import Formula

ANY_SIGN = frozenset((-1, 0, 1))


@lru_cache(1 << 14)
def signs(formula: Formula) -> frozenset[int]:
    """The signs that a formula may have, its symbols being at least 1."""
    try:
        return frozenset(sign for case in formula.cases() for sign in _signs(case))
    except OverflowError:
        return ANY_SIGN


@lru_cache(1 << 14)
def signs_when_large(formula: Formula) -> frozenset[int]:
    """The signs that a formula may have once all its symbols are large enough."""
    found = _signs_when_large(formula)
    if len(found) == 1:
        return found
    try:
        return frozenset(sign for case in formula.cases() for sign in _signs_when_large(case))
    except OverflowError:
        return ANY_SIGN


def _signs(formula: Formula) -> frozenset[int]:
    """Of a case, whose symbols are at least 0."""
    factors = [factor for _, factor in formula.terms]
    for sign in (1, -1):
        if all(factor * sign >= 0 for factor in factors):
            return frozenset((sign,) if formula.constant else (0, sign) if factors else (0,))
    return ANY_SIGN


def _signs_when_large(formula: Formula) -> frozenset[int]:
    """All symbols and quotients grow, so a product outgrows every part of itself."""
    if not formula.terms:
        return frozenset((0,))
    for sign in (1, -1):
        ahead = [Counter(m) for m, factor in formula.terms if factor * sign > 0]
        behind = [Counter(m) for m, factor in formula.terms if factor * sign < 0]
        if all(any(b < a for a in ahead) for b in behind):
            return frozenset((sign,))
    return ANY_SIGN


def is_same(a: Formula, b: Formula) -> bool:
    """Whether two formulas give the same number whatever the symbols are; False if unsure."""
    if a == b:
        return True
    try:
        return a.value == b.value and not any(case.terms for case in (a - b).cases())
    except OverflowError:
        return False
