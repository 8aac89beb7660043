"""The processor that code is made for."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from netc.native.caches import USUAL, cache_bytes
from netc.types import Dtype

ITEM_BYTES: dict[Dtype, int] = {"f32": 4, "f64": 8}
"""Sizes of the numbers that kernels compute with."""

VARIABLE = "NETC_VECTORS"
"""Names the most bytes that a vector may have, where the machine has wider ones: 16 or 32."""

_LEFT_OUT = {32: ",-avx512f", 16: ",-avx"}
"""What LLVM must do without for narrower vectors; what is built on it goes with it."""


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
    has = _width(features)
    width = min(has, _widest())
    return Target(
        triple,
        llvm.get_host_cpu_name(),
        features.flatten() + (_LEFT_OUT[width] if width < has else ""),
        width,
        32 if arm or width == 64 else 16,
        cache_bytes(1),
        cache_bytes(2),
    )


def _width(features: Mapping[str, bool]) -> int:
    """Bytes of the vectors of a machine with these features."""
    if features.get("avx512f"):
        return 64
    return 32 if features.get("avx2") and features.get("fma") else 16


def _widest() -> int:
    """Bytes that vectors may have; whatever is no width has no say."""
    asked = os.environ.get(VARIABLE, "")
    return int(asked) if asked in ("16", "32") else 64
