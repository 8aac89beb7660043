"""The threads that rules share: started once, woken for each piece of work."""

import os
from collections.abc import Callable
from functools import cache
from queue import SimpleQueue
from threading import Thread

import numpy as np
from threadpoolctl import ThreadpoolController

_Work = Callable[[int], None]

_MOST_THREADS = 8
"""Beyond this the threads of a step wait for each other more than they work."""


class ThreadPool:
    """`count` threads, the calling one among them.

    NumPy lets go of the interpreter inside large array operations and matrix products, so Python
    threads do run at once where it matters. All follow the caller's `np.errstate`.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._work: list[SimpleQueue[_Work]] = [SimpleQueue() for _ in range(count - 1)]
        self._done: SimpleQueue[BaseException | None] = SimpleQueue()
        self._errstate = np.geterr()
        for index, queue in enumerate(self._work, start=1):
            Thread(target=self._serve, args=(index, queue), daemon=True).start()

    def each(self, work: _Work) -> None:
        """Call `work(t)` for every t below `count` at once; the first exception is raised again."""
        self._errstate = np.geterr()
        for queue in self._work:
            queue.put(work)
        try:
            work(0)
        finally:
            errors = [self._done.get() for _ in self._work]
        for error in errors:
            if error is not None:
                raise error

    def _serve(self, index: int, queue: "SimpleQueue[_Work]") -> None:
        while True:
            work = queue.get()
            try:
                with np.errstate(**self._errstate):
                    work(index)
            except BaseException as error:
                self._done.put(error)
            else:
                self._done.put(None)


@cache
def thread_pool(count: int) -> ThreadPool:
    """The pool of this size; one serves all engines of the process.

    The first call also holds the BLAS behind NumPy to one thread: the rules share the work among
    threads themselves, and a sum split the same way each time gives the same bits each time.
    """
    ThreadpoolController().limit(limits=1, user_api="blas")
    return ThreadPool(count)


def usable_threads() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def default_threads() -> int:
    """As many threads as the process may use cores, within reason."""
    return min(usable_threads(), _MOST_THREADS)
