"""An ONNX file written whole or not at all: made beside its place, synced, and moved there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from onnx import ModelProto
from onnx.external_data_helper import convert_model_to_external_data, write_external_data_tensors

from netc.diag import Problem
from netc.export.problems import UnwritableFile

LARGEST = 1_500_000_000
"""Bytes of a model in one file; protobuf itself ends at 2 GiB, and some readers before."""

_SMALLEST_OUTSIDE = 1024


def refuse_place(path: Path) -> list[Problem]:
    """Say why no file can be written at a path; empty when one can."""
    reason, way_out = "", ""
    if path.is_dir():
        reason, way_out = "it is a folder", f"give the file a name: `{path / 'net.onnx'}`"
    elif path.exists() and not path.is_file():
        reason = "it is no ordinary file"
    elif not path.parent.is_dir():
        reason, way_out = f"there is no folder `{path.parent}`", "make the folder first"
    elif not os.access(path.parent, os.W_OK | os.X_OK):
        reason = f"nothing may be written in the folder `{path.parent}`"
    return [UnwritableFile(None, path=str(path), reason=reason, way_out=way_out)] if reason else []


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """A new folder beside a file, which is gone at the end whatever happens."""
    folder = Path(mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_large(model: ModelProto, largest: int = LARGEST) -> bool:
    """Whether the weights must go to a file of their own."""
    return sum(len(t.raw_data) for t in model.graph.initializer) > largest


def move_weights_out(model: ModelProto, folder: Path, name: str) -> None:
    """Put the weights into the file `name` in a folder; the model refers to it by that name."""
    convert_model_to_external_data(model, location=name, size_threshold=_SMALLEST_OUTSIDE)
    write_external_data_tensors(model, str(folder))


def put(model: ModelProto, folder: Path, path: Path, data: Path | None) -> int:
    """Move a model made in a folder, and its weights if they are apart, into place; their bytes.

    Raises OSError where that is not allowed; then what was there before is there still.
    """
    made = folder / path.name
    made.write_bytes(model.SerializeToString(deterministic=True))
    size = made.stat().st_size
    _sync(made)
    if data is not None:
        size += (folder / data.name).stat().st_size
        _sync(folder / data.name)
        # Between the two moves an old model would read new weights; better none for a moment.
        path.unlink(missing_ok=True)
        os.replace(folder / data.name, data)
    os.replace(made, path)
    _sync(path.parent)
    return size


def _sync(path: Path) -> None:
    """Have the file, or the names in a folder, reach the disk."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
