"""Machine code kept on disk from run to run."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from netc import __version__
from netc.diag import refusal
from netc.native.target import host

VARIABLE = "NETC_CACHE"
"""Names the folder of the cache, or is `off`."""

LARGEST = 256 << 20
"""Bytes that all code together may take; what was not used for longest goes first."""

_OFTEN = 16 << 20
"""Bytes that are written between two looks at the size of the folder."""

_SUFFIX = ".code"
_DAY = 86_400.0


@dataclass
class CodeCache:
    """A folder with one file for each piece of code: its checksum, and the code.

    Code in it is run, so it is only taken from a folder and from files that are ours and that
    nobody else may write. What is missing, damaged or foreign is not there; what cannot be written
    is not kept. Any number of processes may use it at once.
    """

    folder: Path
    maker: str
    """All that the same kernel may become other code by."""
    largest: int = LARGEST
    _unseen: int = field(default=_OFTEN, init=False)
    """Bytes written since the size of the folder was looked at."""

    def recall(self, key: str) -> bytes | None:
        """The code that was kept under a key."""
        place = self._place(key)
        try:
            kept = _read(place)
        except OSError:
            return None
        checksum, code = kept[:32], kept[32:]
        if self._checksum(key, code) == checksum:
            return code
        with suppress(OSError):
            place.unlink()
        return None

    def remember(self, key: str, code: bytes) -> None:
        """Keep code for later runs."""
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _check_ours(self.folder)
            _write(self._place(key), self._checksum(key, code) + code)
            self._unseen += len(code)
            if self._unseen >= min(_OFTEN, self.largest // 4):
                self._unseen = 0
                self._shrink()

    def trouble(self) -> str | None:
        """Why nothing can be kept; None if it can. Makes the folder."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _check_ours(self.folder)
            with tempfile.TemporaryFile(dir=self.folder):
                return None
        except FileExistsError:
            return "it is no folder"
        except OSError as error:
            return refusal(error)

    def size(self) -> int:
        """Bytes that all files take."""
        return sum(size for _, size, _ in self._files())

    def _place(self, key: str) -> Path:
        return self.folder / (sha256(f"{self.maker}\0{key}".encode()).hexdigest() + _SUFFIX)

    def _checksum(self, key: str, code: bytes) -> bytes:
        return sha256(f"{self.maker}\0{key}\0".encode() + code).digest()

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When each was last used, its size and its place."""
        with suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                with suppress(OSError):
                    about = entry.stat(follow_symlinks=False)
                    if S_ISREG(about.st_mode) and entry.name.endswith((_SUFFIX, ".part")):
                        yield about.st_mtime, about.st_size, Path(entry.path)

    def _shrink(self) -> None:
        """Remove the files that were not used for longest, down to three quarters of the limit."""
        files = sorted(self._files(), reverse=True)
        if sum(size for _, size, _ in files) <= self.largest:
            return
        total = 0
        for _, size, place in files:
            total += size
            if total > self.largest * 3 // 4:
                with suppress(OSError):
                    place.unlink()


def _is_ours(about: os.stat_result) -> bool:
    """Whether a file or folder belongs to us, and nobody else may write it.

    Windows has no such numbers; its folders for programs' data are their user's alone.
    """
    if sys.platform == "win32":
        return True
    return about.st_uid == os.geteuid() and not about.st_mode & 0o022


def _check_ours(folder: Path) -> None:
    about = folder.stat()
    if not (S_ISDIR(about.st_mode) and _is_ours(about)):
        raise PermissionError("others may write there")


def _read(place: Path) -> bytes:
    """A file that is ours; one that is used is marked as such once a day."""
    _check_ours(place.parent)
    handle = os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        about = os.fstat(handle)
        if not (S_ISREG(about.st_mode) and _is_ours(about)):
            raise PermissionError("others may write it")
        kept = file.read()
    if abs(time.time() - about.st_mtime) > _DAY:
        with suppress(OSError):
            os.utime(place)
    return kept


def _write(place: Path, content: bytes) -> None:
    """Put a file in its place whole; another writer of the same code does no harm."""
    handle, name = tempfile.mkstemp(".part", dir=place.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
        os.replace(name, place)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


# ---- the cache of this process


def recall(key: str) -> bytes | None:
    """The code that was kept under a key on this machine."""
    kept = code_cache()
    return kept.recall(key) if kept else None


def remember(key: str, code: bytes) -> None:
    """Keep code for later runs."""
    kept = code_cache()
    if kept:
        kept.remember(key, code)


@cache
def code_cache() -> CodeCache | None:
    """The cache that NETC_CACHE names, else that of the user; None where it is switched off."""
    named = os.environ.get(VARIABLE, "")
    if named.lower() in ("off", "0", "no"):
        return None
    folder = Path(named).absolute() if named else _folder_of_user()
    sources = _sources()
    return CodeCache(folder, _maker(sources)) if folder and sources else None


def _folder_of_user() -> Path | None:
    """Where programs keep what they can make again."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "netc" / "cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "netc"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "netc"


def _sources() -> list[Path]:
    """The files that code is made by, in a fixed order; none where only compiled ones are there."""
    package = Path(__file__).parent.parent
    return sorted(p for part in ("native", "kernels") for p in package.glob(f"{part}/**/*.py"))


def _maker(sources: list[Path]) -> str:
    """What writes the code, what compiles it, and what it is for."""
    import llvmlite
    import llvmlite.binding as llvm

    digest = sha256()
    for source in sources:
        digest.update(str(source.name).encode() + b"\0" + source.read_bytes())
    target = host()
    versions = __version__, llvmlite.__version__, llvm.llvm_version_info
    return repr((versions, digest.hexdigest(), target))
