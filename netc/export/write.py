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

from netc.diag import Problem, refusal
from netc.export.problems import UnwritableFile
from netc.export.verify_onnx import Agreement, verify_onnx
from netc.files import sync
from netc.ir import Graph
from netc.types import Array

_SMALLEST_APART = 1024


def refuse_place(path: Path) -> list[Problem]:
    """Say why no file can be written at a path; empty when one can."""
    try:
        reason, way_out = _reason_against(path)
    except OSError as error:
        reason, way_out = refusal(error), ""
    return [UnwritableFile(None, path=str(path), reason=reason, way_out=way_out)] if reason else []


def _reason_against(path: Path) -> tuple[str, str]:
    if path.is_dir():
        return "it is a folder", f"give the file a name: `{path / 'net.onnx'}`"
    if path.exists() and not path.is_file():
        return "it is no ordinary file", ""
    if path.exists() and not path.name.lower().endswith((".onnx", ".onnx.data")):
        # A slip of the hand in `-o` must not cost a spec or the weights of a long training.
        return "there is a file that is no `.onnx`", "name another file, or remove that one first"
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
    if data is not None and (problems := refuse_place(data)):
        return problems
    agreement = None
    try:
        with _beside(path) as folder:
            made = _make(model, folder / path.name, data)
            if verify:
                found = verify_onnx(model, graph, weights, made=made)
                if isinstance(found, list):
                    return found
                agreement = found
            return Written(_put(made, path, data), agreement)
    except OSError as error:
        reason = refusal(error)
        return [UnwritableFile(None, path=str(path), reason=reason)]


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A new folder beside a file, which is gone at the end whatever happens."""
    folder = Path(mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(model: ModelProto, made: Path, data: Path | None) -> Path:
    """Write the model to `made`, and its weights beside it where they go to `data` in the end."""
    if data is not None:
        convert_model_to_external_data(model, location=data.name, size_threshold=_SMALLEST_APART)
        write_external_data_tensors(model, str(made.parent))
    made.write_bytes(model.SerializeToString(deterministic=True))
    if data is not None and made.with_name(data.name).exists():
        # onnx lets the owner alone read the weights; they are no more secret than the model.
        made.with_name(data.name).chmod(made.stat().st_mode)
    return made


def _put(made: Path, path: Path, data: Path | None) -> int:
    """Move the model and its weights into place; their bytes."""
    size = made.stat().st_size
    sync(made)
    if data is not None and made.with_name(data.name).exists():
        apart = made.with_name(data.name)
        size += apart.stat().st_size
        sync(apart)
        # Between the two moves an old model would read new weights; better none for a moment.
        path.unlink(missing_ok=True)
        os.replace(apart, data)
    os.replace(made, path)
    sync(path.parent)
    return size
