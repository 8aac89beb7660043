"""`--weights-out`: the weights of a net in the form that the ending of the file asks for."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from netc.cli.checked import Proven
from netc.cli.problems import UnwritableFormat
from netc.cli.screen import say, stop
from netc.cli.weights import network_of
from netc.diag import quoted
from netc.exchange import Saved, write_saved
from netc.files import write_file
from netc.training import write_arrays
from netc.types import Array


def check_ending(target: Path) -> None:
    """End the run where nothing is known of files that end so."""
    if target.suffix.lower() not in _WRITERS:
        known = quoted(_WRITERS)
        stop([UnwritableFormat(None, path=str(target), known=known, noun="weights end")])


def write_weights(net: Proven, weights: str | None, target: Path) -> None:
    """Write the weights of a file, or those in the file of the net; no digit of them is lost."""
    network = network_of(net, weights, dtype="f64")
    _WRITERS[target.suffix.lower()](net, network.store.arrays, target)


def _as_safetensors(net: Proven, arrays: Mapping[str, Array], target: Path) -> None:
    write_arrays(target, _narrowed(arrays), {"net": net.graph.name})


def _as_npz(net: Proven, arrays: Mapping[str, Array], target: Path) -> None:
    made = io.BytesIO()
    np.savez(made, allow_pickle=False, **_narrowed(arrays))
    write_file(target, made.getbuffer())


def _as_saved(net: Proven, arrays: Mapping[str, Array], target: Path) -> None:
    made = write_saved(net.graph, arrays, net.settings)
    if not isinstance(made, Saved):
        stop(made)
    for note in made.notes:
        say(f"note: {note}")
    write_file(target, *(part.encode() for part in made.parts))


def _narrowed(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays in float32 where that holds every number of them, as it does those of a run."""
    with np.errstate(over="ignore"):
        narrow = {name: array.astype(np.float32) for name, array in arrays.items()}
    is_same = all(np.array_equal(narrow[name], arrays[name], equal_nan=True) for name in arrays)
    return narrow if is_same else dict(arrays)


_WRITERS: Mapping[str, Callable[[Proven, Mapping[str, Array], Path], None]] = {
    ".safetensors": _as_safetensors,
    ".npz": _as_npz,
    ".json": _as_saved,
}
"""How weights are written, by the ending of the file."""
