"""Threads that run tables of native calls, kept ready from one step of training to the next."""

import ctypes
import os
from collections.abc import Iterable, Sequence
from functools import cache
from threading import Lock, Thread, current_thread
from typing import NamedTuple
from weakref import WeakSet, finalize

import numpy as np
from numpy.typing import NDArray

from netc.engines import usable_threads
from netc.native import driver as d
from netc.native.system import leave, processor, system

Table = NDArray[np.int64]

_SPINS, _YIELDS, _PATIENCE = 300, 6_000, 5_000
"""Turns of a wait: some µs of spinning; about 2 ms until it sleeps; and the 1 to 2 ms that a thread
without work stays awake. Waking a thread that has gone to sleep takes 50 to 100 µs."""


_PARKED, _STOPPED = 0, 1
"""Why `work` ended."""


class Call(NamedTuple):
    """One call of native code: the address of an entry, and its arguments as integers."""

    entry: int
    arguments: tuple[int, ...]


def table(calls: Iterable[Call]) -> Table:
    """What one thread does in a run, as the driver reads it."""
    words: list[int] = []
    for entry, arguments in calls:
        words += (entry, 2 + len(arguments), *arguments)
    return np.array([*words, 0], np.int64)


class Crew:
    """`threads` threads, the calling one among them, that each run a table of calls at once.

    The threads come back to Python only when they have had nothing to do for a while; from one run
    to the next they wait inside native code. Several Python threads may use a crew: they take
    turns. A run cannot be broken off; Ctrl-C is seen between runs. In the child of a fork a crew
    starts threads of its own.
    """

    def __init__(self, threads: int) -> None:
        if threads < 1:
            raise ValueError("a crew has at least one thread")
        self.threads = threads
        self._lead = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64)(
            d.driver()["lead"]
        )
        self._board = _board(threads)
        self._address: int = self._board.ctypes.data
        self._crowd: _Crowd | None = None
        self._turn = Lock()
        _crews.add(self)

    @property
    def barrier(self) -> Call:
        """In the tables of all threads: none goes on before all have come here."""
        return Call(d.driver()["barrier"], (self._address,))

    def stamp(self, address: int) -> Call:
        """Writes the time, as two words, seconds and billionths (see `stamp_unit`)."""
        return Call(d.driver()["stamp"], (self._address, address))

    def run(self, tables: Sequence[Table]) -> None:
        """Run a table on each thread, the first on this one; all are done afterwards.

        The arrays that the calls are about must stay where they are.
        """
        if len(tables) != self.threads:
            raise ValueError(f"{len(tables)} tables for {self.threads} threads")
        with self._turn:
            for index, words in enumerate(tables):
                self._board[d.POSTS + index * d.ROW + d.TABLE] = words.ctypes.data
            patience = 0
            # Nothing has begun when this gives 1, so Ctrl-C may strike anywhere here.
            while self._lead(self._address, patience):
                self._wake()
                patience = _PATIENCE

    def close(self) -> None:
        """Let the threads end; another run starts new ones."""
        with self._turn:
            if self._crowd is not None:
                self._crowd.end()
                self._crowd = None

    def _wake(self) -> None:
        if self._crowd is None:
            self._crowd = _Crowd(self._board, self.threads)
            finalize(self, self._crowd.end)
        self._crowd.wake()

    def _forget(self) -> None:
        """After a fork the threads are those of the parent, and so is a run that was going on. The
        board stays where tables know it to be."""
        self._board[d.ARRIVED] = 0
        self._board[d.POSTS :: d.ROW] = d.PARKED
        self._crowd = None
        self._turn = Lock()


class _Crowd:
    """The threads of a crew but the leading one. Each waits at a gate when it is parked."""

    def __init__(self, board: Table, threads: int) -> None:
        self._board = board
        self._gates = [Lock() for _ in range(1, threads)]
        self._threads = [
            Thread(target=self._serve, args=(index,), daemon=True, name=f"netc-{index}")
            for index in range(1, threads)
        ]
        board[d.POSTS :: d.ROW] = d.PARKED
        for gate, thread in zip(self._gates, self._threads, strict=True):
            gate.acquire()
            thread.start()

    def wake(self) -> None:
        """Open the gates of those that are parked. One that is opened once too often lets a thread
        through that finds nothing to do, and comes back."""
        self._board[d.POSTS + d.PROCESSOR] = processor()
        for index, gate in enumerate(self._gates, start=1):
            if self._state(index) == d.PARKED and gate.locked():
                gate.release()

    def end(self) -> None:
        """Stop all threads. They may not outlive the native code, which goes when Python ends."""
        for index, gate in enumerate(self._gates, start=1):
            self._board[d.POSTS + index * d.ROW] = d.STOPPED
            if gate.locked():
                gate.release()
        for thread in self._threads:
            if thread is not current_thread():
                thread.join(1.0)

    def _serve(self, index: int) -> None:
        work = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64)(d.driver()["work"])
        board: int = self._board.ctypes.data
        processors = self._board[d.POSTS + d.PROCESSOR :: d.ROW]
        ended = _PARKED
        while ended != _STOPPED:
            if ended == _PARKED:
                self._gates[index - 1].acquire()
            leave(set(processors[:index].tolist()))
            ended = work(board, index)

    def _state(self, index: int) -> int:
        return int(self._board[d.POSTS + index * d.ROW])


def _board(threads: int) -> Table:
    """Shared memory with nobody at work; rows begin where lines of a cache do."""
    words = d.POSTS + threads * d.ROW
    room = np.zeros(words + d.ROW, np.int64)
    start = -(room.ctypes.data // 8) % d.ROW
    board = room[start : start + words]
    has = system()
    board[d.THREADS] = threads
    board[d.GIVE_WAY], board[d.SLEEP], board[d.NAP] = has.give_way, has.sleep, has.nap
    board[d.CLOCK], board[d.CLOCK_KIND] = has.clock, has.clock_kind
    board[d.SPINS], board[d.YIELDS], board[d.PATIENCE] = _SPINS, _YIELDS, _PATIENCE
    # Where there are more threads than processors, moving them about helps nobody.
    board[d.WHERE] = has.where if threads <= usable_threads() else 0
    board[d.POSTS + d.PROCESSOR :: d.ROW] = -1
    board[d.POSTS :: d.ROW] = d.PARKED  # Until there are threads, a run finds none.
    return board


_crews: WeakSet[Crew] = WeakSet()


@cache
def crew(threads: int) -> Crew:
    """The crew of this size; one serves all engines of the process."""
    return Crew(threads)


def _after_fork() -> None:
    for made in _crews:
        made._forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
