"""The networks of `specs/` are right, fit on a page, and are the ones their comments name."""

from pathlib import Path

import pytest

import netc
from netc.diag import Source
from netc.formats import tidy

FOLDER = Path(__file__).parents[1] / "specs"
FILES = sorted(FOLDER.glob("*.net"))

PARAMS = {
    # counted from the sources that the comments name
    "mnist": 8 * 26 + 16 * (8 * 25 + 1) + 10 * (16 * 16 + 1),
    "cifar10": 16 * 76 + 20 * (16 * 25 + 1) + 20 * (20 * 25 + 1) + 10 * (20 * 16 + 1),
    "lenet": 431_080,
    "lenet_dropout": 3_274_634,
    "regression": 4,
}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_spec_has_no_problem(path: Path) -> None:
    assert netc.load(path).problems == ()


@pytest.mark.parametrize("name", PARAMS)
def test_a_spec_has_as_many_params_as_its_source(name: str) -> None:
    assert netc.load(FOLDER / f"{name}.net").summary().params == PARAMS[name]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_spec_begins_with_what_it_is_and_is_written_as_fmt_writes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    net = next(line for line in lines if line.startswith("net "))
    assert lines[0].startswith("# ")
    assert net.startswith((f"net {path.stem} {{", f"net {path.stem}("))
    assert all(len(line) <= 130 for line in lines)
    assert tidy(Source(path.name, text)) == text


def test_regression_finds_the_polynomial(tmp_path: Path) -> None:
    net = netc.load(FOLDER / "regression.net")
    run = netc.train(net, out=tmp_path / "run")
    zero, one = net.predict([[0, 0, 0], [1, 1, 1]], weights=run.last)
    assert zero.tolist() == pytest.approx([0.5], abs=0.02)
    assert one.tolist() == pytest.approx([0.5 - 1 + 2], abs=0.05)
