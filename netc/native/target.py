"""The processor that code is made for."""

from dataclasses import dataclass
from functools import cache

from netc.native.caches import USUAL, cache_bytes
from netc.types import Dtype

ITEM_BYTES: dict[Dtype, int] = {"f32": 4, "f64": 8}
"""Sizes of the numbers that kernels compute with."""


@dataclass(frozen=True)
class Target:
    """What code generation must know: LLVM's names for the machine, and its vector registers.

    `vector_bytes` is the width of a register and `registers` how many there are; caches are in
    bytes, of one core.
    """

    triple: str
    processor: str
    features: str
    vector_bytes: int
    registers: int
    level1_bytes: int = USUAL[1]
    level2_bytes: int = USUAL[2]

    def lanes(self, dtype: Dtype) -> int:
        """How many numbers a register holds."""
        return self.vector_bytes // ITEM_BYTES[dtype]


@cache
def host() -> Target:
    """The machine we run on. Raises ImportError where llvmlite is not there."""
    import llvmlite.binding as llvm

    try:
        features = llvm.get_host_cpu_features()
    except RuntimeError:  # LLVM cannot ask every system.
        features = llvm.FeatureMap()
    triple = llvm.get_process_triple()
    arm = triple.startswith(("aarch64", "arm64"))
    if features.get("avx512f"):
        width, registers = 64, 32
    elif features.get("avx2") and features.get("fma"):
        width, registers = 32, 16
    else:
        width, registers = 16, 32 if arm else 16
    return Target(
        triple,
        llvm.get_host_cpu_name(),
        features.flatten(),
        width,
        registers,
        cache_bytes(1),
        cache_bytes(2),
    )
