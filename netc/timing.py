"""Where the time of a step goes, layer by layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

import numpy as np

from netc.engines import Engine, Watch, Work
from netc.ir import Graph, Node
from netc.native import available, multiply_adds
from netc.training import OPTIMIZERS, Learner, Network, Settings
from netc.types import Array, Tensor

Phase = Literal["train", "test"]

_LEAST_RUNS, _MOST_RUNS = 3, 500


@dataclass(frozen=True)
class LayerTime:
    """Seconds of one layer in a step, each thread's counted as its share.

    `kernels` are those that do its work, and `rules` tells whether a rule of NumPy does any.
    `along` is the layer whose kernels do it all along with their own work. `peak` is the share of
    the multiply-adds that the machine could do in that time; None where the layer has none.
    """

    name: str
    type: str
    forward: float
    backward: float
    kernels: tuple[str, ...]
    rules: bool
    along: str | None
    peak: float | None


@dataclass(frozen=True)
class Timing:
    """Seconds of one step on `batch` examples, the medians of `runs` of them.

    `waiting` is for other threads. What `step` has more than all parts is spent between them.
    `peak` are multiply-adds that all threads can do in a second; None where nobody knows.
    """

    batch: int
    threads: int
    runs: int
    forward: float
    backward: float
    update: float
    waiting: float
    step: float
    peak: float | None
    layers: tuple[LayerTime, ...]

    @property
    def examples_per_second(self) -> float:
        return self.batch / self.step


def time_steps(
    network: Network,
    phase: Phase,
    batch: int,
    *,
    settings: Settings | None = None,
    seconds: float = 1.0,
) -> Timing:
    """Run steps on numbers that are drawn, for about so many seconds, and see where time goes.

    Training moves the weights at a rate of 0: it takes as long, and they stay as they are.
    """
    prepared = network.prepared_for("train" if phase == "train" else "infer", batch)
    watch = Watch()
    engine = prepared.engine(network.store, watch=watch)
    try:
        _fill(engine.inputs, prepared.plan.graph)
        learner = _learner(network, settings) if phase == "train" else None
        found = _run(engine, watch, learner, seconds)
    finally:
        engine.close()
    peak = multiply_adds(network.threads) if available() else None
    return _timing(prepared.plan.graph, watch.works, found, batch, network.threads, peak)


def _learner(network: Network, settings: Settings | None) -> Learner:
    if settings is None:
        return Learner(network, OPTIMIZERS["sgd"](rate=0.0, decay=0.0, l1=0.0), seed=0)
    return Learner(network, settings.optimizer, seed=0, clip=settings.clip_norm)


def _fill(inputs: Mapping[str, Array], graph: Graph) -> None:
    rng = np.random.default_rng(0)
    for name, array in inputs.items():
        _draw(array, graph.types[name], rng)


def _draw(array: Array, type: Tensor, rng: np.random.Generator) -> None:
    if type.is_float:
        array[...] = rng.standard_normal(array.shape)
    else:
        array[...] = rng.integers(type.classes or 256, size=array.shape)


@dataclass(frozen=True)
class _Found:
    """Medians over runs; `works` in the order of the watch."""

    runs: int
    works: Array
    waiting: float
    update: float
    step: float


def _run(engine: Engine, watch: Watch, learner: Learner | None, seconds: float) -> _Found:
    for _ in range(2):
        _step(engine, watch, learner)
    rows = [_step(engine, watch, learner) for _ in range(_LEAST_RUNS)]
    stop = perf_counter() + seconds
    while perf_counter() < stop and len(rows) < _MOST_RUNS:
        rows.append(_step(engine, watch, learner))
    step, update, waiting, *works = np.median(np.array(rows), axis=0)
    return _Found(len(rows), np.array(works), float(waiting), float(update), float(step))


def _step(engine: Engine, watch: Watch, learner: Learner | None) -> list[float]:
    """The seconds of one step: all, the update, waiting, and each work."""
    watch.clear()
    start = perf_counter()
    update = 0.0
    if learner is None:
        engine.run()
    else:
        learner.learn(engine, 0.0)
    step = perf_counter() - start
    works = [work.seconds for work in watch.works]
    if learner is not None:
        start = perf_counter()
        learner.updater.step(0.0, learner.step)
        update = perf_counter() - start
    return [step, update, watch.waiting, *works]


def _timing(
    graph: Graph,
    works: Sequence[Work],
    found: _Found,
    batch: int,
    threads: int,
    peak: float | None,
) -> Timing:
    nodes = {(node.name, node.rule): node for node in graph.nodes}
    names = dict.fromkeys(node.name for node in graph.nodes)
    timed = list(zip(works, map(float, found.works), strict=True))
    layers = []
    for name in names:
        own = [(work, seconds) for work, seconds in timed if work.node.name == name]
        mine = [node for (layer, _), node in nodes.items() if layer == name]
        layers.append(_layer(mine, graph, own, works, batch, peak))
    return Timing(
        batch,
        threads,
        found.runs,
        sum(layer.forward for layer in layers),
        sum(layer.backward for layer in layers),
        found.update,
        found.waiting,
        found.step,
        peak,
        tuple(layers),
    )


def _layer(
    nodes: Sequence[Node],
    graph: Graph,
    own: Sequence[tuple[Work, float]],
    works: Sequence[Work],
    batch: int,
    peak: float | None,
) -> LayerTime:
    name, layer = nodes[0].name, nodes[0].layer
    spent = {
        rule: sum(seconds for work, seconds in own if work.node.rule == rule)
        for rule in ("forward", "backward")
    }
    seconds = sum(spent.values())
    macs = batch * sum(_macs(node, graph) for node in nodes)
    hosts = [w.node.name for w in works if any(node.name == name for node in w.along)]
    return LayerTime(
        name,
        type(layer).name,
        spent["forward"],
        spent["backward"],
        tuple(dict.fromkeys(work.kernel for work, _ in own if work.kernel)),
        any(work.kernel is None for work, _ in own),
        hosts[0] if hosts and not own else None,
        macs / seconds / peak if peak and macs and seconds else None,
    )


def _macs(node: Node, graph: Graph) -> int:
    """Multiply-adds for one example; each gradient takes as many as going forward."""
    once = node.layer.macs(*(graph.types[value].at_witness for value in node.inputs))
    if node.rule == "forward":
        return once
    return once * sum(argument in node.ports for argument in ("dx", "dweight"))
