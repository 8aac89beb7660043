"""Nets that are exported in tests, in every form they go through."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import onnx
from onnx import ModelProto

from netc.diag import Problem, Source, render
from netc.engines import CpuEngine, Store
from netc.export import Compiled, compile_onnx
from netc.export.answers import answers
from netc.export.to_onnx import to_onnx
from netc.export.verify_onnx import Agreement, verify_onnx
from netc.formats import read_source
from netc.ir import Graph, build
from netc.layers import Layer
from netc.plan import plan
from netc.types import Array, Onnx

LENET = """net lenet {
    input image [1, 28, 28]
    input label class(10)

    conv(20, kernel: 5) -> max_pool(2)
    conv(50, kernel: 5) -> max_pool(2)
    hidden = dense(500) -> relu -> dropout(0.5)
    scores = dense(10)

    loss   softmax_loss(scores, label)
    metric accuracy(scores, label)
    output prob = softmax(scores)
}
"""

SMALL = """net small {
    input image [2, 6, 5]
    first = conv(3, kernel: 3) -> tanh
    second = conv(2, kernel: 2) -> sigmoid
    output prob = dense(3) -> softmax
}
"""


@dataclass(frozen=True, eq=False)
class Net:
    """A net with what is made of it on its way to a file."""

    source: Source
    graph: Graph
    weights: Mapping[str, Array]

    @property
    def answers(self) -> Graph:
        return answers(self.graph)

    def model(self, opset: int = 18) -> ModelProto:
        model = to_onnx(self.answers, self.weights, opset=opset)
        assert isinstance(model, ModelProto), shown(model)
        return model

    def verify(self, model: ModelProto) -> Agreement | list[Problem]:
        return verify_onnx(model, self.answers, self.weights)

    def compile(self, path: Path | str, **options: Any) -> Compiled:
        done = compile_onnx(self.graph, self.source, self.weights, path, **options)
        assert isinstance(done, Compiled), shown(done)
        return done

    def refused(self, path: Path | str, **options: Any) -> list[Problem]:
        weights = options.pop("weights", self.weights)
        done = compile_onnx(self.graph, self.source, weights, path, **options)
        assert isinstance(done, list), done
        return done

    def run(self, inputs: Mapping[str, Array], batch: int) -> dict[str, Array]:
        """What netc's engine answers."""
        graph = self.answers
        store = Store.fresh(graph)
        for name, array in store.arrays.items():
            array[...] = self.weights[name]
        engine = CpuEngine(plan(graph, batch=batch), store)
        for name, array in inputs.items():
            engine.inputs[name][...] = array
        engine.run()
        return {name: np.array(engine.value(name)) for name in graph.outputs}

    def with_layer(self, name: str, layer: Layer) -> "Net":
        """The net with another layer in the place of one."""
        nodes = (replace(n, layer=layer) if n.name == name else n for n in self.graph.nodes)
        return replace(self, graph=self.graph.replace(nodes=tuple(nodes)))


def net_of(text: str, *, path: str = "test.net", seed: int = 5) -> Net:
    """A net whose weights and states are drawn, the states positive as variances must be."""
    source = Source(path, text)
    spec = read_source(source)
    assert not isinstance(spec, list), shown(spec)
    built = build(spec)
    assert built.graph is not None, shown(list(built.problems))
    rng = np.random.default_rng(seed)
    fresh = Store.fresh(built.graph, seed=seed)
    drawn = {n: w + rng.normal(0, 0.1, w.shape) for n, w in fresh.weights.items()}
    drawn |= {n: rng.uniform(0.5, 1.5, s.shape) for n, s in fresh.states.items()}
    return Net(source, built.graph, {n: a.astype(np.float32) for n, a in drawn.items()})


def shown(problems: object) -> str:
    assert isinstance(problems, list), problems
    return "\n".join(render(p.diagnostic()) for p in problems)


def one_layer(use: str) -> str:
    """`conv([3, 6, 5], filters: 4)` as a net of that layer alone."""
    type, written = re.fullmatch(r"(\w+)\((.*)\)", use.split(" -> ")[0].strip()).groups()
    inputs = []
    while found := re.match(r"(\[[^\]]*\]|class\(\d+\)(?: \[[^\]]*\])?)(, |$)", written):
        inputs.append(found[1])
        written = written[found.end() :]
    names = [f"x{i}" for i in range(len(inputs))]
    lines = [f"input {name} {kind}" for name, kind in zip(names, inputs, strict=True)]
    call = ", ".join([*names, *([written] if written else [])])
    return "net one {\n" + "\n".join([*lines, f"output y = {type}({call})"]) + "\n}\n"


def inputs_of(net: Net, batch: int, seed: int = 3) -> dict[str, Array]:
    """Numbers, and labels where an answer is made of them."""
    rng, read = np.random.default_rng(seed), net.answers.read
    types = {name: net.graph.types[name] for name in net.graph.inputs}
    return {
        name: rng.standard_normal(type.full_shape(batch), np.float32)
        if type.classes is None
        else rng.integers(0, type.classes, type.full_shape(batch))
        for name, type in types.items()
        if type.classes is None or name in read
    }


def nodes_of(model: ModelProto) -> dict[str, onnx.NodeProto]:
    return {node.name: node for node in model.graph.node}


@dataclass(frozen=True)
class Curve(Layer):
    """A layer without an `onnx` rule. It is not registered: other tests look at all that are."""

    name: ClassVar[str] = "curve"
    family: ClassVar[str] = "test"

    def forward(self, x: Array, y: Array) -> None:
        np.tanh(x, out=y)

    backward = None


@dataclass(frozen=True)
class WrongCurve(Curve):
    """Its ONNX form is another function."""

    def onnx(self, g: Onnx, x: str) -> str:
        return g.op("Sigmoid", x)
