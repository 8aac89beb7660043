"""Weights in files of other programs: NumPy's archives, and networks that ConvNetJS saved."""

from collections.abc import Sequence
from pathlib import Path

from netc.diag import Problem, Source
from netc.formats import load, read_weights
from netc.training.contents import Contents, in_memory
from netc.training.data.npz import read_npz
from netc.training.data.problems import DamagedData, Unusable
from netc.training.weight_problems import UnreadableWeights
from netc.types import Array

_WEIGHT, _BIAS = "weight", "bias"
_HEAD = 10_000


def read_foreign(path: Path, order: Sequence[str]) -> Contents | list[Problem] | None:
    """The contents of a file that is no safetensors file; None where it may be one. `order` has the
    names of the weights of the net it is read for, in the order of their layers."""
    start = _start(path)
    if start.startswith(b"PK\x03\x04"):
        return _archive(path)
    # The length that a safetensors file begins with has zeros in these eight bytes.
    is_json = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and b"\0" not in start[:8]
    if is_json and b'"layer_type"' in start:
        source = load(str(path))
        return saved_contents(source, order) if isinstance(source, Source) else source
    return None


def saved_contents(source: Source, order: Sequence[str]) -> Contents | list[Problem]:
    """The weights of a saved network by the names that they have in the net."""
    layers = read_weights(source)
    if isinstance(layers, list):
        return layers
    names = _layers_of(order)
    arrays: dict[str, Array] = {}
    for number, layer in enumerate(layers):
        name = names[number] if number < len(names) else f"layer {layer.index} ({layer.kind})"
        try:
            arrays[f"{name}.{_WEIGHT}"], bias = layer.weight(), layer.bias()
            # In ConvNetJS every layer has a bias, even where it adds nothing.
            if bias.any() or f"{name}.{_BIAS}" in order:
                arrays[f"{name}.{_BIAS}"] = bias
        except ValueError as error:
            return [UnreadableWeights(layer.span, path=source.path, reason=str(error))]
    return in_memory(Path(source.path), arrays)


def _layers_of(order: Sequence[str]) -> list[str]:
    """The names of the layers that have a weight."""
    parts = [name.rpartition(".") for name in order]
    return [layer for layer, _, word in parts if word == _WEIGHT]


def _archive(path: Path) -> Contents | list[Problem]:
    try:
        arrays = read_npz(path)
    except Unusable as stop:
        found = stop.problem
        reason = found.reason if isinstance(found, DamagedData) else found.diagnostic().message
        return [UnreadableWeights(None, path=str(path), reason=reason)]
    except MemoryError:
        reason = "it holds more than there is memory for"
        return [UnreadableWeights(None, path=str(path), reason=reason)]
    return in_memory(path, arrays)


def _start(path: Path) -> bytes:
    """The first bytes of an ordinary file; nothing where it cannot be read."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(_HEAD)
    except (OSError, ValueError):
        return b""
