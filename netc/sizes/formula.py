"""Whole numbers that hang on unknown ones: sums of products of symbols and of rounded quotients."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import gcd, lcm

_MOST_CASES = 4096
"""Cases that are looked at one by one before a question counts as open."""


@dataclass(frozen=True)
class Symbol:
    """A whole number of at least 1, and the one that stands for it where one is needed."""

    name: str
    witness: int

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Floor:
    """`inner // by`, where nothing can be taken out: all factors in `inner` are 0 to by - 1."""

    inner: "Formula"
    by: int

    @cached_property
    def _text(self) -> str:
        return f"{_factor(self.inner)} // {self.by}"

    def __str__(self) -> str:
        return self._text


Atom = Symbol | Floor
Monomial = tuple[Atom, ...]
"""A product; the empty one is 1."""


@dataclass(frozen=True)
class Formula:
    """A sum of monomials with whole factors, the greatest first, in one form for one formula.

    Quotients are rounded down, and one in another becomes one of a larger divisor:
    ((h + 1) // 2 + 1) // 2 is (h + 3) // 4. Formulas that differ in form may still be the same
    number for every h: `is_same` in netc.sizes.signs tells.
    """

    terms: tuple[tuple[Monomial, int], ...]

    @cached_property
    def constant(self) -> int:
        """What is added to the rest."""
        return self.terms[-1][1] if self.terms and not self.terms[-1][0] else 0

    @cached_property
    def is_constant(self) -> bool:
        """Whether it is a plain number."""
        return all(not monomial for monomial, _ in self.terms)

    @cached_property
    def value(self) -> int:
        """The number, with the witness of every symbol."""
        return sum(factor * _value(monomial) for monomial, factor in self.terms)

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """The unknown numbers, each once, by name."""
        atoms = {atom for monomial, _ in self.terms for atom in monomial}
        inner = (s for a in atoms for s in ((a,) if isinstance(a, Symbol) else a.inner.symbols))
        return tuple(sorted(set(inner), key=str))

    @cached_property
    def period(self) -> int:
        """With every symbol written as period * s + r, for a number r, no quotient is rounded."""
        floors = {a for monomial, _ in self.terms for a in monomial if isinstance(a, Floor)}
        return lcm(*(floor.by * floor.inner.period for floor in floors))

    def __add__(self, other: "Formula") -> "Formula":
        return _collected((*self.terms, *other.terms))

    def __neg__(self) -> "Formula":
        return Formula(tuple((monomial, -factor) for monomial, factor in self.terms))

    def __sub__(self, other: "Formula") -> "Formula":
        return self + -other

    def __mul__(self, other: "Formula") -> "Formula":
        return _collected(
            (_sorted((*a, *b)), m * n) for (a, m), (b, n) in product(self.terms, other.terms)
        )

    def over(self, by: int) -> "Formula":
        """Divided by a number above 0, rounded down."""
        if self.terms and self.terms[0][0] and self.terms[0][1] < 0:
            return -(number(by - 1) - self).over(by)
        whole = _collected((monomial, factor // by) for monomial, factor in self.terms)
        rest = _collected((monomial, factor % by) for monomial, factor in self.terms)
        return whole if rest.is_constant else whole + _floor(rest, by)

    def multiple_of(self, other: "Formula") -> "Formula | None":
        """What `other` must be multiplied by to give this; None where that is no formula."""
        rest, found = self, number(0)
        lead, lead_factor = other.terms[0]
        while rest.terms:
            monomial, factor = rest.terms[0]
            if factor % lead_factor or not Counter(lead) <= Counter(monomial):
                return None
            left = _sorted((Counter(monomial) - Counter(lead)).elements())
            part = Formula(((left, factor // lead_factor),))
            rest, found = rest - part * other, found + part
        return found

    def at(self, values: Mapping[str, "Formula"]) -> "Formula":
        """With formulas put in place of symbols, by name."""
        found = number(0)
        for monomial, factor in self.terms:
            part = number(factor)
            for atom in monomial:
                part *= _at(atom, values)
            found += part
        return found

    def cases(self) -> "Iterator[Formula]":
        """Formulas without quotients that are together this one.

        Each is that of the numbers with one remainder; its symbols are at least 0. Raises
        OverflowError where there are too many.
        """
        if self.period ** len(self.symbols) > _MOST_CASES:
            raise OverflowError
        for rests in product(range(1, self.period + 1), repeat=len(self.symbols)):
            pairs = zip(self.symbols, rests, strict=True)
            yield self.at({s.name: symbol(s) * number(self.period) + number(r) for s, r in pairs})

    @cached_property
    def _text(self) -> str:
        if len(self.terms) == 2 and self.constant < 0:
            (monomial, factor), _ = self.terms
            if factor == len(monomial) == 1 and isinstance(floor := monomial[0], Floor):
                return f"{_factor(floor.inner + number(self.constant * floor.by))} // {floor.by}"
        first = next((i for i, (_, factor) in enumerate(self.terms) if factor > 0), 0)
        terms = (*self.terms[first : first + 1], *self.terms[:first], *self.terms[first + 1 :])
        text = "".join(f" {'-' if f < 0 else '+'} {_product(abs(f), m)}" for m, f in terms)
        return text.removeprefix(" + ").removeprefix(" ") or "0"

    def __str__(self) -> str:
        return self._text


def number(value: int) -> Formula:
    """A plain number."""
    return Formula((((), value),) if value else ())


def symbol(unknown: Symbol) -> Formula:
    """An unknown number alone."""
    return Formula((((unknown,), 1),))


def _collected(terms: Iterable[tuple[Monomial, int]]) -> Formula:
    """Terms of the same monomial taken together, and put in order."""
    sums: dict[Monomial, int] = {}
    for monomial, factor in terms:
        sums[monomial] = sums.get(monomial, 0) + factor
    kept = [(monomial, factor) for monomial, factor in sums.items() if factor]
    return Formula(tuple(sorted(kept, key=lambda term: _rank(term[0]))))


def _rank(monomial: Monomial) -> tuple[int, tuple[str, ...]]:
    return -len(monomial), tuple(map(str, monomial))


def _sorted(atoms: Iterable[Atom]) -> Monomial:
    return tuple(sorted(atoms, key=str))


def _floor(rest: Formula, by: int) -> Formula:
    """`rest // by`, all factors being 0 to by - 1."""
    common = gcd(by, *(factor for monomial, factor in rest.terms if monomial))
    rest, by = Formula(tuple((m, f // common) for m, f in rest.terms if f >= common)), by // common
    monomial, factor = rest.terms[0]
    if len(rest.terms) - bool(rest.constant) == 1 and factor == len(monomial) == 1:
        atom = monomial[0]
        if isinstance(atom, Floor):
            return (atom.inner + number(rest.constant * atom.by)).over(by * atom.by)
    return Formula((((Floor(rest, by),), 1),))


def _at(atom: Atom, values: Mapping[str, Formula]) -> Formula:
    if isinstance(atom, Floor):
        return atom.inner.at(values).over(atom.by)
    return values.get(atom.name, symbol(atom))


def _value(monomial: Monomial) -> int:
    found = 1
    for atom in monomial:
        found *= atom.witness if isinstance(atom, Symbol) else atom.inner.value // atom.by
    return found


def _product(factor: int, monomial: Monomial) -> str:
    """`64 * h * (w // 2)`."""
    parts = [str(atom) for atom in monomial]
    if factor != 1 or len(parts) != 1:
        quotients = [isinstance(atom, Floor) for atom in monomial]
        parts = [f"({p})" if q else p for p, q in zip(parts, quotients, strict=True)]
    return " * ".join([str(factor), *parts] if factor != 1 or not parts else parts)


def _factor(formula: Formula) -> str:
    """A formula as it stands before `//`."""
    is_bare = len(formula.terms) == 1 and formula.terms[0][1] == len(formula.terms[0][0]) == 1
    return str(formula) if is_bare else f"({formula})"
