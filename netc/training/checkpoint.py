"""Weights in files: written whole or not at all, and nothing in them taken on trust."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import safetensors

from netc.diag import Problem, Source, did_you_mean, nearest
from netc.engines import Store
from netc.files import write_file
from netc.training.contents import KINDS, Contents, read_contents, way_out_of
from netc.training.foreign import read_foreign, saved_contents
from netc.training.weight_problems import UnreadableWeights, WeightsMismatch
from netc.types import Array

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
        kind, shape = KINDS[row.dtype], list(array.shape)
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, end]}
        rows.append(row)
        at = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    write_file(path, len(text).to_bytes(8, "little"), text, *(row.data for row in rows))


def load_weights(path: Path, store: Store, *, net: str) -> list[Problem]:
    """Fill a store from a file that must hold exactly the arrays of its net, or say what differs.

    That is a safetensors file, an NPZ file with the same names, or a network that ConvNetJS saved,
    whose layers are those of the net in their order. A store is filled whole or not at all.
    """
    contents = read_foreign(path, store.order) or read_contents(path)
    return load_arrays(path, store.arrays, net=net, contents=contents)


def load_saved(source: Source, store: Store, *, net: str) -> list[Problem]:
    """Fill a store from the text of a saved network, which has its weights in it."""
    contents = saved_contents(source, store.order)
    return load_arrays(Path(source.path), store.arrays, net=net, contents=contents)


def load_arrays(
    path: Path, wanted: Mapping[str, Array], *, net: str, contents: Contents | list[Problem]
) -> list[Problem]:
    """Fill arrays from a file that must hold them all and nothing else."""
    if not isinstance(contents, Contents):
        return contents
    differences = _differences(contents, wanted)
    if differences:
        return [_mismatch(path, net, differences)]
    return _filled(contents, wanted)


def transfer_weights(path: Path, store: Store, *, net: str) -> list[str] | list[Problem]:
    """Fill what a file has by the same name, and give the names; another shape is a problem.

    The layers of a saved network have no names: they go to those of the net in their order.
    """
    contents = read_foreign(path, store.order) or read_contents(path)
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
        return way_out_of(path.parent)
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
    return (
        ""
        if kind in KINDS.values()
        else f"`{name}` is of type {kind[:20]}, which netc does not read"
    )


def _named(contents: Contents, *, wanted: Mapping[str, Array]) -> list[str]:
    here, there = ", ".join(list(wanted)[:4]), ", ".join(list(contents.shapes)[:4])
    return [f"the net has {here}", f"the file has {there[:200]}"]
