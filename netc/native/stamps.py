"""When each thread came to each place of its table, told by the clock from inside native code."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from netc.engines import Watch, Work
from netc.native.runtime import Call, Crew
from netc.native.system import stamp_unit
from netc.native.task import Task
from netc.types import Array

_CHUNK = 1024


class Stamps:
    """Calls of the clock between the calls of one run's tables, and what they tell after a run.

    Every thread has a stamp at the start of its table and one after each call. What a call is for
    is in `works`; calls for nothing are waiting.
    """

    def __init__(self, crew: Crew, watch: Watch, works: Mapping[Task, Work]) -> None:
        self._crew, self._watch, self._known = crew, watch, works
        self._rooms: list[list[Array]] = [[] for _ in range(crew.threads)]
        self._works: list[list[Work | None]] = [[] for _ in range(crew.threads)]

    def among(self, thread: int, calls: Iterable[tuple[Call, Task | None]]) -> Iterator[Call]:
        """The calls of a thread with stamps among them."""
        yield self._stamp(thread, None)
        for call, task in calls:
            yield call
            yield self._stamp(thread, None if task is None else self._known[task])

    def _stamp(self, thread: int, work: Work | None) -> Call:
        index = len(self._works[thread]) % _CHUNK
        self._works[thread].append(work)
        if index == 0:
            self._rooms[thread].append(np.zeros((_CHUNK, 2), np.int64))
        return self._crew.stamp(self._rooms[thread][-1].ctypes.data + 16 * index)

    def collect(self) -> None:
        """Add the times of the last run to its works."""
        threads = self._crew.threads
        times = [self._times(thread) for thread in range(threads)]
        first, last = min(t[0] for t in times), max(t[-1] for t in times)
        for thread, own in enumerate(times):
            # A thread that begins late or ends early waits for the others.
            passed = np.diff(own, prepend=first, append=last) / threads
            for work, seconds in zip((*self._works[thread], None), passed, strict=True):
                if work is None:
                    self._watch.waiting += float(seconds)
                else:
                    work.seconds += float(seconds)

    def _times(self, thread: int) -> Array:
        """Seconds since the first stamp of the first thread, exactly."""
        counts = np.concatenate(self._rooms[thread])[: len(self._works[thread])]
        counts = counts - self._rooms[0][0][0]
        return np.asarray(counts[:, 0] + counts[:, 1] * stamp_unit())
