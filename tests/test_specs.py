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
    net = next(line for line in lines if not line.startswith("#"))
    assert lines[0].startswith("# ")
    assert net.startswith((f"net {path.stem} {{", f"net {path.stem}("))
    assert all(len(line) <= 130 for line in lines)
    assert tidy(Source(path.name, text)) == text


@pytest.mark.parametrize(
    ("name", "most"), [("lenet", 22), ("resnet", 45), ("densenet", 30), ("googlenet", 40)]
)
def test_a_network_of_a_paper_fits_on_a_screen(name: str, most: int) -> None:
    assert len((FOLDER / f"{name}.net").read_text(encoding="utf-8").splitlines()) <= most


@pytest.mark.parametrize(
    ("name", "parameters", "params"),
    [
        ("resnet", {"depth": 18}, 11_689_512),
        ("resnet", {"depth": 34}, 21_797_672),
        ("resnet", {"depth": 50}, 25_557_032),
        ("resnet", {"depth": 101}, 44_549_160),
        ("resnet", {"depth": 152}, 60_192_808),
        ("densenet", {"depth": 121}, 7_978_856),
        ("densenet", {"depth": 169}, 14_149_480),
        ("densenet", {"depth": 201}, 20_013_928),
        ("densenet", {"depth": 264}, 33_337_704),
        ("googlenet", {}, 13_378_280),
    ],
)
def test_a_network_of_a_paper_has_the_params_of_its_paper(
    name: str, parameters: dict[str, int], params: int
) -> None:
    graph = netc.load(FOLDER / f"{name}.net", **parameters).graph
    assert sum(graph.types[weight].size for weight in graph.weights) == params


@pytest.mark.parametrize("depth", [18, 34])
def test_a_plain_network_has_no_shortcuts(depth: int) -> None:
    net = netc.load(FOLDER / "resnet.net", depth=depth, residual=False)
    assert net.problems == ()
    assert not any(type(node.layer).name == "add" for node in net.graph.nodes)


def test_regression_finds_the_polynomial(tmp_path: Path) -> None:
    net = netc.load(FOLDER / "regression.net")
    run = netc.train(net, out=tmp_path / "run")
    zero, one = net.predict([[0, 0, 0], [1, 1, 1]], weights=run.last)
    assert zero.tolist() == pytest.approx([0.5], abs=0.02)
    assert one.tolist() == pytest.approx([0.5 - 1 + 2], abs=0.05)
