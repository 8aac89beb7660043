"""A size that is not known yet: a whole number with a formula, and a witness to plan with."""

from collections.abc import Mapping
from math import ceil, floor
from typing import Any

from netc.sizes.formula import Formula, Symbol, number, symbol
from netc.sizes.signs import is_same, signs
from netc.sizes.undecided import Undecided
from netc.types import Reject

WITNESS = 224
"""What stands for a size that is not known, where nothing else is asked for."""


class Size(int):
    """A whole number given by a formula of unknown ones, each at least 1.

    It is equal to another where the two are the same whatever the unknown numbers are, and to a
    plain number never. A comparison that holds for some sizes and not for others raises
    `Undecided`. As an `int` (in `range`, in indices, in numpy) it is its witness.
    """

    formula: Formula

    def __new__(cls, formula: Formula) -> "Size":
        made = super().__new__(cls, formula.value)
        made.formula = formula
        return made

    @classmethod
    def symbol(cls, name: str, witness: int = WITNESS) -> "Size":
        """An unknown size of its own."""
        return cls(symbol(Symbol(name, witness)))

    def at(self, sizes: Mapping[str, int]) -> int:
        """The size where some of the unknown ones are given, by name."""
        return _size(self.formula.at({name: formula_of(size) for name, size in sizes.items()}))

    def __reduce__(self) -> tuple[Any, ...]:
        return Size, (self.formula,)

    def __str__(self) -> str:
        return str(self.formula)

    __repr__ = __str__

    def __format__(self, how: str) -> str:
        try:
            return format(str(self), how)
        except ValueError:  # a way to write numbers
            return str(self)

    # ---- arithmetic

    def __add__(self, other: int) -> int:
        return _size(self.formula + formula_of(other))

    __radd__ = __add__

    def __neg__(self) -> int:
        return _size(-self.formula)

    def __pos__(self) -> int:
        return self

    def __sub__(self, other: int) -> int:
        return _size(self.formula - formula_of(other))

    def __rsub__(self, other: int) -> int:
        return _size(formula_of(other) - self.formula)

    def __mul__(self, other: int) -> int:
        return _size(self.formula * formula_of(other))

    __rmul__ = __mul__

    def __pow__(self, power: int, modulus: None = None) -> int:  # type: ignore[override]
        if isinstance(power, Size) or not isinstance(power, int) or power < 0:
            raise Undecided(f"`{self} ** {power}`", symbols_of(self, power))
        found = 1
        for _ in range(power):
            found = self * found
        return found

    def __floordiv__(self, other: int) -> int:
        return _quotient(self, other)

    def __rfloordiv__(self, other: int) -> int:
        return _quotient(other, self)

    def __mod__(self, other: int) -> int:
        return self - _quotient(self, other) * other

    def __rmod__(self, other: int) -> int:
        return other - _quotient(other, self) * self

    def __divmod__(self, other: int) -> tuple[int, int]:
        return self // other, self % other

    def __rdivmod__(self, other: int) -> tuple[int, int]:
        return other // self, other % self

    def __truediv__(self, other: int) -> int:
        return _exact_quotient(self, other)

    def __rtruediv__(self, other: int) -> int:  # type: ignore[misc]
        return _exact_quotient(other, self)

    def __abs__(self) -> int:
        return self if self >= 0 else -self

    def __round__(self, digits: object = None) -> int:
        return self

    def __floor__(self) -> int:
        return self

    __ceil__ = __trunc__ = __floor__

    def __rpow__(self, other: int, modulus: None = None) -> int:  # type: ignore[misc,override]
        raise Undecided(f"`{other} ** {self}`", symbols_of(self))

    def __lshift__(self, other: int) -> int:
        raise Undecided(f"`{self}` bit by bit", symbols_of(self))

    __rlshift__ = __rshift__ = __rrshift__ = __lshift__
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __lshift__

    def __float__(self) -> float:
        raise Undecided(f"how much `{self}` is", symbols_of(self))

    # ---- comparisons

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Size) and is_same(self.formula, other.formula)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.formula.value)

    def __bool__(self) -> bool:
        if 0 in signs(self.formula):
            raise Undecided(f"whether `{self}` is 0", symbols_of(self))
        return True

    def __lt__(self, other: int) -> bool:
        return _holds(self, ceil(other), {-1}, "less than")

    def __le__(self, other: int) -> bool:
        return _holds(self, floor(other), {-1, 0}, "at most")

    def __gt__(self, other: int) -> bool:
        return _holds(self, floor(other), {1}, "greater than")

    def __ge__(self, other: int) -> bool:
        return _holds(self, ceil(other), {0, 1}, "at least")


def symbols_of(*sizes: object) -> tuple[Symbol, ...]:
    """The unknown numbers that some sizes are made of, each once, in the order they appear."""
    found = (s for size in sizes if isinstance(size, Size) for s in size.formula.symbols)
    return tuple(dict.fromkeys(found))


def _size(formula: Formula) -> int:
    return formula.constant if formula.is_constant else Size(formula)


def formula_of(size: int) -> Formula:
    """The formula of a size, or of a plain number."""
    if isinstance(size, Size):
        return size.formula
    if size == int(size):
        return number(int(size))
    raise Reject(
        "", f"{size!r} does not go with a size that is open", help="sizes are whole numbers"
    )


def _holds(a: int, b: int, wanted: set[int], words: str) -> bool:
    """Whether the sign of a - b is a wanted one, for all sizes or for none."""
    found = signs(formula_of(a) - formula_of(b))
    if found <= wanted:
        return True
    if not found & wanted:
        return False
    raise Undecided(f"whether `{a}` is {words} {_quoted(b)}", symbols_of(a, b))


def _quotient(a: int, b: int) -> int:
    if not isinstance(b, Size):
        if b == 0:
            raise ZeroDivisionError(f"{a} // 0")
        return _size(formula_of(a).over(b) if b > 0 else (-formula_of(a)).over(-b))
    found = formula_of(a).multiple_of(formula_of(b))
    if found is None:
        raise Undecided(f"`{a}` divided by `{b}`", symbols_of(a, b))
    return _size(found)


def _exact_quotient(a: int, b: int) -> int:
    found = _quotient(a, b)
    if isinstance(rest := a - found * b, Size):
        raise Undecided(f"whether `{a}` is a multiple of {_quoted(b)}", symbols_of(a, rest))
    if rest:
        raise Undecided(f"`{a} / {b}`, which is no whole number,", symbols_of(a))
    return found


def _quoted(size: int) -> str:
    return f"`{size}`" if isinstance(size, Size) else str(size)
