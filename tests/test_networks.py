"""The networks of papers in `specs/` have the numbers that were printed or counted elsewhere.

What a spec claims of itself by `assert` is proved when it is loaded; these numbers are not read
from the specs: they come from the papers, from Caffe, from PyTorch's own models, and from
Araujo, Norris and Sim, Computing Receptive Fields of Convolutional Neural Networks, 2019.
"""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import netc
from docs.networks import NETWORKS, SPECS, Given, Network, numbers
from netc.diag import Source
from netc.formats import tidy
from netc.ir import Graph

CAFFE = Path(__file__).parents[1].parent / "shared" / "corpus" / "caffe_shapes"

LINES = {
    "vgg": 30,
    "googlenet": 40,
    "inception_v3": 80,
    "resnet": 45,
    "resnet_cifar": 30,
    "densenet": 30,
    "lenet5": 30,
    "lenet": 22,
}

DENSENET_CIFAR = [
    # Huang et al. 2017, table 2, in millions.
    (40, 12, False, 1.0),
    (100, 12, False, 7.0),
    (100, 24, False, 27.2),
    (100, 12, True, 0.8),
    (250, 24, True, 15.3),
    (190, 40, True, 25.6),
]

RESNET_CIFAR = {
    # He et al. 2016, table 6, in millions
    20: 0.27,
    32: 0.46,
    44: 0.66,
    56: 0.85,
    110: 1.7,
    1202: 19.4,
}

PARAMS: list[tuple[str, Given, int]] = [
    ("lenet5", {}, 156 + 12 + 1_516 + 32 + 48_120 + 10_164),
    ("alexnet", {}, 60_965_224),
    ("vgg", {"config": "A"}, 132_863_336),
    ("vgg", {"config": "A-LRN"}, 132_863_336),
    ("vgg", {"config": "B"}, 133_047_848),
    ("vgg", {"config": "C"}, 133_638_952),
    ("vgg", {"config": "D"}, 138_357_544),
    ("vgg", {"config": "E"}, 143_667_240),
    ("googlenet", {}, 13_378_280),
    ("inception_v3", {}, 27_161_264),
    ("resnet", {"depth": 18}, 11_689_512),
    ("resnet", {"depth": 34}, 21_797_672),
    ("resnet", {"depth": 50}, 25_557_032),
    ("resnet", {"depth": 101}, 44_549_160),
    ("resnet", {"depth": 152}, 60_192_808),
    # without the three projections, from 64 to 128, 256 and 512 channels
    ("resnet", {"depth": 18, "residual": False}, 11_689_512 - 172_032 - 2 * 896),
    ("resnet", {"depth": 34, "residual": False}, 21_797_672 - 172_032 - 2 * 896),
    ("densenet", {"depth": 121}, 7_978_856),
    ("densenet", {"depth": 169}, 14_149_480),
    ("densenet", {"depth": 201}, 20_013_928),
    ("densenet", {"depth": 264}, 33_337_704),
    ("mnist_sigmoid", {}, 785 * 100 + 2 * 101 * 100 + 101 * 10),
    ("mnist_bn", {}, 786 * 100 + 2 * 102 * 100 + 101 * 10),
    ("gn", {"depth": 50}, 25_557_032),
    ("gn", {"depth": 50, "kind": "batch"}, 25_557_032),
    ("resnet_cifar", {"depth": 20, "residual": False}, 269_722),
    ("deconvnet", {}, 62_357_608),
    ("fcn", {}, 138_357_544 - 1000 * 4097 + 21 * (4097 + 513 + 257) + 21 * (16 + 16 + 256)),
    ("char_rnn", {}, 96 * 96 + 2048 * (96 + 512 + 1) + 2048 * (512 + 512 + 1) + 513 * 96),
    # of two towers only one is counted; of an autoencoder's weights only those of the way there
    ("siamese", {}, 431_102),
    ("autoencoder", {}, 785 * 1000 + 1001 * 500 + 501 * 250 + 251 * 30 + 250 + 500 + 1000 + 784),
]

MACS: list[tuple[str, Given, float]] = [
    # in G; of the others than ResNet as counted for PyTorch's own models
    ("resnet", {"depth": 18}, 1.81),
    ("resnet", {"depth": 34}, 3.66),
    ("resnet", {"depth": 50}, 3.86),
    ("resnet", {"depth": 101}, 7.57),
    ("resnet", {"depth": 152}, 11.28),
    ("vgg", {"config": "A"}, 7.61),
    ("vgg", {"config": "B"}, 11.31),
    ("vgg", {"config": "D"}, 15.47),
    ("vgg", {"config": "E"}, 19.63),
    ("inception_v3", {}, 5.71),
    ("densenet", {"depth": 121}, 2.83),
    ("densenet", {"depth": 169}, 3.36),
    ("densenet", {"depth": 201}, 4.29),
]

