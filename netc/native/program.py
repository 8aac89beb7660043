"""A graph as calls of kernels: for each thread a table that the driver goes through."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from netc.kernels.layout import share
from netc.native.compile import addresses
from netc.native.kernel import Kernel
from netc.native.memory import Memory, aligned
from netc.native.runtime import Call, Crew, Table, table
from netc.native.stamps import Stamps
from netc.native.task import Task
from netc.types import Array, Bug


@dataclass(frozen=True, eq=False)
class Job:
    """A kernel, and what each argument of it is bound to; `task` is what it is for."""

    task: Task
    kernel: Kernel
    operands: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Stage:
    """Calls between two meetings of the threads. On blocks, a thread takes each of its blocks
    through all of them; otherwise the units of each call are shared."""

    jobs: tuple[Job, ...]
    on_blocks: bool


def stages_of(jobs: Sequence[Job], *, wide: bool) -> list[Stage]:
    """Calls parted where threads must have met: nothing that one made may be read by another, and
    nothing that one may still read may be written over."""
    stages: list[Stage] = []
    read: set[str] = set()
    made: set[str] = set()
    for job in jobs:
        on_blocks = wide and job.task.scope == "block"
        last = stages[-1] if stages else None
        reads, writes = set(job.task.reads), set(job.task.writes)
        waits = not on_blocks and (made & (reads | writes) or read & writes)
        if last is None or not wide or last.on_blocks != on_blocks or waits:
            stages.append(Stage((job,), on_blocks))
            read, made = reads, writes
        else:
            stages[-1] = Stage((*last.jobs, job), on_blocks)
            read, made = read | reads, made | writes
    return stages


class Tables:
    """Writes the tables of runs of jobs."""

    def __init__(
        self, memory: Memory, crew: Crew, *, batch: int, block: int, blocks: int, lanes: int
    ) -> None:
        self._memory, self._crew = memory, crew
        self._batch, self._block, self._blocks = batch, block, blocks
        self._scratch = [0] * crew.threads
        self._counted = memory.counted(lanes)
        self._rooms: list[Array] = []

    def make_room(self, jobs: Sequence[Job]) -> None:
        """Take the memory that the calls of a thread may use one after the other."""
        room = max((job.kernel.scratch for job in jobs), default=0) * 8
        self._rooms = [aligned(room) for _ in range(self._crew.threads)]
        self._scratch = [room.ctypes.data for room in self._rooms]

    def write(
        self, stages: Sequence[Stage], code: Mapping[Kernel, int], stamps: Stamps | None = None
    ) -> list[Table]:
        """One table for each thread; between two stages all threads meet."""
        tables = []
        for thread in range(self._crew.threads):
            calls: list[tuple[Call, Task | None]] = []
            for index, stage in enumerate(stages):
                if index:
                    calls.append((self._crew.barrier, None))
                for job, block, first, stop in self._share(stage, thread):
                    calls.append((self._entry(job, code, thread, block, first, stop), job.task))
            plain = (call for call, _ in calls)
            tables.append(table(plain if stamps is None else stamps.among(thread, calls)))
        return tables

    def _share(self, stage: Stage, thread: int) -> Iterator[tuple[Job, int, int, int]]:
        """The calls of one thread: on which block, from which unit to which."""
        if stage.on_blocks:
            for block in range(*share(thread, self._crew.threads, self._blocks)):
                for job in stage.jobs:
                    yield job, block, 0, job.kernel.units
            return
        for job in stage.jobs:
            first, stop = share(thread, self._crew.threads, job.kernel.units)
            if first < stop:
                yield job, 0, first, stop

    def _entry(
        self,
        job: Job,
        code: Mapping[Kernel, int],
        thread: int,
        block: int,
        first: int,
        stop: int,
    ) -> Call:
        known = {
            "first": first,
            "stop": stop,
            "blocks": 1 if job.task.scope == "block" else self._blocks,
            "adds": int(job.task.scope == "block"),
            "valid": self._batch
            if job.task.scope == "whole"
            else max(min(self._block, self._batch - block * self._block), 0),
            "start": block * self._block,
            "batch": self._batch,
            "number": max(self._blocks, self._crew.threads),
            "counted": self._counted[block].ctypes.data,
            "scratch": self._scratch[thread],
        }
        values = []
        for argument in job.kernel.arguments:
            name = argument.name
            if name in job.operands:
                values.append(self._pointer(job, job.operands[name], block, thread))
            elif name in known:
                values.append(known[name])
            elif name.endswith("_step"):
                values.append(self._memory.stride(job.operands[name.removesuffix("_step")]))
            else:
                raise Bug(f"nothing is bound to {name} of {type(job.kernel).__name__}")
        return Call(code[job.kernel], tuple(values))

    def _pointer(self, job: Job, value: str, block: int, thread: int) -> int:
        whose = 0 if job.task.scope == "whole" else thread
        return self._memory.pointer(value, block, whose)


def code_for(jobs: Sequence[Job]) -> dict[Kernel, int]:
    """The machine code of all kernels of some calls."""
    return addresses(dict.fromkeys(job.kernel for job in jobs))
