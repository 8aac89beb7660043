"""How fast this machine multiplies and adds: the ceiling of all that is measured."""

import statistics
import time
from dataclasses import dataclass

import numpy as np

from netc.native.compile import addresses
from netc.native.function import Function
from netc.native.kernel import Argument, Kernel, pointers
from netc.native.runtime import Call, crew, table
from netc.native.target import Target, host

_CHAINS = 24
"""Sums that do not wait for each other: more than any processor has on the way."""


@dataclass(frozen=True)
class Multiplying(Kernel):
    """Multiplies and adds in registers, `rounds` times `chains` vectors."""

    chains: int

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return (*pointers("x"), Argument("rounds", "integer"))

    def emit(self, f: Function, target: Target) -> None:
        factors = [f.vload("%x"), f.vload("%x", f.lanes)]
        start = [f.vload("%x", t) for t in range(self.chains)]
        with f.loop(0, "%rounds", 1, start) as loop:
            loop.new = [f.fma(*factors, total) for total in loop.given]
        total = loop.out[0]
        for other in loop.out[1:]:
            total = f.fadd(total, other)
        f.vstore(total, "%x")


class Peak:
    """The loop on some threads at once, about a millisecond of it."""

    def __init__(self, threads: int) -> None:
        target, rounds = host(), 100_000
        kernel = Multiplying("f32", _CHAINS if target.registers > 16 else 12)
        entry = addresses([kernel])[kernel]
        self._crew = crew(threads)
        self._rooms = [np.zeros(1024, np.float32) for _ in range(threads)]
        self._tables = [table([Call(entry, (r.ctypes.data, rounds))]) for r in self._rooms]
        self._operations = 2 * rounds * kernel.chains * kernel.lanes(target) * threads

    def rate(self, seconds: float = 0.1) -> float:
        """Operations a second, the middle of the runs of some time."""
        self._crew.run(self._tables)
        stop, rates = time.perf_counter() + seconds, []
        while time.perf_counter() < stop:
            start = time.perf_counter()
            self._crew.run(self._tables)
            rates.append(self._operations / (time.perf_counter() - start))
        return statistics.median(rates)
