"""A saved network means the same layers as the list it was made from, and its sizes must fit."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from netc.diag import Level, Problem, Source
from netc.formats import parse, write
from netc.ir import Graph, build
from netc.spec import Library, Spec

CORPUS = Path(__file__).parents[1] / "data" / "convnetjs"
FILES = sorted(p for p in CORPUS.glob("*.json") if '"layer_defs"' in p.read_text("utf-8")[:20_000])
MADE = [path for path in FILES if "net" in json.loads(path.read_text("utf-8"))]


def loaded(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


def read(data: object) -> Library | list[Problem]:
    return parse(Source("a.json", json.dumps(data)), ".json")


def graph_of(data: object) -> Graph:
    made = read(data)
    assert isinstance(made, Spec), [p.diagnostic().text for p in made]  # type: ignore[union-attr]
    graph = build(made).graph
    assert graph is not None
    return graph


def test_there_are_saved_networks_to_read() -> None:
    assert len(MADE) >= 8


@pytest.mark.parametrize("path", MADE, ids=lambda p: p.stem)
def test_a_saved_network_has_the_layers_of_its_list(path: Path) -> None:
    data = loaded(path)
    listed, saved = graph_of(data["layer_defs"]), graph_of(data["net"])
    assert [node.layer for node in listed.nodes] == [node.layer for node in saved.nodes]
    assert listed.types == saved.types
    shapes = {name: weight.shape for name, weight in listed.weights.items()}
    assert shapes == {name: weight.shape for name, weight in saved.weights.items()}


@pytest.mark.parametrize("path", MADE, ids=lambda p: p.stem)
def test_every_size_of_a_saved_network_is_looked_at(path: Path) -> None:
    net = loaded(path)["net"]
    for index, layer in enumerate(net["layers"][1:], start=1):
        for key in ("out_sx", "out_sy", "out_depth", "num_inputs", "in_depth"):
            if key in layer:
                wrong = copy.deepcopy(net)
                wrong["layers"][index][key] += 1
                made = read(wrong)
                assert isinstance(made, list), f"{index}: {key}"
                assert any(problem.level is Level.ERROR for problem in made)


def test_of_several_networks_the_first_is_taken() -> None:
    net = loaded(MADE[0])["net"]
    other = {"layers": [*net["layers"][:1], {**net["layers"][0], "layer_type": "relu"}]}
    made = read({"nets": [net, other]})
    assert isinstance(made, Spec)
    assert "several-nets" in {notice.slug for notice in made.notices}
    alone = read({"nets": [net]})
    assert isinstance(alone, Spec)
    assert write(alone, ".net") == write(made, ".net")
    assert "several-nets" not in {notice.slug for notice in alone.notices}


def test_the_multipliers_of_a_saved_network_are_1_where_it_has_none() -> None:
    volume = {"sx": 1, "sy": 1, "depth": 2, "w": [1, 2]}
    layer = {"layer_type": "fc", "out_sx": 1, "out_sy": 1, "out_depth": 2, "num_inputs": 2}
    layer |= {"filters": [volume, volume], "biases": volume}
    first = {"layer_type": "input", "out_sx": 1, "out_sy": 1, "out_depth": 2}
    made = graph_of({"layers": [first, layer]})
    assert {w.decay for name, w in made.weights.items() if name.endswith("weight")} == {1}
