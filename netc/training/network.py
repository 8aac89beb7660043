"""A graph with its weights and the engines that run it, shared by training, tests and answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import numpy as np

from netc.diag import Problem, did_you_mean, nearest, quoted
from netc.engines import Engine, Store
from netc.ir import Graph, at_sizes, sizes_in
from netc.layers import Metric, arguments_of
from netc.native import Prepared, prepare
from netc.passes import for_gathering, for_inference, for_testing, for_training
from netc.plan import Plan, plan
from netc.training.metrics import MetricValue, Sum, metric_of, numbers, shown
from netc.training.problems import UnknownEngine
from netc.types import Dtype, Shape

Use = Literal["train", "test", "infer", "gather"]

ENGINES: Mapping[str, bool] = {"cpu": True, "numpy": False}
"""Every engine by the name it is asked for with, and whether it takes native kernels."""


def check_engine(name: str) -> list[Problem]:
    """A problem where there is no such engine."""
    if name in ENGINES:
        return []
    advice = did_you_mean(nearest(name, ENGINES)) or f"there are {quoted(ENGINES)}"
    return [UnknownEngine(None, name=name, advice=advice)]


_MOST_HELD = 2


@dataclass(frozen=True)
class Measured:
    """The weighted sum of the losses, None where a net has none, and the metrics by name.

    Of a batch to learn from, only the metrics that are numbers.
    """

    loss: float | None
    metrics: Mapping[str, MetricValue]
    examples: int

    @property
    def numbers(self) -> dict[str, float]:
        """Those of the metrics that are a number."""
        return numbers(self.metrics)


class Network:
    """A graph and its weights. `store` is made when it is first needed: its weights are drawn from
    the seed, or left at zero without one, to be filled from a file."""

    def __init__(
        self,
        graph: Graph,
        *,
        seed: int | None = 0,
        engine: str = "cpu",
        threads: int = 1,
        dtype: Dtype = "f32",
    ) -> None:
        self.graph, self.engine_name, self.threads = graph, engine, threads
        self._seed, self._dtype = seed, dtype
        self._store: Store | None = None
        self._graphs: dict[Use, Graph] = {}
        self._plans: dict[tuple[Use, int], Plan] = {}
        self._prepared: dict[tuple[Use, int], Prepared] = {}
        self._held: dict[tuple[Use, int], Engine] = {}
        self._closed: dict[tuple[tuple[str, int], ...], Network] = {}

    @property
    def store(self) -> Store:
        """The weights, which all engines of this network share."""
        if self._store is None:
            if self._seed is None:
                self._store = Store.blank(self.graph, dtype=self._dtype)
            else:
                self._store = Store.fresh(self.graph, seed=self._seed, dtype=self._dtype)
        return self._store

    def taking(self, shapes: Mapping[str, Shape]) -> "Network":
        """This network for inputs of these shapes, by name: where sizes are open it is one with the
        same weights that knows them. Raises `Unfit` where the sizes are too small for a layer.
        """
        sizes = sizes_in({name: self.graph.types[name] for name in self.graph.inputs}, shapes)
        key = tuple(sorted(sizes.items()))
        if not sizes:
            return self
        if key not in self._closed:
            graph = at_sizes(self.graph, sizes)
            while len(self._closed) >= _MOST_HELD:
                self._closed.pop(next(iter(self._closed))).close()
            made = Network(graph, engine=self.engine_name, threads=self.threads, dtype=self._dtype)
            made._store = self.store
            self._closed[key] = made
        return self._closed[key]

    def asked_for(self, outputs: tuple[str, ...]) -> "Network":
        """A network with the same weights that gives these values."""
        graph = self.graph.replace(outputs=outputs)
        made = Network(graph, engine=self.engine_name, threads=self.threads, dtype=self._dtype)
        made._store = self.store
        return made

    def close(self) -> None:
        """Give back the memory of the engines that stay."""
        while self._held:
            self._held.popitem()[1].close()

    def graph_for(self, use: Use) -> Graph:
        """The graph of one use. Testing leaves the outputs out: nobody looks at them."""
        if use not in self._graphs:
            passes: dict[Use, Callable[[], Graph]] = {
                "train": lambda: for_training(self.graph),
                "test": lambda: for_testing(self.graph.replace(outputs=())),
                "infer": lambda: for_inference(self.graph),
                "gather": lambda: for_gathering(self.graph),
            }
            self._graphs[use] = passes[use]()
        return self._graphs[use]

    def plan_for(self, use: Use, batch: int) -> Plan:
        """The plan for batches of one size."""
        if (use, batch) not in self._plans:
            graph = self.graph_for(use)
            made = plan(graph, batch=batch, threads=self.threads, dtype=self._dtype)
            self._plans[use, batch] = made
        return self._plans[use, batch]

    def prepared_for(self, use: Use, batch: int) -> Prepared:
        """How the plan for batches of one size is run, and what memory that takes."""
        if (use, batch) not in self._prepared:
            native = ENGINES[self.engine_name]
            self._prepared[use, batch] = prepare(self.plan_for(use, batch), native=native)
        return self._prepared[use, batch]

    def begin(self, use: Use, batch: int) -> Sequence[Future[bytes]]:
        """Begin to compile what an engine needs, beside whatever else there is to do."""
        return self.prepared_for(use, batch).begin()

    def hold(self, use: Use, batch: int) -> Engine:
        """An engine that stays, its memory with it, until two of other sizes are wanted."""
        if (use, batch) not in self._held:
            while len(self._held) >= _MOST_HELD:
                self._held.pop(next(iter(self._held))).close()
            self._held[use, batch] = self.prepared_for(use, batch).engine(self.store)
        return self._held[use, batch]

    @contextmanager
    def lend(self, use: Use, batch: int) -> Iterator[Engine]:
        """An engine for a while; its memory is given back, unless it is one that stays."""
        if (use, batch) in self._held:
            yield self._held[use, batch]
            return
        prepared = self.prepared_for(use, batch)
        engine = prepared.engine(self.store.with_states(prepared.plan.graph))
        try:
            yield engine
        finally:
            engine.close()

    def measured(self, engine: Engine) -> Measured:
        """The losses and metrics of an engine's last run."""
        graph = engine.plan.graph
        losses = [loss.weight * float(engine.value(loss.value)) for loss in graph.losses]
        metrics = {
            name: shown(metric, engine.value(name))
            for name in graph.metrics
            if (metric := metric_of(graph, name)).rank == 0
        }
        return Measured(sum(losses) if losses else None, metrics, engine.plan.batch)

    def sums(self, engine: Engine) -> Iterator[tuple[str, Sum]]:
        """Each loss and metric of an engine's last run, to be added up over batches."""
        graph = engine.plan.graph
        for name in (*(loss.value for loss in graph.losses), *graph.metrics):
            node = graph.producers[name]
            if isinstance(node.layer, Metric) and node.layer.result is not None:
                yield name, Sum(engine.value(name).copy(), 0)
                continue
            count = engine.plan.batch
            if node.layer.counts is not None:
                taken = arguments_of(type(node.layer), "counts")
                count = node.layer.counts(**{a: engine.value(str(node.ports[a])) for a in taken})
            yield name, Sum(np.asarray(float(engine.value(name)) * count), count)