FIELDS: list[tuple[str, Given, int]] = [
    ("alexnet", {}, 195),
    ("vgg", {"config": "D"}, 212),
    ("bn_inception", {}, 699),
    ("inception_v3", {}, 1311),
    ("resnet", {"depth": 50}, 483),
    ("resnet", {"depth": 101}, 1027),
    ("resnet", {"depth": 152}, 1507),
    ("fcn", {}, 404),  # Long et al. 2015, table 1
]

REAL: list[tuple[str, Given, str]] = [
    ("alexnet", {}, "models__bvlc_alexnet__deploy"),
    ("googlenet", {}, "models__bvlc_googlenet__train_val"),
    ("lenet", {}, "examples__mnist__lenet_train_test"),
    ("siamese", {}, "examples__siamese__mnist_siamese_train_test"),
    ("vgg", {"config": "D"}, "extra__intel__caffe__models__default_vgg_16__train_val"),
    ("vgg", {"config": "E"}, "extra__intel__caffe__models__default_vgg_19__train_val"),
    *(
        (
            "resnet",
            {"depth": depth},
            f"extra__KaimingHe__deep-residual-networks__prototxt__ResNet-{depth}-deploy",
        )
        for depth in (50, 101, 152)
    ),
]


def _name(value: object) -> str | None:
    if isinstance(value, Network):
        return "-".join([value.spec, *map(str, value.given.values())])
    return "-".join(map(str, value.values())) if isinstance(value, dict) else None


@pytest.mark.parametrize("network", NETWORKS, ids=_name)
def test_a_network_of_the_page_has_no_problem(network: Network) -> None:
    assert netc.load(SPECS / f"{network.spec}.net", **network.given).problems == ()


@pytest.mark.parametrize(("spec", "given", "params"), PARAMS, ids=_name)
def test_a_network_has_as_many_params_as_its_paper_says(
    spec: str, given: Given, params: int
) -> None:
    assert numbers(Network(spec, given)).params == params


@pytest.mark.parametrize(("depth", "growth", "compact", "millions"), DENSENET_CIFAR)
def test_a_densenet_for_cifar_has_as_many_params_as_its_paper_says(
    depth: int, growth: int, compact: bool, millions: float
) -> None:
    given: Given = {"depth": depth, "growth": growth, "compact": compact}
    params = numbers(Network("densenet_cifar", given)).params
    assert round(params / 1e6, 1) == millions


@pytest.mark.parametrize(("depth", "millions"), RESNET_CIFAR.items())
def test_a_resnet_for_cifar_has_as_many_params_as_its_paper_says(
    depth: int, millions: float
) -> None:
    params = numbers(Network("resnet_cifar", {"depth": depth})).params
    assert round(params / 1e6, 2 if millions < 1 else 1) == millions


@pytest.mark.parametrize(("spec", "given", "macs"), MACS, ids=_name)
def test_a_network_multiplies_as_often_as_its_paper_says(
    spec: str, given: Given, macs: float
) -> None:
    assert round(numbers(Network(spec, given)).macs / 1e9, 2) == macs


@pytest.mark.parametrize(("spec", "given", "field"), FIELDS, ids=_name)
def test_a_place_of_the_last_map_sees_as_much_of_the_image(
    spec: str, given: Given, field: int
) -> None:
    assert numbers(Network(spec, given)).field == field


