"""What kernels are made with on this machine, for those who ask."""

from dataclasses import dataclass

from netc.native.cache import code_cache
from netc.native.ready import why_not
from netc.native.target import host


@dataclass(frozen=True)
class Kept:
    """Code kept on disk; with trouble nothing is."""

    folder: str
    bytes: int
    trouble: str | None


@dataclass(frozen=True)
class About:
    """LLVM's version and its name for the processor; vectors in bits, caches of a core in bytes.

    `kept` is None where the cache is switched off.
    """

    llvmlite: str
    llvm: str
    processor: str
    vector_bits: int
    level1_bytes: int
    level2_bytes: int
    kept: Kept | None


def about() -> About | str:
    """What kernels are made with, or why there are none."""
    reason = why_not()
    if reason is not None:
        return reason
    import llvmlite
    import llvmlite.binding as llvm

    target = host()
    return About(
        llvmlite.__version__,
        ".".join(map(str, llvm.llvm_version_info)),
        target.processor,
        target.vector_bytes * 8,
        target.level1_bytes,
        target.level2_bytes,
        _kept(),
    )


def _kept() -> Kept | None:
    found = code_cache()
    if found is None:
        return None
    return Kept(str(found.folder), found.size(), found.trouble())
