"""Threads that make machine code beside whatever else there is to do."""

import atexit
import os
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread

from netc.engines import usable_threads

_Task = tuple[Callable[[], bytes], "Future[bytes]"]


class Makers:
    """As many threads as there are processors, started when they are first wanted.

    They end with the process, after what each is at: code that nobody waits for any more is not
    made.
    """

    def __init__(self) -> None:
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._ends = False

    def begin(self, make: Callable[[], bytes]) -> "Future[bytes]":
        """Have something made, after what was begun before."""
        made: Future[bytes] = Future()
        self._tasks.put((make, made))
        if len(self._threads) < usable_threads():
            thread = Thread(target=self._serve, daemon=True, name="netc-maker")
            self._threads.append(thread)
            thread.start()
        return made

    def end(self) -> None:
        """Let all threads end. None may be inside of LLVM when the process takes it down."""
        self._ends = True
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while (task := self._tasks.get()) is not None:
            make, made = task
            if self._ends or not made.set_running_or_notify_cancel():
                made.cancel()
                continue
            try:
                made.set_result(make())
            except BaseException as error:
                made.set_exception(error)


_makers = Makers()


def begin(make: Callable[[], bytes]) -> "Future[bytes]":
    """Have something made by the threads of this process."""
    return _makers.begin(make)


def _after_fork() -> None:
    """The threads are those of the parent."""
    global _makers
    _makers = Makers()


atexit.register(lambda: _makers.end())
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
