"""Memory of engines under watch: nothing is in it that a run has not put there, and what lies
around it stays as it is."""

import numpy as np
import pytest

from netc.native import build, desk, memory, program

_GUARD = 4096
_BYTE = 0x5A


class Rooms:
    """All memory that engines take for values in blocks, for rules and for kernels' own use."""

    def __init__(self) -> None:
        self._taken: list[tuple[np.ndarray, int, int]] = []

    def take(self, size: int) -> np.ndarray:
        """Bytes that begin at a page, full of NaN, with guards on both sides."""
        room = np.full(size + 3 * _GUARD, _BYTE, np.uint8)
        start = _GUARD + -room.ctypes.data % _GUARD
        self._taken.append((room, start, start + size))
        inner = room[start : start + size]
        _poison(inner)
        return inner

    def poison(self) -> None:
        """Let nothing be known of what runs have left behind."""
        for room, start, stop in self._taken:
            _poison(room[start:stop])

    def check(self) -> None:
        """Nothing was written around any of them."""
        for room, start, stop in self._taken:
            assert (room[:start] == _BYTE).all(), "written before an arena"
            assert (room[stop:] == _BYTE).all(), "written after an arena"


def _poison(room: np.ndarray) -> None:
    """NaN as numbers of either size."""
    room[: room.size // 8 * 8].view(np.uint64).fill(0x7FF8_7FC0_7FF8_7FC0)


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> Rooms:
    """Put all memory of engines under watch."""
    made = Rooms()
    for module in (build, desk, memory, program):
        monkeypatch.setattr(module, "aligned", made.take)
    return made