def test_lenet5_has_as_many_connections_as_its_paper_says() -> None:
    # A bias is a connection in the paper, and so are the four places that a coefficient sums up.
    layers = {layer.name: layer for layer in netc.load(SPECS / "lenet5.net").summary().layers}
    places = {name: layer.output.size for name, layer in layers.items()}
    inputs = {name: layers[name].macs // places[name] for name in ("c5", "f6")}
    wired = layers["c3"].macs // (10 * 10) + 16
    found = 26 * places["c1"] + 5 * places["s2"] + 100 * wired + 5 * places["s4"]
    found += sum((count + 1) * places[name] for name, count in inputs.items())
    assert found + 84 * places["distances"] == 340_908


def test_the_compiled_googlenet_has_no_side_classifiers() -> None:
    assert numbers(Network("googlenet")).compiled == 6_998_552


@pytest.mark.parametrize("classes", [10, 2000])
@pytest.mark.parametrize("spec", ["alexnet", "vgg", "googlenet", "inception_v2", "inception_v3"])
def test_the_claims_of_a_spec_hold_for_other_numbers_of_classes(spec: str, classes: int) -> None:
    assert netc.load(SPECS / f"{spec}.net", classes=classes).problems == ()


@pytest.mark.parametrize("path", sorted((SPECS / "blocks").glob("*.net")), ids=lambda p: p.stem)
def test_blocks_that_several_specs_use_are_written_as_fmt_writes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert tidy(Source(path.name, text)) == text


@pytest.mark.parametrize(("spec", "most"), LINES.items())
def test_a_network_of_a_paper_fits_on_a_screen(spec: str, most: int) -> None:
    assert len((SPECS / f"{spec}.net").read_text(encoding="utf-8").splitlines()) <= most


@pytest.mark.parametrize("depth", [18, 34])
def test_a_plain_network_has_no_shortcuts(depth: int) -> None:
    net = netc.load(SPECS / "resnet.net", depth=depth, residual=False)
    assert not any(type(node.layer).name == "add" for node in net.graph.nodes)


@pytest.mark.skipif(not CAFFE.is_dir(), reason="the shapes that Caffe finds are not here")
@pytest.mark.parametrize(("spec", "given", "file"), REAL, ids=_name)
def test_a_network_has_the_layers_of_the_real_one_in_caffe(
    spec: str, given: Given, file: str
) -> None:
    graph = netc.load(SPECS / f"{spec}.net", **given).graph
    assert _layers(graph) == _layers_of_caffe(CAFFE / f"{file}.json")


KINDS = {
    "Convolution": {"conv"},
    "InnerProduct": {"dense"},
    "Pooling": {"max_pool", "avg_pool", "global_avg_pool"},
    "LRN": {"lrn"},
    "Concat": {"concat"},
    "Eltwise": {"add"},
}
"""Types of Caffe's layers, and what they are called here."""


@pytest.mark.skipif(not CAFFE.is_dir(), reason="the shapes that Caffe finds are not here")
def test_a_segmentation_has_the_maps_of_the_real_one_in_caffe() -> None:
    given = {"h": 500, "w": 500}
    file = CAFFE / "extra__shelhamer__fcn.berkeleyvision.org__voc-fcn8s__deploy.json"
    net = json.loads(file.read_text(encoding="utf-8"))["phases"]["TEST"]
    shapes = {name: tuple(shape[1:]) for name, shape in net["blobs"]}
    kinds = {"Convolution", "Deconvolution", "Pooling", "Crop", "Eltwise"}
    wanted = [shapes[layer["tops"][0]] for layer in net["layers"] if layer["type"] in kinds]
    graph = netc.load(SPECS / "fcn.net", **given).graph
    own = {"conv", "deconv", "max_pool", "crop", "add"}
    nodes = [node for node in graph.nodes if type(node.layer).name in own]
    assert [graph.types[node.value].shape for node in nodes] == wanted


def _layers(graph: Graph) -> Counter[object]:
    """How often there is a layer of each kind with the same shapes of inputs, weights, output."""
    kinds = {name: kind for kind, names in KINDS.items() for name in names}
    found: Counter[object] = Counter()
    for node in graph.nodes:
        kind = kinds.get(type(node.layer).name)
        weight = node.ports.get("weight")
        if kind is not None:
            inputs = [graph.types[value].shape for value in node.inputs]
            shape = graph.types[weight].shape if weight else ()
            found[kind, _flat(kind, inputs), shape, graph.types[node.value].shape] += 1
    return found


def _layers_of_caffe(path: Path) -> Counter[object]:
    phases = json.loads(path.read_text(encoding="utf-8"))["phases"]
    net = phases.get("TRAIN") or phases["TEST"]
    shapes = {name: tuple(shape[1:]) for name, shape in net["blobs"]}
    found: Counter[object] = Counter()
    for layer in net["layers"]:
        if layer["type"] in KINDS:
            inputs = [shapes[name] for name in layer["bottoms"]]
            weight = tuple(layer["params"][0]) if layer["params"] else ()
            top = shapes[layer["tops"][0]]
            found[layer["type"], _flat(layer["type"], inputs), weight, top] += 1
    return found


def _flat(kind: str, shapes: list[tuple[int, ...]]) -> tuple[object, ...]:
    """Dense layers see no shape, only how many numbers there are."""
    if kind == "InnerProduct":
        return tuple(int(np.prod(shape)) for shape in shapes)
    return tuple(shapes)
