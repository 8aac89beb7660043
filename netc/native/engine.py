"""The engine that runs kernels made for the graph, and NumPy's rules where there is none."""

from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np

from netc.engines import Store, Watch
from netc.kernels.noise import drawn_key
from netc.native.build import Built, build
from netc.native.desk import Desk
from netc.native.program import Job, Tables, code_for, stages_of
from netc.native.runtime import Table, crew
from netc.native.stamps import Stamps
from netc.plan import Plan
from netc.types import Array


class NativeEngine:
    """Runs a plan as tables of kernels. Has the interface of every engine."""

    def __init__(
        self, plan: Plan, store: Store, built: Built | None = None, *, watch: Watch | None = None
    ) -> None:
        self.plan = plan
        self._watch = watch
        self._built = built or build(plan)
        self._rng: np.random.Generator | None = None
        self._draws = any(
            "rng" in task.node.arguments for task in self._built.tasks if task.scope == "rule"
        )
        self._memory = self._built.memory(store)
        self.inputs = {name: self._memory.arrays[name] for name in plan.graph.inputs}
        self._crew = crew(plan.threads)
        self._answers = {
            name: self._answer(name) for name in plan.graph.roots if self._is_blocked(name)
        }
        self._runs = self._link()

    def run(self, seed: Sequence[int] = (0,)) -> None:
        """Run all tasks once on what is in `inputs`."""
        if self._draws or self._built.keys:
            self._rng = np.random.default_rng(list(seed))
            for key in self._built.keys:
                self._memory.arrays[key][0] = drawn_key(self._rng)
        for partial in self._memory.partials.values():
            partial.parts.fill(0)
        with np.errstate(all="ignore"):
            for run in self._runs:
                run()

    def value(self, name: str) -> Array:
        """What the last run made of a root of the graph."""
        if name in self._answers:
            self._memory.gather(name, self._answers[name])
            return self._answers[name]
        return self._memory.arrays[name]

    def close(self) -> None:
        """Let go of all memory; the engine cannot run again."""
        self._runs, self._answers, self.inputs = [], {}, {}
        del self._memory, self._tables

    def _is_blocked(self, name: str) -> bool:
        return name not in self._memory.arrays

    def _answer(self, name: str) -> Array:
        type = self.plan.types[name]
        return np.empty((self.plan.batch, *type.shape), self._memory.kind)

    def _link(self) -> list[Callable[[], None]]:
        """The calls of a run: a table for all tasks between two rules, and the rules."""
        built, memory = self._built, self._memory
        desk = Desk(self.plan.graph, built.types, self.plan.batch, self.plan.threads)
        desk.make_room(built.rules, built.blocked)
        code = code_for(built.jobs)
        sizes = built.sizes
        # Calls know only addresses: what is at them is kept here.
        self._tables = tables = Tables(
            memory,
            self._crew,
            batch=sizes.batch,
            block=sizes.block,
            blocks=sizes.blocks,
            lanes=sizes.target.lanes(sizes.dtype),
        )
        tables.make_room(built.jobs)
        runs: list[Callable[[], None]] = []
        jobs = iter(built.jobs)
        for is_rule, group in groupby(built.tasks, key=lambda task: task.scope == "rule"):
            if is_rule:
                for task in group:
                    run = desk.call(task.node, memory, lambda: self._rng)
                    runs.append(self._watch.rule(task.node, run) if self._watch else run)
                continue
            part: list[Job] = [next(jobs) for _ in group]
            stamps = self._stamps(part)
            written = tables.write(stages_of(part, wide=built.wide), code, stamps)
            runs.append(_runner(self._crew.run, written, stamps))
        return runs

    def _stamps(self, jobs: Sequence[Job]) -> Stamps | None:
        """What tells the times of some jobs, where somebody watches."""
        watch = self._watch
        if watch is None:
            return None
        works = {
            j.task: watch.begin(j.task.node, j.task.fused, type(j.kernel).__name__) for j in jobs
        }
        return Stamps(self._crew, watch, works)


def _runner(
    run: Callable[[Sequence[Table]], None], tables: list[Table], stamps: Stamps | None
) -> Callable[[], None]:
    if stamps is None:
        return lambda: run(tables)

    def watched() -> None:
        run(tables)
        stamps.collect()

    return watched
