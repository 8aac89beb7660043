"""How fast this machine multiplies and adds: what the speed of layers is a share of."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from netc.native.compile import addresses
from netc.native.function import Function
from netc.native.kernel import Argument, Kernel, pointers
from netc.native.runtime import Call, crew, table
from netc.native.system import stamp_unit
from netc.native.target import Target, host
from netc.types import Dtype

_ROUNDS = 50_000
_LEAST_RUNS = 20
_REGISTERS_FOR_OTHERS = 4


@dataclass(frozen=True)
class Multiply(Kernel):
    """Multiply-adds in registers that do not wait for each other."""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return pointers("numbers")

    def chains(self, target: Target) -> int:
        """How many are on the way at once."""
        return target.registers - _REGISTERS_FOR_OTHERS

    def emit(self, f: Function, target: Target) -> None:
        x = f.vload("%numbers")
        with f.loop(0, _ROUNDS, 1, [x] * self.chains(target)) as loop:
            loop.new = [f.fma(x, x, total) for total in loop.given]
        for total in loop.out:
            f.vstore(total, "%numbers")


def multiply_adds(threads: int, *, dtype: Dtype = "f32", seconds: float = 0.05) -> float:
    """Multiply-adds that so many threads do in a second, each in its best run: other programs may
    take the processor from some of them at any time."""
    kernel, target, team = Multiply(dtype), host(), crew(threads)
    entry = addresses([kernel])[kernel]
    numbers = np.zeros((threads, 32), np.float64)
    times = np.zeros((threads, 2, 2), np.int64)

    def calls(thread: int) -> Iterator[Call]:
        yield team.stamp(times[thread, 0].ctypes.data)
        yield Call(entry, (numbers[thread].ctypes.data,))
        yield team.stamp(times[thread, 1].ctypes.data)

    tables = [table(calls(thread)) for thread in range(threads)]
    best, runs, stop = np.full(threads, np.inf), 0, perf_counter() + seconds
    while perf_counter() < stop or runs < _LEAST_RUNS:
        team.run(tables)
        whole, rest = (times[:, 1] - times[:, 0]).T
        best, runs = np.minimum(best, whole + rest * stamp_unit()), runs + 1
    return float(_ROUNDS * kernel.chains(target) * kernel.lanes(target) * np.sum(1 / best))
