"""Runs the rules of one layer on arrays as an engine would, only without one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from netc.kernels import convolution
from netc.layers.base import Layer, arguments_of, inputs_of
from netc.types import NUMPY_DTYPES, Array, Reject, Tensor
from tests.rules import Bench, engine_array, scattered_array

DTYPES = {np.dtype(kind): name for name, kind in NUMPY_DTYPES.items()}


@dataclass(frozen=True)
class Ran:
    y: Array
    gradients: Mapping[str, Array | list[Array]]


def type_of(value: Array, classes: int) -> Tensor:
    if value.dtype == np.int64:
        return Tensor(value.shape[1:], "i64", classes=classes)
    return Tensor(value.shape[1:], DTYPES[value.dtype])


def run_layer(layer: Layer, *values: object, dy: object = 1.0, rng: int = 0) -> Ran:
    """Forward, then backward from `dy`. Floats are computed in float64 unless they are arrays."""
    arrays = [np.asarray(value) for value in values]
    arrays = [a.astype(np.int64) if a.dtype.kind == "i" else a for a in arrays]
    batch = len(arrays[0])
    types = [type_of(a, arrays[0].shape[1] if arrays[0].ndim > 1 else 1) for a in arrays]
    out = layer.infer(*types)
    rooms = {**layer.keep(*types), **layer.work(batch, 1, *types)}
    given = {
        name: np.full(t.full_shape(batch), 77, NUMPY_DTYPES[t.dtype]) for name, t in rooms.items()
    }
    names = inputs_of(type(layer))
    many = names[0].startswith("*")
    given |= {names[0][1:]: arrays} if many else dict(zip(names, arrays, strict=True))
    garbage = np.nan if out.is_float else 77
    given["y"] = np.full(out.full_shape(batch), garbage, NUMPY_DTYPES[out.dtype])
    given |= {"rng": np.random.default_rng(rng), "training": True}
    layer.forward(**_given(layer, "forward", given))
    if layer.backward is None:
        return Ran(given["y"], {})
    given["dy"] = np.broadcast_to(np.asarray(dy, given["y"].dtype), given["y"].shape).copy()
    gradients = {}
    for name in arguments_of(type(layer), "backward"):
        if name.startswith("d") and name != "dy" and _is_float(given.get(name[1:], [])):
            value = given[name[1:]]
            gradients[name] = (
                [np.full_like(v, np.nan) for v in value]
                if isinstance(value, list)
                else np.full_like(value, np.nan)
            )
    given |= gradients
    layer.backward(**_given(layer, "backward", given))
    return Ran(given["y"], gradients)


def _is_float(value: Array | list[Array]) -> bool:
    arrays = value if isinstance(value, list) else [value]
    return bool(arrays) and all(array.dtype.kind == "f" for array in arrays)


def _given(layer: Layer, rule: str, given: Mapping[str, object]) -> dict[str, object]:
    """The arguments of a rule; what may be left out and is not there is left out."""
    taken = arguments_of(type(layer), rule)
    return {name: given[name] for name, may_miss in taken.items() if name in given or not may_miss}


@pytest.fixture
def run():
    return run_layer


def refuse(layer: Layer, *types: Tensor, because: tuple[str, ...]) -> None:
    """That a layer refuses its inputs: whose fault it is, words of the reason, and of the help."""
    culprit, reason, *help = because
    with pytest.raises(Reject) as caught:
        layer.infer(*types)
    assert caught.value.culprit == culprit
    assert reason in caught.value.reason
    assert not help or help[0] in caught.value.help


@pytest.fixture
def refused():
    return refuse


@pytest.fixture
def seeded_bench(monkeypatch):
    """Makes a bench of a layer that convolves; batch, threads, strides and blocks vary by seed."""

    def made(layer: Layer, x: Tensor, seed: int, rng: np.random.Generator) -> Bench:
        # a small block makes small images fall into many blocks, split across rows too
        monkeypatch.setattr(convolution, "_BLOCK", [1 << 20, 64][seed % 2])
        monkeypatch.setattr(convolution, "_LEAST", [256, 1][seed % 2])
        monkeypatch.setattr(convolution, "_SLAB", [1 << 20, 100][seed // 2 % 2])
        batch, new = int(rng.integers(1, 5)), [engine_array, scattered_array][seed // 4 % 2]
        return Bench(layer, x, batch=batch, seed=seed, threads=1 + seed % 3, new=new)

    return made
