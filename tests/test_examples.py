"""The experiments in `examples/`: their specs are right, and each can take its first steps."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import netc
from netc.api import SpecError
from netc.cli.main import netc as command
from netc.formats import read
from netc.spec import Library

EXAMPLES = Path(__file__).parents[1] / "examples"
EXPERIMENTS = sorted(EXAMPLES.glob("*/experiment.toml"))
FOLDERS = sorted(
    {path.parent for path in EXAMPLES.glob("*/*.net")} | {p.parent for p in EXPERIMENTS}
)
RUNS = [
    pytest.param(path.parent, run, id=f"{path.parent.name}-{run['name']}")
    for path in EXPERIMENTS
    for run in tomllib.loads(path.read_text(encoding="utf-8"))["run"]
]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.net")), ids=lambda p: p.stem)
def test_a_spec_has_no_problems(path: Path) -> None:
    assert isinstance(read(path), Library)
    assert netc.load(path).problems == ()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_an_experiment_has_a_text_and_a_picture(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert "python examples/" in text
    assert "(plot.svg)" in text
    assert (folder / "plot.svg").read_text(encoding="utf-8").startswith("<svg ")


@pytest.mark.parametrize(("folder", "run"), RUNS)
def test_a_run_can_begin(folder: Path, run: dict[str, Any], tmp_path: Path) -> None:
    words = ["train", str(folder / run["spec"]), "--steps", "1", "--out", str(tmp_path / "run")]
    words += ["--quiet", "--set", "train.data=random(examples: 64)"]
    words += [word for change in run.get("set", []) for word in ("--set", change)]
    done = CliRunner().invoke(command, words)
    assert done.exit_code == 0, done.output


def test_layers_of_the_shallow_net_are_in_the_deep_one() -> None:
    spec = EXAMPLES / "warm_start" / "vgg_small.net"
    shallow, deep = netc.load(spec).graph, netc.load(spec, between=3).graph
    shared = shallow.weights.keys() & deep.weights.keys()
    assert shared == shallow.weights.keys()
    assert all(shallow.types[name] == deep.types[name] for name in shared)


def test_the_polynomial_has_as_many_coefficients_as_its_degree() -> None:
    spec = EXAMPLES / "polynomial" / "polynomial.net"
    assert netc.load(spec, degree=3).graph.types["fit.weight"].shape == (1, 3)
    with pytest.raises(SpecError):
        _ = netc.load(spec, degree=10).graph


def test_the_text_of_convnetjs_is_right_and_its_bug_is_found() -> None:
    page = str(EXAMPLES / "convnetjs" / "mnist.js")
    assert [problem.slug for problem in netc.load(page).problems] == ["differs-from-original"]
    checked = CliRunner().invoke(command, ["check", page, "--set", "train.data=mnist()"])
    assert checked.exit_code == 1
    assert "input `image` is 24x24x1, but mnist gives 28x28x1" in checked.stderr
    checked = CliRunner().invoke(command, ["check", page, "--set", "train.data=mnist(crop: 24)"])
    assert checked.exit_code == 0
