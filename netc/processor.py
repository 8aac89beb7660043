"""What the system says of the processor, without any library: it is asked before any is there."""

import ctypes
import os
import platform
import sys
from collections.abc import Mapping
from functools import cache
from itertools import takewhile
from pathlib import Path

CORETYPE = "OPENBLAS_CORETYPE"
"""The variable by which OpenBLAS is told for which processor to compute."""

_LINUX = Path("/proc/cpuinfo")
_AVX512_ON_WINDOWS = 41
"""PF_AVX512F_INSTRUCTIONS_AVAILABLE."""

_UNKNOWN_FAMILY = 26
"""AMD's first that OpenBLAS takes for a Haswell, at least up to 0.3.31: Zen 5."""


@cache
def facts() -> Mapping[str, str]:
    """What Linux says of the first processor; nothing elsewhere."""
    try:
        with _LINUX.open(encoding="utf-8", errors="replace") as file:
            lines = [*takewhile(str.strip, file)]
    except OSError:
        return {}
    pairs = (line.partition(":") for line in lines)
    return {name.strip(): value.strip() for name, _, value in pairs}


def name() -> str:
    return facts().get("model name") or platform.processor() or platform.machine()


def has_avx512() -> bool:
    """Whether it has the instructions on 512 bits, as far as one can tell."""
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32")
        return bool(kernel.IsProcessorFeaturePresent(_AVX512_ON_WINDOWS))
    needed = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}
    return needed <= set(facts().get("flags", "").split())


def is_underrated() -> bool:
    """Whether OpenBLAS takes it for one with vectors of half the size."""
    return _amd_family() >= _UNKNOWN_FAMILY and has_avx512()


def _amd_family() -> int:
    """The number of a family of AMD's processors; 0 for others."""
    if sys.platform == "win32":
        # AMD64 Family 26 Model 68 Stepping 0, AuthenticAMD
        words = os.environ.get("PROCESSOR_IDENTIFIER", "").replace(",", " ").split()
        vendor, family = words[-1:], words[2:3]
    else:
        vendor, family = [facts().get("vendor_id", "")], [facts().get("cpu family", "")]
    if vendor != ["AuthenticAMD"] or not "".join(family).isdigit():
        return 0
    return int(family[0])


def tell_openblas() -> None:
    """Have the OpenBLAS behind NumPy use all of the processor, where it would not by itself:
    matrix products then take half the time. Comes before NumPy, and overrides nobody."""
    if CORETYPE not in os.environ and is_underrated():
        os.environ[CORETYPE] = "SkylakeX"
