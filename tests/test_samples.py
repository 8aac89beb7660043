"""The sample networks that the language was designed with mean what their papers say.

They lie beside the repository; where they do not, these tests are skipped.
"""

from pathlib import Path

import pytest

import netc
from netc.formats import read
from netc.spec import Spec

SAMPLES = Path(__file__).parents[1].parent / "shared" / "design" / "samples"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")

NETWORKS = [
    ("resnet", {"depth": 18}, 11_689_512, 1.81),
    ("resnet", {"depth": 34}, 21_797_672, 3.66),
    ("resnet", {"depth": 50}, 25_557_032, 3.86),
    ("resnet", {"depth": 101}, 44_549_160, 7.57),
    ("resnet", {"depth": 152}, 60_192_808, 11.28),
    ("vgg", {"config": "A"}, 132_863_336, None),
    ("vgg", {"config": "A-LRN"}, 132_863_336, None),
    ("vgg", {"config": "B"}, 133_047_848, None),
    ("vgg", {"config": "C"}, 133_638_952, None),
    ("vgg", {"config": "D"}, 138_357_544, None),
    ("vgg", {"config": "E"}, 143_667_240, None),
    ("densenet", {"depth": 121}, 7_978_856, None),
    ("densenet", {"depth": 169}, 14_149_480, None),
    ("densenet", {"depth": 201}, 20_013_928, None),
    ("densenet", {"depth": 264}, 33_337_704, None),
    ("googlenet", {}, 13_378_280, None),
    ("inception_v3", {}, 27_161_264, None),
]


@pytest.mark.parametrize(("name", "parameters", "params", "macs"), NETWORKS)
def test_a_sample_counts_what_its_paper_says(
    name: str, parameters: dict[str, int | str], params: int, macs: float | None
) -> None:
    net = netc.load(SAMPLES / f"{name}.net", **parameters)
    graph = net.graph
    assert sum(graph.types[weight].size for weight in graph.weights) == params
    if macs is not None:
        nodes = graph.nodes
        found = sum(n.layer.macs(*(graph.types[v] for v in n.inputs)) for n in nodes)
        assert round(found / 1e9, 2) == macs


@pytest.mark.parametrize("name", sorted({name for name, *_ in NETWORKS}))
def test_a_sample_has_no_problem(name: str) -> None:
    assert netc.load(SAMPLES / f"{name}.net").problems == ()


@pytest.mark.parametrize("name", ["lenet5"])
def test_a_sample_of_later_layers_can_be_read(name: str) -> None:
    assert isinstance(read(str(SAMPLES / f"{name}.net")), Spec)
