"""Whether kernels can be made here at all, and if not, why."""

import os
from functools import cache

from netc.native.runtime import Crew, table

OLDEST = (0, 44)
"""The first llvmlite whose interface is used."""


@cache
def why_not() -> str | None:
    """What stands in the way of kernels; None if nothing does.

    Everything that may fail is tried once: the driver is made and run, on one thread.
    """
    try:
        import llvmlite
    except ImportError as error:
        return f"llvmlite cannot be imported: {error}"
    except OSError as error:  # Its library does not fit this system.
        return f"llvmlite cannot be loaded: {error}"
    version = llvmlite.__version__
    if _numbers(version) < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        return f"llvmlite is {version}, and {wanted} or later is needed"
    return _trial()


def available() -> bool:
    """Whether kernels can be made and run."""
    return why_not() is None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _trial() -> str | None:
    try:
        made = Crew(1)
        made.run([table([made.barrier])])
    except Exception as error:
        if os.environ.get("NETC_DEBUG") == "1":
            raise
        return f"LLVM makes no code here: {error or type(error).__name__}"
    return None
