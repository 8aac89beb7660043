"""A size that is not known yet: a whole number with a formula, and a witness to plan with."""

from collections.abc import Iterable, Mapping
from math import ceil, floor
from typing import Any

from netc.sizes.formula import Formula, Symbol, number, symbol
from netc.sizes.signs import is_same, signs, signs_when_large
from netc.types import Reject

WITNESS = 224
"""What stands for a size that is not known, where nothing else is asked for."""


class Undecided(Reject):
    """A question about sizes that has different answers for different ones, or may have."""

    def __init__(self, question: str, *sizes: int) -> None:
        names = sorted(open_names(sizes))
        are = "are" if len(names) > 1 else "is"
        listed = " and ".join(f"`{name}`" for name in names)
        super().__init__(
            "", f"{question} cannot be told while {listed} {are} open", help=way_to_close(sizes)
        )


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

    @property
    def names(self) -> tuple[str, ...]:
        """The unknown sizes it is made of."""
        return tuple(s.name for s in self.formula.symbols)

    def at(self, sizes: Mapping[str, int]) -> int:
        """The size where some of the unknown ones are given, by name."""
        return _size(self.formula.at({name: _formula(size) for name, size in sizes.items()}))

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
        return _size(self.formula + _formula(other))

    __radd__ = __add__

    def __neg__(self) -> int:
        return _size(-self.formula)

    def __pos__(self) -> int:
        return self

    def __sub__(self, other: int) -> int:
        return _size(self.formula - _formula(other))

    def __rsub__(self, other: int) -> int:
        return _size(_formula(other) - self.formula)

    def __mul__(self, other: int) -> int:
        return _size(self.formula * _formula(other))

    __rmul__ = __mul__

    def __pow__(self, power: int, modulus: None = None) -> int:  # type: ignore[override]
        if isinstance(power, Size) or not isinstance(power, int) or power < 0:
            raise Undecided(f"`{self} ** {power}`", self, power)
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

    def __rpow__(self, other: int, modulus: None = None) -> int:  # type: ignore[misc]
        raise Undecided(f"`{other} ** {self}`", self)

    def __lshift__(self, other: int) -> int:
        raise Undecided(f"`{self}` bit by bit", self)

    __rlshift__ = __rshift__ = __rrshift__ = __lshift__
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __lshift__

    def __float__(self) -> float:
        raise Undecided(f"`{self}` as a fraction", self)

    # ---- comparisons

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Size) and is_same(self.formula, other.formula)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.formula.value)

    def __bool__(self) -> bool:
        if 0 in signs(self.formula):
            raise Undecided(f"whether `{self}` is 0", self)
        return True

    def __lt__(self, other: int) -> bool:
        return _holds(self, ceil(other), {-1}, "less than")

    def __le__(self, other: int) -> bool:
        return _holds(self, floor(other), {-1, 0}, "at most")

    def __gt__(self, other: int) -> bool:
        return _holds(self, floor(other), {1}, "greater than")

    def __ge__(self, other: int) -> bool:
        return _holds(self, ceil(other), {0, 1}, "at least")


def is_open(size: object) -> bool:
    """Whether a size, or one of the sizes in a shape, is not known yet."""
    return any(map(is_open, size)) if isinstance(size, tuple) else isinstance(size, Size)


def open_names(sizes: Iterable[object]) -> tuple[str, ...]:
    """The unknown sizes that some sizes are made of, each once, in the order they appear."""
    found = (name for size in sizes if isinstance(size, Size) for name in size.names)
    return tuple(dict.fromkeys(found))


def way_to_close(sizes: Iterable[object]) -> str:
    """How the unknown ones among sizes are given."""
    found = {s.name: s for size in sizes if isinstance(size, Size) for s in size.formula.symbols}
    given = " ".join(f"--set {name}={found[name].witness}" for name in sorted(found))
    return f"give the size{'s' if len(found) > 1 else ''}: `{given}`"


def closed(size: int, sizes: Mapping[str, int]) -> int:
    """A size with unknown ones given by name; a plain number stays."""
    return size.at(sizes) if isinstance(size, Size) else size


def smaller(a: int, b: int) -> int:
    """The smaller of two sizes; unlike `min` it takes two that may be equal but need not."""
    if 1 not in _signs(a, b):
        return a
    if -1 not in _signs(a, b):
        return b
    raise Undecided(f"which of `{a}` and `{b}` is smaller", a, b)


def reaches(size: int, least: int) -> bool:
    """Whether a size is at least `least` once the unknown ones are large enough.

    They are as large as their witnesses, so those must do.
    """
    return int(size) >= least and (not isinstance(size, Size) or -1 not in _when_large(size, least))


def _size(formula: Formula) -> int:
    return formula.constant if formula.is_constant else Size(formula)


def _formula(size: int) -> Formula:
    if isinstance(size, Size):
        return size.formula
    if size == int(size):
        return number(int(size))
    raise Reject(
        "", f"{size!r} does not go with a size that is open", help="sizes are whole numbers"
    )


def _signs(a: int, b: int) -> frozenset[int]:
    return signs(_formula(a) - _formula(b))


def _when_large(size: int, least: int) -> frozenset[int]:
    return signs_when_large(_formula(size) - _formula(least))


def _holds(a: int, b: int, wanted: set[int], words: str) -> bool:
    """Whether the sign of a - b is a wanted one, for all sizes or for none."""
    found = _signs(a, b)
    if found <= wanted:
        return True
    if not found & wanted:
        return False
    raise Undecided(f"whether `{a}` is {words} {_quoted(b)}", a, b)


def _quotient(a: int, b: int) -> int:
    if not isinstance(b, Size):
        if b == 0:
            raise ZeroDivisionError(f"{a} // 0")
        return _size(_formula(a).over(b) if b > 0 else (-_formula(a)).over(-b))
    found = _formula(a).multiple_of(_formula(b))
    if found is None:
        raise Undecided(f"`{a}` divided by `{b}`", a, b)
    return _size(found)


def _exact_quotient(a: int, b: int) -> int:
    found = _quotient(a, b)
    if isinstance(rest := a - found * b, Size):
        raise Undecided(f"whether `{a}` is a multiple of {_quoted(b)}", a, rest)
    if rest:
        raise Undecided(f"`{a} / {b}`, which is no whole number,", a)
    return found


def _quoted(size: int) -> str:
    return f"`{size}`" if isinstance(size, Size) else str(size)
