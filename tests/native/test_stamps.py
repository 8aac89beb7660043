"""Where the time of native code goes, told by the clock between its calls."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("llvmlite")

import netc
from netc.engines import Watch
from netc.native.compile import addresses
from netc.native.function import Function
from netc.native.kernel import Argument, Kernel
from netc.native.runtime import Call, Crew, table
from netc.native.stamps import _CHUNK, Stamps
from netc.native.target import Target
from netc.native.task import Task
from netc.training import Network

LENET = Path(__file__).parents[2] / "specs" / "lenet.net"


@dataclass(frozen=True)
class Nothing(Kernel):
    """Takes no time worth mentioning."""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return ()

    def emit(self, f: Function, target: Target) -> None:
        pass


@pytest.mark.parametrize("count", [1, _CHUNK - 1, _CHUNK, 2 * _CHUNK + 3])
def test_all_time_is_somebodys(count: int) -> None:
    graph = netc.load(LENET).graph
    nodes = graph.nodes[:2]
    crew, watch = Crew(2), Watch()
    tasks = [Task(node, "whole") for node in nodes]
    stamps = Stamps(crew, watch, {task: watch.begin(task.node) for task in tasks})
    entry = addresses([Nothing("f32")])[Nothing("f32")]
    calls = [(Call(entry, ()), tasks[i % 2]) for i in range(count)]
    tables = [table(stamps.among(0, calls)), table(stamps.among(1, []))]
    for _ in range(3):
        watch.clear()
        crew.run(tables)
        stamps.collect()
        times = [stamps._times(thread) for thread in range(2)]
        whole = max(t[-1] for t in times) - min(t[0] for t in times)
        spent = sum(work.seconds for work in watch.works)
        assert len(times[0]) == count + 1
        assert np.all(np.diff(times[0]) >= 0)
        assert spent + watch.waiting == pytest.approx(whole)
        assert spent > 0


def test_an_engine_that_is_watched_gives_the_same_numbers() -> None:
    network = Network(netc.load(LENET).graph, seed=3, threads=2)
    prepared = network.prepared_for("train", 40)
    watch = Watch()
    answers = []
    for engine in (prepared.engine(network.store), prepared.engine(network.store, watch=watch)):
        for name, array in engine.inputs.items():
            array[...] = np.random.default_rng(len(name)).integers(2, size=array.shape)
        engine.run()
        answers.append(network.measured(engine).loss)
    assert answers[0] == answers[1]
    assert {work.node.rule for work in watch.works} == {"forward", "backward"}
    assert all(work.seconds > 0 for work in watch.works if work.kernel == "Direct")
