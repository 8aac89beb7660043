"""Convolutions of three taps with fewer multiplications: polynomials that are multiplied by their
values at some points.

Winograd, Arithmetic Complexity of Computations, 1980; Lavin and Gray, Fast Algorithms for
Convolutional Neural Networks, 2015. Points come as 0, pairs of both signs, and infinity, so that
even and odd parts are shared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod, sqrt

from netc.native.function import Function

Vectors = list[str]


@dataclass(frozen=True)
class Points:
    """`made` outputs in a row, from `made + 2` inputs and as many products; 0, plus and minus each
    of `pairs`, and infinity are the points."""

    pairs: tuple[float, ...]

    @property
    def made(self) -> int:
        return 2 * len(self.pairs)

    @property
    def count(self) -> int:
        return self.made + 2

    def of_input(self, f: Function, d: Sequence[str]) -> Vectors:
        """The values of `count` inputs."""
        squares = [p * p for p in self.pairs]
        values = [_product(f, squares, d[0::2])]
        for p in self.pairs:
            others = [s for s in squares if s != p * p]
            even, odd = _product(f, others, d[2::2]), _product(f, others, d[1::2])
            values += _both(f, even, odd, p)
        return [*values, _product(f, squares, d[1::2])]

    def of_weight(self, f: Function, g: Sequence[str]) -> Vectors:
        """The values of three weights, each divided by what its point must be."""
        squares = [p * p for p in self.pairs]
        values = [_times(f, g[0], 1 / prod(-s for s in squares))]
        for p in self.pairs:
            scale = 1 / (2 * p * p * prod(p * p - s for s in squares if s != p * p))
            even = f.fma(f.constant(p * p * scale), g[2], _times(f, g[0], scale))
            values += _both(f, even, g[1], p * scale)
        return [*values, g[2]]

    def of_output(self, f: Function, m: Sequence[str]) -> Vectors:
        """`made` outputs from the products at the points."""
        even, odd = self._sides(f, m)
        made = []
        for power in range(self.made):
            side = odd if power % 2 else even
            total = _weighted(f, side, [p**power for p in self.pairs])
            if power == 0:
                total = f.fadd(m[0], total)
            if power == self.made - 1:
                total = f.fadd(total, m[-1])
            made.append(total)
        return made

    def _sides(self, f: Function, m: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Sums and differences of what belongs to a point and its negative."""
        pairs = list(zip(m[1:-1:2], m[2:-1:2], strict=True))
        return [f.fadd(a, b) for a, b in pairs], [f.fsub(a, b) for a, b in pairs]

    def of_output_gradient(self, f: Function, y: Sequence[str]) -> Vectors:
        """The transpose of `of_output`: gradients of the products."""
        values = [y[0]]
        for p in self.pairs:
            even = _weighted(f, y[0::2], [p**power for power in range(0, self.made, 2)])
            odd = _weighted(f, y[1::2], [p**power for power in range(1, self.made, 2)])
            values += [f.fadd(even, odd), f.fsub(even, odd)]
        return [*values, y[-1]]

    def of_weight_gradient(self, f: Function, u: Sequence[str]) -> Vectors:
        """The transpose of `of_weight`: gradients of the three weights."""
        squares = [p * p for p in self.pairs]
        scales = [
            1 / (2 * p * p * prod(p * p - s for s in squares if s != p * p)) for p in self.pairs
        ]
        even, odd = self._sides(f, u)
        first = f.fma(f.constant(1 / prod(-s for s in squares)), u[0], _weighted(f, even, scales))
        second = _weighted(f, odd, [s * p for s, p in zip(scales, self.pairs, strict=True)])
        third = _weighted(f, even, [s * p * p for s, p in zip(scales, self.pairs, strict=True)])
        return [first, second, f.fadd(third, u[-1])]


TWO = Points((1.0,))
"""Two outputs: as exact as plain sums."""

FOUR = Points((sqrt(0.5), sqrt(2.0)))
"""Four outputs. These points lose fewer digits than 1 and 2."""


def _times(f: Function, x: str, number: float) -> str:
    return x if number == 1 else f.fmul(x, f.constant(number))


def _both(f: Function, even: str, odd: str, p: float) -> Vectors:
    """even + p * odd, and even - p * odd."""
    if p == 1:
        return [f.fadd(even, odd), f.fsub(even, odd)]
    return [f.fma(f.constant(p), odd, even), f.fma(f.constant(-p), odd, even)]


def _product(f: Function, squares: Sequence[float], d: Sequence[str]) -> str:
    """The coefficients of the product of all (z - square), applied to numbers."""
    coefficients = [1.0]
    for square in squares:
        shifted = [0.0, *coefficients]
        coefficients = [a - square * b for a, b in zip(shifted, [*coefficients, 0.0], strict=True)]
    total = d[len(squares)]
    for number, c in zip(d, coefficients[:-1], strict=False):
        total = f.fsub(total, number) if c == -1 else f.fma(f.constant(c), number, total)
    return total


def _weighted(f: Function, x: Sequence[str], numbers: Sequence[float]) -> str:
    total = _times(f, x[0], numbers[0])
    for vector, number in zip(x[1:], numbers[1:], strict=True):
        is_one = number == 1
        total = f.fadd(total, vector) if is_one else f.fma(f.constant(number), vector, total)
    return total
