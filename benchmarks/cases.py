"""The networks whose training is measured."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import netc
from netc.ir import Graph
from netc.summary import summarize

HERE = Path(__file__).parent
SPECS = HERE.parent / "specs"


@dataclass(frozen=True)
class Case:
    """A network and the size of its batches. `rival` is what benchmarks/convnetjs.js calls it."""

    name: str
    file: Path
    batch: int = 64
    given: dict[str, int | str] = field(default_factory=dict)
    rival: str | None = None
    large: bool = False

    def graph(self) -> Graph:
        return netc.load(str(self.file), **self.given).graph

    def data(self, graph: Graph) -> dict[str, np.ndarray]:
        """A batch of noise by the names of the inputs."""
        rng = np.random.default_rng(0)
        made = {}
        for name in graph.inputs:
            type = graph.types[name]
            if type.classes is None:
                made[name] = rng.normal(size=(self.batch, *type.shape)).astype(np.float32)
            else:
                made[name] = rng.integers(0, type.classes, (self.batch, *type.shape))
        return made

    def operations(self, graph: Graph) -> int:
        """Floating point operations of a step's convolutions and dense layers, those on padding
        included: forward, and the gradients of weights and of all inputs but the image."""
        layers = [layer for layer in summarize(graph, self.batch).layers if layer.macs]
        macs = 3 * sum(layer.macs for layer in layers) - layers[0].macs
        return 2 * macs * self.batch


CASES = [
    Case("mnist", SPECS / "mnist.net", rival="mnist"),
    Case("cifar10", SPECS / "cifar10.net", rival="cifar10"),
    Case("lenet", SPECS / "lenet.net"),
    Case("lenet_dropout", SPECS / "lenet_dropout.net"),
    Case("cifar10_quick", HERE / "nets/cifar10_quick.net"),
    Case("resnet_20", SPECS / "resnet_cifar.net", given={"depth": 20}),
    Case("resnet_56", SPECS / "resnet_cifar.net", given={"depth": 56}),
    Case("vgg_cifar", HERE / "nets/vgg_cifar.net"),
    Case("densenet_40", SPECS / "densenet_cifar.net", given={"depth": 40, "growth": 12}),
    Case("alexnet", SPECS / "alexnet.net", 16, large=True),
    Case("vgg_16", SPECS / "vgg.net", 4, large=True),
    Case("googlenet", SPECS / "googlenet.net", 8, large=True),
    Case("resnet_18", SPECS / "resnet.net", 8, given={"depth": 18}, large=True),
    Case("resnet_50", SPECS / "resnet.net", 8, given={"depth": 50}, large=True),
]


def chosen(names: list[str]) -> list[Case]:
    """The cases of these names; all where there is none."""
    return [case for case in CASES if not names or case.name in names]
