"""The networks of `specs/` beside the numbers of their papers, for the page networks.md."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import netc
from netc.layers import REGISTRY
from netc.passes import for_inference
from netc.summary import params, summarize

SPECS = Path(__file__).parents[1] / "specs"

ABOUT = """\
Each of these networks is a spec in [specs](../specs), whose first lines name its paper. All
numbers are counted from the spec, but those in brackets, which the paper prints. *params* is how
many numbers learn, *compiled* how many of them the compiled network has, where that is another
number; *MACs* are the multiply-adds of convolutions and dense layers to answer for one example.
*field* is the side of what one place of a map sees of the image at most, before a layer looks at
the whole of it or enlarges it again. *lines* are those of the file."""

Given = dict[str, bool | int | str]


@dataclass(frozen=True)
class Network:
    """A spec with some of its parameters set, what its paper prints of it, and a word on that."""

    spec: str
    given: Given = field(default_factory=dict)
    params: str = ""
    macs: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        """The parameters as a reader of the page would say them."""
        return ", ".join(f"{name} {_text(value)}" for name, value in self.given.items())


def _text(value: bool | int | str) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _compact(depth: int, growth: int) -> Given:
    return {"compact": True, "depth": depth, "growth": growth}


NETWORKS = [
    Network("lenet5", params="60,000"),
    Network("alexnet", params="60 M"),
    Network("vgg", {"config": "A"}, params="133 M"),
    Network("vgg", {"config": "A-LRN"}, params="133 M"),
    Network("vgg", {"config": "B"}, params="133 M"),
    Network("vgg", {"config": "C"}, params="134 M"),
    Network("vgg", {"config": "D"}, params="138 M"),
    Network("vgg", {"config": "E"}, params="144 M"),
    Network("googlenet", params="6.8 M", macs="1.5 G", note="the paper leaves its sides out"),
    Network("bn_inception", params="13.6 M", note="what the numbers of its figure 5 add up to"),
    Network("inception_v2", params="below 25 M", macs="5 G", note="the paper leaves its side out"),
    Network("inception_v3", params="below 25 M", macs="5 G", note="the paper leaves its side out"),
    Network("resnet", {"depth": 18}, macs="1.8 G"),
    Network("resnet", {"depth": 34}, macs="3.6 G"),
    Network("resnet", {"depth": 50}, macs="3.8 G"),
    Network("resnet", {"depth": 101}, macs="7.6 G"),
    Network("resnet", {"depth": 152}, macs="11.3 G"),
    Network("resnet", {"depth": 18, "residual": False}, macs="1.8 G"),
    Network("resnet", {"depth": 34, "residual": False}, macs="3.6 G"),
    Network("densenet", {"depth": 121}),
    Network("densenet", {"depth": 169}),
    Network("densenet", {"depth": 201}),
    Network("densenet", {"depth": 264}),
    Network("densenet_cifar", {"depth": 40, "growth": 12}, params="1.0 M"),
    Network("densenet_cifar", {"depth": 100, "growth": 12}, params="7.0 M"),
    Network("densenet_cifar", {"depth": 100, "growth": 24}, params="27.2 M"),
    Network("densenet_cifar", _compact(100, 12), params="0.8 M"),
    Network("densenet_cifar", _compact(250, 24), params="15.3 M"),
    Network("densenet_cifar", _compact(190, 40), params="25.6 M"),
    Network("resnet_cifar", {"depth": 20}, params="0.27 M"),
    Network("resnet_cifar", {"depth": 32}, params="0.46 M"),
    Network("resnet_cifar", {"depth": 44}, params="0.66 M"),
    Network("resnet_cifar", {"depth": 56}, params="0.85 M"),
    Network("resnet_cifar", {"depth": 110}, params="1.7 M"),
    Network("resnet_cifar", {"depth": 1202}, params="19.4 M"),
    Network("lenet"),
    Network("mnist_sigmoid"),
    Network("mnist_bn"),
    Network("gn", {"depth": 50}),
    Network("fcn", {"h": 500, "w": 500}, params="134 M", note="its field is that of the paper"),
    Network("deconvnet"),
    Network("dcgan_generator", note="with a discriminator"),
    Network("dcgan_discriminator", note="with a generator"),
    Network("char_rnn", params="3.5 M"),
    Network("autoencoder", note="the weights of the way back are those of the way there"),
    Network("siamese", note="of both towers together"),
]
"""In the order of the page, the configurations of a spec together."""

MAPS = {"convolution", "pooling"}
"""Families of layers whose windows see a part of a map."""
ENLARGING = {"deconv", "unpool", "upsample", "resize"}
"""Layers of these families that spread what they see."""


@dataclass(frozen=True)
class Numbers:
    """What is counted from a spec."""

    params: int
    compiled: int
    macs: int
    field: int | None
    lines: int


def numbers(network: Network) -> Numbers:
    """The numbers of a network; raises `netc.SpecError` where its spec has errors."""
    path = SPECS / f"{network.spec}.net"
    graph = netc.load(path, **network.given).graph
    compiled = for_inference(graph)
    read = {value for node in compiled.nodes for value in node.reads} & set(compiled.weights)
    answering = summarize(compiled)
    fields = [
        layer.receptive_field[0]
        for layer in answering.layers
        if layer.receptive_field
        and REGISTRY[layer.type].family in MAPS
        and layer.type not in ENLARGING
        and set(layer.output.at_witness.shape[1:]) != {1}
    ]
    return Numbers(
        params(graph),
        sum(compiled.types[weight].size for weight in read),
        answering.macs,
        max(fields, default=None),
        len(path.read_text(encoding="utf-8").splitlines()),
    )


def parts() -> Iterator[str]:
    """The page, a paragraph or a table at a time."""
    yield ABOUT
    head = "| network | | params | compiled | MACs | field | lines |"
    rows = [_row(n, i) for _, same in groupby(NETWORKS, _spec) for i, n in enumerate(same)]
    yield "\n".join([head, "|---|---|---:|---:|---:|---:|---:|", *rows])


def _spec(network: Network) -> str:
    return network.spec


def _row(network: Network, place: int) -> str:
    found = numbers(network)
    fewer = f"{found.compiled:,}" if found.compiled != found.params else ""
    cells = [
        f"[{network.spec}](../specs/{network.spec}.net)" if place == 0 else "",
        "; ".join(filter(None, (network.label, network.note))),
        _beside(f"{found.params:,}", network.params),
        fewer,
        _beside(_short(found.macs), network.macs),
        str(found.field or ""),
        str(found.lines) if place == 0 else "",
    ]
    return f"| {' | '.join(cells)} |"


def _beside(counted: str, printed: str) -> str:
    return f"{counted} ({printed})" if printed else counted


def _short(number: int) -> str:
    for unit, size in (("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if number >= size:
            return f"{number / size:.2f} {unit}"
    return str(number)
