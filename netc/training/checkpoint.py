"""Weights in safetensors files: written whole or not at all, and nothing in them taken on trust."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import safetensors

from netc.diag import Problem, did_you_mean, nearest, refusal
from netc.engines import Store
from netc.files import write_file
from netc.training.problems import UnreadableWeights, WeightsMismatch
from netc.types import Array, Shape

_KINDS = {"F16": np.float16, "F32": np.float32, "F64": np.float64}
"""The element types that weights may have in a file; they are read into the store's own."""

_WRITTEN = {np.dtype(kind): name for name, kind in _KINDS.items()}
_LARGEST_HEADER = 16 * 1000 * 1000
_MOST_LISTED = 8


def write_arrays(path: Path, arrays: Mapping[str, Array], facts: Mapping[str, str]) -> None:
    """Write a safetensors file: the same arrays and facts give the same bytes.

    The library's own writer is not used: it copies all arrays and orders the facts by chance.
    """
    header: dict[str, object] = {"__metadata__": dict(facts)}
    at, rows = 0, []
    for name, array in arrays.items():
        row = np.ascontiguousarray(array)
        end = at + row.nbytes
        kind, shape = _WRITTEN[row.dtype], list(array.shape)
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, end]}
        rows.append(row)
        at = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    write_file(path, len(text).to_bytes(8, "little"), text, *(row.data for row in rows))


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


def read_contents(path: Path) -> Contents | list[Problem]:
    """Look into a safetensors file; of a damaged one no more than its header is read."""
    reason = _unfit(path)
    if reason:
        return [UnreadableWeights(None, path=str(path), reason=reason, way_out=_way_out(path))]
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


def _way_out(path: Path) -> str:
    best = path / "best.safetensors"
    return f"a run keeps its weights in files; name `{best}`" if best.is_file() else ""


def load_weights(path: Path, store: Store, *, net: str) -> list[Problem]:
    """Fill a store from a file that must hold exactly the arrays of its net, or say what differs.

    A store is filled whole or not at all.
    """
    return load_arrays(path, store.arrays, net=net)


def load_arrays(
    path: Path, wanted: Mapping[str, Array], *, net: str, contents: Contents | None = None
) -> list[Problem]:
    """Fill arrays from a file that must hold them all and nothing else."""
    found = contents or read_contents(path)
    if not isinstance(found, Contents):
        return found
    differences = _differences(found, wanted)
    if differences:
        return [_mismatch(path, net, differences)]
    return _filled(found, wanted)


def transfer_weights(path: Path, store: Store, *, net: str) -> list[str] | list[Problem]:
    """Fill what a file has by the same name, and give the names; another shape is a problem."""
    contents = read_contents(path)
    if not isinstance(contents, Contents):
        return contents
    all_arrays = store.arrays
    shared = {name: a for name, a in all_arrays.items() if name in contents.shapes}
    if not shared:
        return [
            _mismatch(
                path, net, ["no weight of the net is in it", *_named(contents, wanted=all_arrays)]
            )
        ]
    differences = [text for name in shared if (text := _difference(contents, name, shared[name]))]
    if differences:
        return [_mismatch(path, net, differences)]
    return _filled(contents, shared) or list(shared)


def _filled(contents: Contents, arrays: Mapping[str, Array]) -> list[Problem]:
    try:
        contents.fill(arrays)
    except (safetensors.SafetensorError, OSError, ValueError) as error:
        reason = str(error).split("\n")[0][:200]
        return [UnreadableWeights(None, path=str(contents.path), reason=reason)]
    return []


def _mismatch(path: Path, net: str, differences: list[str]) -> Problem:
    shown = differences[:_MOST_LISTED]
    if len(differences) > len(shown):
        shown.append(f"and {len(differences) - len(shown)} more")
    return WeightsMismatch(
        None, path=str(path), net=net, differences="\n".join(shown), way_out=_of_its_run(path)
    )


def _of_its_run(path: Path) -> str:
    """What belongs together in the folder of a run."""
    spec = path.with_name("spec.net")
    if path.name == "state.safetensors":
        return _way_out(path.parent)
    return f"the spec they were trained with is `{spec}`" if spec.is_file() else ""


def _differences(contents: Contents, wanted: Mapping[str, Array]) -> list[str]:
    """One line for each array that is missing, has another shape, or is not of this net."""
    lines = []
    unexpected = [name for name in contents.shapes if name not in wanted]
    for name, array in wanted.items():
        if name not in contents.shapes:
            near = did_you_mean(nearest(name, unexpected)).replace("did you mean", "is it")
            lines.append(f"`{name}` is missing" + (f"; {near}" if near else ""))
        elif text := _difference(contents, name, array):
            lines.append(text)
    return lines + [f"`{name[:80]}` is not in the net" for name in unexpected]


def _difference(contents: Contents, name: str, array: Array) -> str:
    shape, kind = contents.shapes[name], contents.kinds[name]
    if shape != array.shape:
        return f"`{name}` is {list(shape)} in the file and {list(array.shape)} in the net"
    return "" if kind in _KINDS else f"`{name}` is of type {kind[:20]}, which netc does not read"


def _named(contents: Contents, *, wanted: Mapping[str, Array]) -> list[str]:
    here, there = ", ".join(list(wanted)[:4]), ", ".join(list(contents.shapes)[:4])
    return [f"the net has {here}", f"the file has {there[:200]}"]
