"""The folder of a run: which files it has and how they are kept whole."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import IO, Any
from weakref import finalize

from netc.diag import Problem, quoted, refusal
from netc.files import naming, write_file
from netc.training.problems import UnusableRun

if sys.platform != "win32":
    import fcntl

Line = Mapping[str, Any]
"""One line of `metrics.jsonl`."""

_FLUSH_SECONDS = 1.0


class RunFolder:
    """The paths of a run's files, and the right to write them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.spec = path / "spec.net"
        self.manifest = path / "manifest.json"
        self.metrics = path / "metrics.jsonl"
        self.last = path / "last.safetensors"
        self.best = path / "best.safetensors"
        self.state = path / "state.safetensors"
        self._let_go: Callable[[], object] = lambda: None

    def take(self) -> list[Problem]:
        """Keep all others from training in this folder until `release`, or say that one does.

        The system takes the lock off when the process ends, however it ends.
        """
        if sys.platform == "win32":
            return []
        handle = os.open(self.path, os.O_RDONLY)
        self._let_go = finalize(self, os.close, handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            reason = "a training is going on in it"
            return [UnusableRun(None, path=str(self.path), reason=reason)]
        except OSError:  # a file system without locks
            return []
        self._sweep()
        return []

    def release(self) -> None:
        """Let others train in this folder."""
        self._let_go()

    def _sweep(self) -> None:
        """Remove what a killed process had begun to write."""
        for file in (self.spec, self.manifest, self.metrics, self.last, self.best, self.state):
            for begun in self.path.glob(f".{file.name}.*"):
                with suppress(OSError):
                    begun.unlink()

    def write_manifest(self, facts: Mapping[str, Any]) -> None:
        """Keep what the run is started with."""
        write_file(self.manifest, (json.dumps(facts, indent=2) + "\n").encode())

    def read_manifest(self) -> dict[str, Any] | list[Problem]:
        """What the run was started with."""
        reason, way_out = "", ""
        try:
            facts = json.loads(self.manifest.read_bytes())
            if isinstance(facts, dict):
                return facts
            reason = "its manifest is damaged"
        except FileNotFoundError:
            reason, way_out = "there is no run in it", _runs_in(self.path)
            if not self.path.is_dir():
                reason, way_out = "there is no such folder", _runs_in(self.path.parent)
        except OSError as error:
            reason = refusal(error)
        except (ValueError, RecursionError):
            reason = "its manifest is damaged"
        return [UnusableRun(None, path=str(self.path), reason=reason, way_out=way_out)]


def make_folder(name: str, out: Path | None) -> RunFolder | list[Problem]:
    """A new folder for a run: `out`, which must be new or empty, or the next of runs/NAME-1, -2."""
    try:
        if out is None:
            folder = RunFolder(_next_folder(Path("runs"), name))
            return folder.take() or folder
        out.mkdir(parents=True, exist_ok=True)
        folder = RunFolder(out)
        if problems := folder.take():
            return problems
        if any(out.iterdir()):
            way_out = "name another folder by `--out`"
            if (out / "manifest.json").exists():
                way_out += f", or go on with the run in it: `--resume {out}`"
            reason = "the folder is not empty"
            return [UnusableRun(None, path=str(out), reason=reason, way_out=way_out)]
        return folder
    except OSError as error:
        reason = refusal(error)
        return [UnusableRun(None, path=str(out or "runs"), reason=reason)]


def _next_folder(runs: Path, name: str) -> Path:
    """Folders are made, not looked for, so two runs that start at once get two of them."""
    runs.mkdir(parents=True, exist_ok=True)
    taken = [p.name.removeprefix(f"{name}-") for p in runs.glob(f"{name}-*")]
    last = max((int(n) for n in taken if n.isdecimal()), default=0)
    for number in count(last + 1):
        try:
            (runs / f"{name}-{number}").mkdir()
        except FileExistsError:
            continue
        return runs / f"{name}-{number}"
    raise AssertionError("there is always a next number")


def _runs_in(folder: Path) -> str:
    try:
        runs = [p for p in folder.iterdir() if (p / "manifest.json").is_file()]
        latest = sorted(runs, key=lambda p: p.stat().st_mtime)[-3:]
    except OSError:
        return ""
    names = quoted(map(str, latest))
    return f"there {'is' if len(latest) == 1 else 'are'} {names}" if names else ""


class Metrics:
    """`metrics.jsonl`, a line for each event."""

    def __init__(self, path: Path, kept: Iterable[Line] = ()) -> None:
        write_file(path, b"".join(_encoded(line) for line in kept))
        self._path = path
        self._file: IO[bytes] = path.open("ab")
        self._flushed = time.monotonic()

    def add(self, line: Line) -> None:
        """Add a line; within a second it is in the file."""
        with naming(self._path):
            self._file.write(_encoded(line))
        if time.monotonic() - self._flushed > _FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Have all lines in the file."""
        with naming(self._path):
            self._file.flush()
        self._flushed = time.monotonic()

    def close(self) -> None:
        with naming(self._path):
            self._file.close()


def _encoded(line: Line) -> bytes:
    return json.dumps(line).encode() + b"\n"


def lines_until(path: Path, *, step: int, tested: int) -> list[Line]:
    """The lines about what is not done again: the start, steps up to one, tests up to another."""
    limits = {"step": step, "test": tested}
    kept: list[Line] = []
    try:
        text = path.read_bytes()
    except OSError:
        return kept
    for row in text.splitlines():
        try:
            line = json.loads(row)
            event = line["event"]
            if event == "start" or line["step"] <= limits.get(event, -1):
                kept.append(line)
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    return kept
