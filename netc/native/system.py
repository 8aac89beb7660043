"""What waiting threads need of the operating system, as addresses for native code."""

import ctypes
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

WINDOWS = sys.platform == "win32"


@dataclass(frozen=True)
class System:
    """Addresses of functions of the system.

    `give_way` takes nothing and lets others run. `sleep` takes an integer of 32 bits, and with
    `nap` it sleeps for as short a time as the system knows. `clock` writes the time to an address,
    its last argument; where it is not Windows, the first says which clock. `where` takes nothing
    and gives the number of the processor it runs on; it is 0 where there is no use for that.
    """

    give_way: int
    sleep: int
    nap: int
    clock: int
    clock_kind: int
    where: int


@cache
def system() -> System:
    """The functions of this system."""
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32")
        names = kernel.SwitchToThread, kernel.Sleep, kernel.QueryPerformanceCounter
        nap, kind = 1, 0
    else:
        library = ctypes.CDLL(None)
        names = library.sched_yield, library.usleep, library.clock_gettime
        nap, kind = 50, time.CLOCK_MONOTONIC
    give_way, sleep, clock = (_address(function) for function in names)
    where = _where()
    return System(give_way, sleep, nap, clock, kind, _address(where) if where else 0)


def _address(function: object) -> int:
    return ctypes.cast(function, ctypes.c_void_p).value or 0  # type: ignore[arg-type]


def stamp_unit() -> float:
    """Seconds of one count of a stamp's second word; the first counts whole seconds, if any."""
    if sys.platform == "win32":
        frequency = ctypes.c_int64()
        ctypes.WinDLL("kernel32").QueryPerformanceFrequency(ctypes.byref(frequency))
        return 1.0 / frequency.value
    return 1e-9


def _where() -> object | None:
    """The system's function that tells on which processor its caller runs; None where a thread
    cannot be moved, or the system does not tell."""
    if sys.platform != "linux":
        return None
    try:
        return ctypes.CDLL(None).sched_getcpu
    except AttributeError:
        return None


@cache
def _asked() -> Callable[[], int] | None:
    return ctypes.CFUNCTYPE(ctypes.c_int)(system().where) if system().where else None


def processor() -> int:
    """The processor this thread runs on just now, or -1 where nobody can tell."""
    ask = _asked()
    return ask() if ask else -1


def leave(taken: set[int]) -> None:
    """Move this thread from processors that others run on to one that is free, if there is one.

    Linux wakes a thread on the processor of the one that woke it, and takes some milliseconds to
    part them. The move is no promise for later: all processors are allowed again at once.
    """
    if sys.platform == "linux" and processor() in taken - {-1}:
        allowed = os.sched_getaffinity(0)
        # A system that lets nobody move only costs time.
        with suppress(OSError):
            if allowed - taken:
                os.sched_setaffinity(0, allowed - taken)
                os.sched_setaffinity(0, allowed)
