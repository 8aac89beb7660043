"""Every layer gives the numbers of PyTorch: stored ones, and where it is installed live ones."""

from pathlib import Path

import numpy as np
import pytest

from netc.layers import REGISTRY, arguments_of
from tests.rules import Bench, parse_example
from tests.uses import those

with np.load(Path(__file__).parents[1] / "data" / "torch.npz") as stored:
    VALUES = {name: stored[name] for name in stored.files}
USES = [str(use) for use in VALUES["uses"]]


@pytest.mark.parametrize("index", range(len(USES)), ids=USES)
def test_layer_gives_the_stored_numbers_of_torch(index):
    layer, types, _ = parse_example(f"{USES[index]} -> ?", "f64")
    prefix = f"{index}/"
    given = {k.removeprefix(prefix): v for k, v in VALUES.items() if k.startswith(prefix)}
    bench = Bench(layer, *types, batch=4, dtype="f64")
    known = {*bench.learnable(), *bench.names, "dy"}
    bench.put({name: value for name, value in given.items() if name in known})
    np.testing.assert_allclose(bench.forward(), given["y"], rtol=1e-10, atol=1e-12)
    for name in bench.states:
        np.testing.assert_allclose(bench.arrays[name], given[f"{name}_after"], rtol=1e-10)
    if "dy" in given:
        for name, gradient in bench.backward().items():
            np.testing.assert_allclose(
                gradient, given[f"d{name}"], rtol=1e-9, atol=1e-12, err_msg=name
            )


def test_every_layer_type_has_stored_numbers():
    assert {use.split("(")[0] for use in USES} == REGISTRY.keys() - {"dropout", "spatial_dropout"}


@those(lambda kind: hasattr(kind, "torch"))
@pytest.mark.parametrize("training", [True, False], ids=["train", "test"])
def test_layer_agrees_with_torch_live(use, training):
    torch = pytest.importorskip("torch")
    layer, types, _ = parse_example(use, "f64")
    if "rng" in arguments_of(type(layer), "forward"):
        training = False  # draws of others are others
    bench = Bench(layer, *types, batch=3, seed=6, training=training, dtype="f64")
    tensors = {
        name: torch.tensor(np.array(array, order="C"), requires_grad=array.dtype.kind == "f")
        for name, array in bench.spread().items()
        if name.split("[")[0] in (*bench.names, *bench.weights)
    }
    given = {name: tensor for name, tensor in tensors.items() if "[" not in name}
    given |= {bench.names[0]: list(tensors.values())} if bench.has_many else {}
    given |= {name: torch.tensor(bench.arrays[name]) for name in bench.states}
    given |= {"training": training} if "training" in arguments_of(bench.kind, "torch") else {}
    y = layer.torch(torch, **given)
    passing = layer.bypass("train" if training else "test")
    if passing:
        np.testing.assert_array_equal(y.detach(), bench.arrays[passing])
        return
    np.testing.assert_allclose(bench.forward(), y.detach(), rtol=1e-10, atol=1e-12)
    for name in bench.states:
        np.testing.assert_allclose(bench.arrays[name], given[name], rtol=1e-10)
    if bench.kind.backward is not None:
        y.backward(torch.tensor(np.array(bench.arrays["dy"], order="C")))
        for name, gradient in bench.backward().items():
            np.testing.assert_allclose(
                gradient, tensors[name].grad, rtol=1e-9, atol=1e-11, err_msg=name
            )
