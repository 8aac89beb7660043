"""Flat arrays gone through by native code, all threads at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt

import numpy as np

from netc.native.compile import addresses
from netc.native.formula import Formula
from netc.native.kernel import Kernel
from netc.native.kernels.update import SquareSum, Update
from netc.native.runtime import Call, crew, table
from netc.types import Array, Dtype

_ALONE = 1 << 14
"""Numbers that one thread has gone through before another would have begun."""

_LINE = 16
"""Numbers, at least a line of a cache: stretches are cut at multiples of it."""


@dataclass(frozen=True)
class Stretch:
    """The numbers `start` to `stop - 1` of flat arrays, and what is done to them.

    `scalars` tells where in the array of numbers each scalar of the formula is.
    """

    start: int
    stop: int
    formula: Formula
    scalars: Mapping[str, int] = field(default_factory=dict)


class FlatPass:
    """Formulas over stretches of flat arrays. A formula knows the arrays by their names.

    `numbers` may be filled anew before each run. Nothing depends on the count of threads, since
    each number is computed by itself.
    """

    def __init__(
        self,
        stretches: Sequence[Stretch],
        arrays: Mapping[str, Array],
        numbers: Array,
        *,
        threads: int,
    ) -> None:
        self._held = (*arrays.values(), numbers)
        self._crew = crew(_useful(stretches, threads))
        self._tables = [
            table(
                _call(
                    Update(_dtype(numbers), stretch.formula),
                    {name: array.ctypes.data for name, array in arrays.items()}
                    | {name: numbers[at:].ctypes.data for name, at in stretch.scalars.items()}
                    | {"first": first, "stop": stop},
                )
                for stretch, first, stop in share
            )
            for share in _shares(stretches, self._crew.threads)
        ]

    def run(self) -> None:
        self._crew.run(self._tables)


class FlatLength:
    """The L2 norm of stretches of a flat array, summed in float64, for each count of threads in an
    order that is always the same."""

    def __init__(self, stretches: Sequence[Stretch], values: Array, *, threads: int) -> None:
        self._held = values
        self._crew = crew(_useful(stretches, threads))
        self._totals = np.zeros((self._crew.threads, _LINE))
        kernel = SquareSum("f64", _dtype(values))
        self._tables = [
            table(
                _call(
                    kernel,
                    {"values": values.ctypes.data, "total": total.ctypes.data}
                    | {"first": first, "stop": stop},
                )
                for _, first, stop in share
            )
            for share, total in zip(
                _shares(stretches, self._crew.threads), self._totals, strict=True
            )
        ]

    def measure(self) -> float:
        self._totals.fill(0)
        self._crew.run(self._tables)
        return sqrt(sum(self._totals[:, 0].tolist()))


def _dtype(array: Array) -> Dtype:
    return "f64" if array.dtype == np.float64 else "f32"


def _call(kernel: Kernel, given: Mapping[str, int]) -> Call:
    arguments = tuple(given[argument.name] for argument in kernel.arguments)
    return Call(addresses([kernel])[kernel], arguments)


def _useful(stretches: Sequence[Stretch], threads: int) -> int:
    """How many threads are worth being called."""
    return min(threads, 1 + sum(s.stop - s.start for s in stretches) // _ALONE)


def _shares(stretches: Sequence[Stretch], threads: int) -> Iterator[list[tuple[Stretch, int, int]]]:
    """What each thread works on: a stretch, and from where to where."""
    total = sum(stretch.stop - stretch.start for stretch in stretches)
    cuts = [total * t // threads // _LINE * _LINE for t in range(threads)]
    for low, high in pairwise([*cuts, total]):
        share, before = [], 0
        for stretch in stretches:
            size = stretch.stop - stretch.start
            first = stretch.start + max(low - before, 0)
            stop = stretch.start + min(high - before, size)
            if first < stop:
                share.append((stretch, first, stop))
            before += size
        yield share
