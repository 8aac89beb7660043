"""How large the caches of a core are, as the system tells."""

import ctypes
import sys
from pathlib import Path

USUAL = {1: 32 << 10, 2: 512 << 10}
"""What is taken where the system does not tell: no more than most processors have."""

_UNITS = {"K": 1 << 10, "M": 1 << 20}
_LINUX = Path("/sys/devices/system/cpu/cpu0/cache")
_MAC = {
    1: ("hw.perflevel0.l1dcachesize", "hw.l1dcachesize"),
    2: ("hw.perflevel0.l2cachesize", "hw.l2cachesize"),
}


def cache_bytes(level: int, folder: Path = _LINUX) -> int:
    """The data cache of a level, 1 or 2, of one core; of a shared one, its share."""
    found = _on_mac(level) if sys.platform == "darwin" else _on_linux(level, folder)
    return found or USUAL[level]


def _on_linux(level: int, folder: Path) -> int:
    for index in sorted(folder.glob("index*")):
        try:
            words = {n: (index / n).read_text().strip() for n in ("level", "type", "size")}
            size = int(words["size"].rstrip("KM")) * _UNITS.get(words["size"][-1:], 1)
        except (OSError, ValueError):
            continue
        if words["level"] == str(level) and words["type"] in ("Data", "Unified"):
            return size
    return 0


def _on_mac(level: int) -> int:
    library = ctypes.CDLL(None)
    for name in _MAC[level]:
        size, room = ctypes.c_int64(0), ctypes.c_size_t(8)
        if library.sysctlbyname(
            name.encode(), ctypes.byref(size), ctypes.byref(room), None, ctypes.c_size_t(0)
        ):
            continue
        # Some cores of an Apple share their second cache: two of them leave each enough.
        return size.value // (4 if level == 2 and "perflevel" in name else 1)
    return 0
