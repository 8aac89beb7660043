"""Ctrl-C during training: noted at once, obeyed between two steps."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any


class Interrupts:
    """While this is entered, the first Ctrl-C only sets `is_asked`; the second stops at once.

    Outside the main thread nothing changes: Python delivers no signals there.
    """

    def __init__(self) -> None:
        self.is_asked = False
        self._before: Any = None

    def __enter__(self) -> "Interrupts":
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True
