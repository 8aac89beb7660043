"""An ONNX file written whole or not at all: made beside its place, synced, and moved there."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from onnx import ModelProto
from onnx.external_data_helper import convert_model_to_external_data, write_external_data_tensors

from netc.diag import Problem
from netc.export.problems import UnwritableFile
from netc.export.verify_onnx import Agreement, verify_onnx
from netc.ir import Graph
from netc.types import Array

_SMALLEST_APART = 1024


def refuse_place(path: Path) -> list[Problem]:
    """Say why no file can be written at a path; empty when one can."""
    try:
        reason, way_out = _reason_against(path)
    except OSError as error:
        reason, way_out = (error.strerror or str(error)).lower(), ""
    return [UnwritableFile(None, path=str(path), reason=reason, way_out=way_out)] if reason else []


def _reason_against(path: Path) -> tuple[str, str]:
    if path.is_dir():
        return "it is a folder", f"give the file a name: `{path / 'net.onnx'}`"
    if path.exists() and not path.is_file():
        return "it is no ordinary file", ""
    if not path.parent.is_dir():
        return f"there is no folder `{path.parent}`", "make the folder first"
    if not os.access(path.parent, os.W_OK | os.X_OK):
        return f"no file may be made in the folder `{path.parent}`", ""
    return "", ""


@dataclass(frozen=True)
class Written:
    """The bytes written, and how well the numbers agreed where they were compared."""

    bytes: int
    agreement: Agreement | None


def write_onnx(
    model: ModelProto,
    graph: Graph,
    weights: Mapping[str, Array],
    path: Path,
    *,
    verify: bool,
    one_file: int,
) -> Written | list[Problem]:
    """Write a model, once it is proved; what was there before is kept when anything is wrong.

    More bytes of weights than `one_file` go to a file beside it, named after it.
    """
    apart = sum(array.nbytes for array in weights.values()) > one_file
    data = path.with_name(f"{path.name}.data") if apart else None
    agreement = None
    try:
        with _beside(path) as folder:
            if data is not None:
                _move_weights_out(model, folder, data.name)
            if verify:
                found = verify_onnx(model, graph, weights, folder=folder if data else None)
                if isinstance(found, list):
                    return found
                agreement = found
            return Written(_put(model, folder, path, data), agreement)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return [UnwritableFile(None, path=str(path), reason=reason)]


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A new folder beside a file, which is gone at the end whatever happens."""
    folder = Path(mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _move_weights_out(model: ModelProto, folder: Path, name: str) -> None:
    """Put the weights into the file `name` in a folder; the model refers to it by that name."""
    convert_model_to_external_data(model, location=name, size_threshold=_SMALLEST_APART)
    write_external_data_tensors(model, str(folder))


def _put(model: ModelProto, folder: Path, path: Path, data: Path | None) -> int:
    """Write the model in the folder, and move it and its weights into place; their bytes."""
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
