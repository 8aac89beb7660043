"""Files that are whole at any moment: written beside their place, synced, and moved there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_file(path: Path, *parts: bytes | memoryview) -> None:
    """Put bytes into a file: whatever happens, it holds either all of the old ones or of the new.

    It keeps the rights that it had. A device or a pipe is no file to put another in the place of,
    so they are written to as they are. Raises OSError, which names the file.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        _write_into(path, *parts)
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with naming(path), beside.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    sync(path.parent)


def _write_into(path: Path, *parts: bytes | memoryview) -> None:
    with naming(path), path.open("wb") as device:
        for part in parts:
            device.write(part)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the system name this file: a full disk names none."""
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, reach the disk; Windows opens no folder."""
    is_folder = path.is_dir()
    if is_folder and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
