"""Every layer gives the numbers of the real Caffe; tests/data/make_caffe.py says how they came."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netc.layers import REGISTRY
from netc.types import Tensor
from tests.rules import Bench

DATA = Path(__file__).parents[1] / "data" / "caffe"
CASES = json.loads((DATA / "cases.json").read_text())["cases"]


@pytest.fixture(scope="module")
def values():
    with np.load(DATA / "values.npz") as arrays:
        return {name: arrays[name] for name in arrays.files}


def bench_of(case: dict[str, Any], given: dict[str, np.ndarray]) -> Bench:
    options = {k: tuple(v) if isinstance(v, list) else v for k, v in case["options"].items()}
    training = options.pop("training", True)
    layer = REGISTRY[case["layer"]](**options)
    inputs = ("x", "xs[0]", "xs[1]", "xs[2]", "scores", "prob", "label", "target", "like")
    inputs += ("left", "right", "same")
    names = [n for n in inputs if n in given]
    types = [
        Tensor(given[name].shape[1:], "i64", classes=classes_of(given))
        if name in ("label", "same")
        else Tensor(given[name].shape[1:], "f64")
        for name in names
    ]
    batch = len(given[names[0]])
    bench = Bench(layer, *types, batch=batch, training=training, dtype="f64")
    known = (*names, *bench.weights, *bench.states, *(["dy"] if "dy" in given else []))
    bench.put({name: given[name] for name in known})
    return bench


def classes_of(given: dict[str, np.ndarray]) -> int:
    if "same" in given:
        return 2
    scores = given.get("scores", given.get("prob"))
    return len(given["weight"]) if scores is None else scores.shape[1]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_layer_gives_the_numbers_of_caffe(case, values):
    prefix = case["name"] + "/"
    given = {k.removeprefix(prefix): v for k, v in values.items() if k.startswith(prefix)}
    bench = bench_of(case, given)
    passing = bench.layer.bypass("train" if bench.lent["training"] else "test")
    if passing:
        np.testing.assert_array_equal(given[passing], given["y"])
        return
    np.testing.assert_allclose(bench.forward(), given["y"], rtol=1e-4, atol=1e-5)
    for name in bench.states:
        expected = given.get(f"{name}_after", given[name])
        np.testing.assert_allclose(bench.arrays[name], expected, rtol=1e-4, atol=1e-5)
    if "dy" not in given or bench.kind.backward is None:
        return
    compared = 0
    for name, gradient in bench.backward().items():
        if f"d{name}" in given:
            np.testing.assert_allclose(gradient, given[f"d{name}"], rtol=1e-3, atol=2e-5)
            compared += 1
    assert compared
