"""`netc calibrate`, and the same from Python, give trained weights the statistics of their data."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

import netc
from netc.training import Dataset, Network, load_weights
from netc.training.population import fill_population
from tests.cli.conftest import Run
from tests.training.small import NET, TRAIN, ready

Write = Callable[..., Path]


@pytest.fixture
def given(spec: Write, run: Run, tmp_path: Path) -> tuple[Path, Path]:
    """A spec with a `batch_norm`, and weights of it."""
    path = spec(NET + TRAIN, "small.net")
    folder = tmp_path / "run"
    words = ("--epochs", "1", "--out", folder, "--quiet", "--threads", "1")
    run("train", path, *words)
    return path, folder / "best.safetensors"


def arrays(path: Path) -> dict[str, np.ndarray]:
    with safe_open(path, framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def expected(tmp_path: Path, weights: Path, **options: int) -> Network:
    prepared = ready(tmp_path / "again").loop
    network, data = prepared.learner.network, prepared.data
    assert isinstance(data, Dataset)
    assert load_weights(weights, network.store, net="small") == []
    fill_population(network, data.train, **({"batch": 100, "seed": 3} | options))
    return network


def test_the_statistics_are_those_of_the_training_set_and_nothing_else_changes(
    run: Run, given: tuple[Path, Path], tmp_path: Path
) -> None:
    path, weights = given
    said = run("calibrate", path, "--weights", weights, "--threads", "1").stdout
    made = weights.with_name("calibrated.safetensors")
    assert said.splitlines() == [
        f"{made}: statistics of 1 layer over 14 batches of 100",
        "on 1,400 of 1,438 training examples of digits",
    ]
    before, after = arrays(weights), arrays(made)
    states = expected(tmp_path, weights).store.states
    for name, array in after.items():
        np.testing.assert_array_equal(array, states.get(name, before[name]), err_msg=name)
    assert (after["batch_norm_1.mean"] != before["batch_norm_1.mean"]).any()
    run("test", path, "--weights", made)


def test_batches_are_as_asked_for_and_json_is_one_document(
    run: Run, given: tuple[Path, Path], tmp_path: Path
) -> None:
    path, weights = given
    out = tmp_path / "out.safetensors"
    words = ("--weights", weights, "-o", out, "--batch", "64", "--batches", "3", "--threads", "1")
    document = json.loads(run("calibrate", path, *words, "--json").stdout)
    assert document == {
        "weights": str(out),
        "layers": 1,
        "batch": 64,
        "batches": 3,
        "examples": 192,
    }
    states = expected(tmp_path, weights, batch=64, batches=3).store.states
    np.testing.assert_array_equal(arrays(out)["batch_norm_1.var"], states["batch_norm_1.var"])
    with safe_open(out, framework="numpy") as file:
        assert file.metadata() == {"net": "small", "step": "15", "statistics": "3 batches of 64"}


def test_python_writes_the_same_file(run: Run, given: tuple[Path, Path], tmp_path: Path) -> None:
    path, weights = given
    out = tmp_path / "out.safetensors"
    run("calibrate", path, "--weights", weights, "-o", out, "--threads", "1")
    made = netc.calibrate(path, weights=weights, threads=1)
    assert made == weights.with_name("calibrated.safetensors")
    assert made.read_bytes() == out.read_bytes()


def test_how_it_ends_when_something_is_wrong(
    run: Run, given: tuple[Path, Path], spec: Write, tmp_path: Path
) -> None:
    path, weights = given
    plain = spec(NET.replace("-> batch_norm ", "") + TRAIN, "plain.net")
    assert "no-statistics" in run("calibrate", plain, "--weights", weights, code=1).stderr
    with pytest.raises(netc.SpecError, match="no layer of it normalizes by batches"):
        netc.calibrate(plain, weights=weights)
    run("calibrate", path, "--weights", tmp_path / "nowhere", code=3)
    with pytest.raises(netc.SpecError, match="cannot read weights"):
        netc.calibrate(path, weights=tmp_path / "nowhere")
    with pytest.raises(netc.SpecError, match="there is no engine"):
        netc.calibrate(path, weights=weights, engine="gpu")
    with pytest.raises(netc.SpecError, match="has no `train` section"):
        netc.calibrate(spec(NET, "no.net"), weights=weights)
    run("calibrate", path, code=2)


def test_weights_that_diverged_have_no_statistics(run: Run, given: tuple[Path, Path]) -> None:
    path, weights = given
    net = netc.load(path)
    trainer = net.trainer()
    trainer.weights["conv_1.weight"][...] = np.inf
    trainer.save(weights)
    said = run("calibrate", path, "--weights", weights, code=1).stderr
    assert "with these weights they are not finite" in said
    assert not weights.with_name("calibrated.safetensors").exists()
