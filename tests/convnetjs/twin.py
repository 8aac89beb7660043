"""A net of the corpus as netc has it: read from JavaScript, built, and run by an engine."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from netc.diag import Source, render
from netc.engines import CpuEngine, Engine, Store
from netc.formats import read_source
from netc.ir import Graph, Node, build
from netc.native import prepare
from netc.passes import differentiate_value, drop_dead, for_phase
from netc.plan import Step, plan
from netc.spec import Spec
from netc.training import Learner, Measured, Network, check_settings
from netc.types import Array, Dtype
from tests.convnetjs.corpus import Case

TYPES = {
    "conv": "conv",
    "fc": "dense",
    "pool": "max_pool",
    "relu": "relu",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "maxout": "channel_pool",
    "dropout": "dropout",
    "lrn": "lrn",
    "quadtransform": "quadratic",
    "softmax": "softmax",
}
"""Layer types there and here; `svm` and `regression` change nothing."""

Call = Mapping[str, Any]
"""A call of the trainer, as the corpus has it."""


def page(definitions: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> str:
    """The text that somebody would write in JavaScript."""
    layers = [f"layer_defs.push({json.dumps(layer)});" for layer in definitions]
    made = ["net = new convnetjs.Net();", "net.makeLayers(layer_defs);"]
    trainer = f"trainer = new convnetjs.SGDTrainer(net, {json.dumps(options)});"
    return "\n".join(["layer_defs = [];", *layers, *made, trainer, ""])


def spec_of(text: str, name: str = "page", *, compat: bool) -> Spec:
    """What a page means: as it should be, or as ConvNetJS itself computes it."""
    spec = read_source(Source(f"{name}.js", text), ".js")
    assert isinstance(spec, Spec), _shown(spec)
    if not compat:
        return spec
    assert spec.origin is not None
    assert spec.origin.original is not None
    return spec.origin.original


def _shown(problems: Any) -> str:
    return "\n".join(render(p.diagnostic()) for p in problems)


class Twin:
    """A net of the corpus with its weights, that is run as any other net of netc.

    With `compat` it has the mistakes of ConvNetJS.
    """

    def __init__(
        self,
        case: Case,
        options: Mapping[str, Any] | None = None,
        *,
        compat: bool = True,
        dtype: Dtype = "f64",
        engine: str = "cpu",
        spec: Spec | None = None,
    ) -> None:
        self.case = case
        text = page(case.definitions, options or {})
        spec = spec or spec_of(text, case.name, compat=compat)
        built = build(spec)
        assert built.graph is not None, _shown(built.problems)
        bound = check_settings(spec, built.graph)
        assert bound.settings is not None, _shown(bound.problems)
        self.graph, self.settings = built.graph, bound.settings
        self.dtype = dtype
        self.network = Network(self.graph, engine=engine, threads=2, dtype=dtype)
        self.learner = Learner(self.network, self.settings.optimizer, seed=1)
        self.image, self.wanted = self.graph.inputs
        self.fill(case.weights)

    @property
    def store(self) -> Store:
        return self.network.store

    def fill(self, weights: Sequence[Mapping[str, Any]]) -> None:
        for name, numbers in self.named(weights):
            self.store.weights[name][...] = numbers

    def named(self, weights: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Array]]:
        """Weights of the corpus by their names here, their axes in the order they have here."""
        for node, layer in zip(self.learned, weights, strict=True):
            yield f"{node}.weight", self.case.filters(layer["layer"], layer["filters"])
            yield f"{node}.bias", np.array(layer["biases"])

    @property
    def learned(self) -> list[str]:
        """The names of the layers with weights, in their order."""
        return [node.name for node in self.graph.nodes if "weight" in node.ports]

    @property
    def values(self) -> list[str]:
        """For each layer of the corpus the value that it makes."""
        found = [self.image]
        nodes = iter(self.graph.nodes)
        for layer in self.case.layers[1:]:
            if layer.type in TYPES:
                found.append(
                    next(n for n in nodes if type(n.layer).name == TYPES[layer.type]).value
                )
            else:
                found.append(found[-1])
        return found

    def examples(self, places: Sequence[int]) -> Array:
        """Some of the inputs, in the shape the net takes."""
        shape = self.graph.types[self.image].shape
        return self.case.inputs[list(places)].reshape(len(places), *shape)

    def targets(self, places: Sequence[int]) -> Array:
        """What is wanted of some inputs. Where only one output is wanted to change, the others are
        asked for as they are."""
        all_targets = self.case.data["targets"]
        wanted = [all_targets[place] for place in places]
        if not isinstance(wanted[0], Mapping):
            return np.array(wanted)
        answers = self.answers(places)
        for answer, target in zip(answers, wanted, strict=True):
            answer[target["dim"]] = target["val"]
        return answers

    def answers(self, places: Sequence[int]) -> Array:
        """The output for some inputs, after training: [count, numbers]."""
        (answers,) = self.all_values(places, [self.values[-1]])
        return answers.reshape(len(places), -1)

    def all_values(self, places: Sequence[int], names: Sequence[str]) -> list[Array]:
        """Values of the net for some inputs, after training."""
        network = self.network.asked_for(tuple(dict.fromkeys(names)))
        engine = network.hold("infer", len(places))
        engine.inputs[self.image][...] = self.examples(places)
        engine.run()
        return [engine.value(name).copy() for name in names]

    def learn(self, calls: Sequence[Call]) -> Measured:
        """One update by the examples of these calls of the trainer."""
        engine = self._training_engine(calls)
        self._feed(engine, calls)
        return self.learner.learn(engine, self.settings.optimizer.rate)

    def gradients(self, call: Call, seed: int = 0) -> tuple[Measured, dict[str, Array]]:
        """The loss of one example, and its gradient for every weight. The seed draws what is
        dropped where the call does not say it."""
        engine = self._training_engine([call])
        self._feed(engine, [call])
        engine.run((seed,))
        return self.network.measured(engine), {n: g.copy() for n, g in self._gradients(engine)}

    def input_gradient(self, call: Call) -> Array:
        """The gradient of the loss for the data of one example."""
        graph = drop_dead(for_phase(self.graph, "train").replace(outputs=(), metrics=()))
        (loss,) = graph.losses
        whole = differentiate_value(graph, loss.value, self.image).replace(training=True)
        engine = self._engine(drop_dead(whole), [call])
        self._feed(engine, [call])
        (seed,) = {*whole.inputs} - {self.image, self.wanted}
        engine.inputs[seed][...] = 1
        engine.run()
        return engine.value(whole.outputs[0])[0].copy()

    def _gradients(self, engine: Engine) -> Iterator[tuple[str, Array]]:
        for name in engine.plan.graph.gradients:
            yield name, self.store.gradients[name]

    def _feed(self, engine: Engine, calls: Sequence[Call]) -> None:
        places = [call["input"] for call in calls]
        engine.inputs[self.image][...] = self.examples(places)
        engine.inputs[self.wanted][...] = self.targets(places)

    def _training_engine(self, calls: Sequence[Call]) -> Engine:
        if "dropped" in calls[0]:
            return self._engine(self.network.graph_for("train"), calls)
        return self.network.hold("train", len(calls))

    def _engine(self, graph: Graph, calls: Sequence[Call]) -> Engine:
        """An engine for these calls; what they dropped is dropped here, instead of being drawn."""
        made = plan(graph, batch=len(calls), threads=2, dtype=self.dtype)
        if "dropped" not in calls[0]:
            return prepare(made, native=self.network.engine_name != "numpy").engine(self.store)
        masks = self._masks(calls)

        def kernel(step: Step, arrays: Mapping[str, Any]) -> Callable[[], None] | None:
            if step.node.name not in masks or step.node.rule != "forward":
                return None
            return lambda: _drop(step.node, arrays, masks[step.node.name])

        return CpuEngine(made, self.store, kernels=kernel)

    def _masks(self, calls: Sequence[Call]) -> dict[str, Array]:
        """What is kept of each layer that drops, by the name of the layer."""
        masks = {}
        for place in calls[0]["dropped"]:
            value, layer = self.values[int(place)], self.case.layers[int(place)]
            dropped = np.stack([layer.numbers(call["dropped"][place]) for call in calls])
            shape = (len(calls), *self.graph.types[value].shape)
            masks[self.graph.producers[value].name] = 1 - dropped.reshape(shape)
        return masks


def _drop(node: Node, arrays: Mapping[str, Any], kept: Array) -> None:
    """What the layer does in training, with a mask that is given. Both its rules are one map."""
    arrays["mask"][...] = kept
    node.layer.backward(dy=arrays["x"], mask=arrays["mask"], dx=arrays["y"], training=True)
