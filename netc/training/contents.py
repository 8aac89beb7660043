"""What a file of weights holds: looked at before anything is taken out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import safetensors

from netc.diag import Problem, refusal
from netc.training.weight_problems import UnreadableWeights
from netc.types import Array, Shape

KINDS = {
    np.dtype(np.float16): "F16",
    np.dtype(np.float32): "F32",
    np.dtype(np.float64): "F64",
}
"""The element types that weights may have in a file; they are read into the store's own."""

_LARGEST_HEADER = 16 * 1000 * 1000


@dataclass(frozen=True)
class Contents:
    """What a file holds, as its header says."""

    path: Path
    kinds: Mapping[str, str]
    shapes: Mapping[str, Shape]
    facts: Mapping[str, str]

    def fill(self, arrays: Mapping[str, Array]) -> None:
        """Copy arrays out of the file, one at a time; their names and shapes are known to fit."""
        with safetensors.safe_open(str(self.path), framework="numpy") as file:
            for name, array in arrays.items():
                with np.errstate(over="ignore", invalid="ignore"):
                    array[...] = file.get_tensor(name)


@dataclass(frozen=True)
class InMemory(Contents):
    """The same of a file that is read already."""

    arrays: Mapping[str, Array]

    def fill(self, arrays: Mapping[str, Array]) -> None:
        for name, array in arrays.items():
            with np.errstate(over="ignore", invalid="ignore"):
                array[...] = self.arrays[name]


def in_memory(path: Path, arrays: Mapping[str, Array]) -> InMemory:
    """Arrays by name as the contents of a file."""
    kinds = {name: KINDS.get(a.dtype, str(a.dtype)) for name, a in arrays.items()}
    return InMemory(path, kinds, {name: a.shape for name, a in arrays.items()}, {}, arrays)


def read_contents(path: Path) -> Contents | list[Problem]:
    """Look into a safetensors file; of a damaged one no more than its header is read."""
    reason = _unfit(path)
    if reason:
        return [UnreadableWeights(None, path=str(path), reason=reason, way_out=way_out_of(path))]
    try:
        with safetensors.safe_open(str(path), framework="numpy") as file:
            slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
            kinds = {name: str(part.get_dtype()) for name, part in slices.items()}
            shapes = {name: tuple(part.get_shape()) for name, part in slices.items()}
            return Contents(path, kinds, shapes, file.metadata() or {})
    except (safetensors.SafetensorError, OSError, ValueError, OverflowError) as error:
        reason = str(error).strip().split("\n")[0][:200]
        reason = f"it is not a safetensors file ({reason})"
        return [UnreadableWeights(None, path=str(path), reason=reason)]


def _unfit(path: Path) -> str:
    """Why a file cannot be what it should, from its first bytes; empty if it may be."""
    try:
        if path.is_dir():
            return "it is a folder"
        if path.exists() and not path.is_file():
            return "it is no ordinary file"
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        return refusal(error)
    except ValueError:
        return "this is no path"
    if len(start) < 8 or int.from_bytes(start, "little") > _LARGEST_HEADER:
        return "it is not a safetensors file"
    return ""


def way_out_of(path: Path) -> str:
    """Which file is meant where a run's folder is named."""
    best = path / "best.safetensors"
    return f"a run keeps its weights in files; name `{best}`" if best.is_file() else ""
