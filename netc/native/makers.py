"""Threads that make machine code beside whatever else there is to do."""

import atexit
import os
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Lock, Thread

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
        self._busy: list[Lock] = []
        """Held while a thread makes something."""
        self._ends = False

    def begin(self, make: Callable[[], bytes]) -> "Future[bytes]":
        """Have something made, after what was begun before."""
        made: Future[bytes] = Future()
        self._tasks.put((make, made))
        if len(self._threads) < usable_threads():
            busy = Lock()
            thread = Thread(target=self._serve, args=(busy,), daemon=True, name="netc-maker")
            self._busy.append(busy)
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

    def pause(self) -> None:
        """Let nothing be made until `go_on`."""
        for busy in self._busy:
            busy.acquire()

    def go_on(self) -> None:
        for busy in self._busy:
            busy.release()

    def _serve(self, busy: Lock) -> None:
        while (task := self._tasks.get()) is not None:
            make, made = task
            if self._ends or not made.set_running_or_notify_cancel():
                made.cancel()
                continue
            with busy:
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
    # A thread may hold locks of LLVM, which nobody would ever open in the child.
    os.register_at_fork(
        before=lambda: _makers.pause(),
        after_in_parent=lambda: _makers.go_on(),
        after_in_child=_after_fork,
    )
