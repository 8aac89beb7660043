"""Runs a plan on the processor: arrays bound once, then rule after rule without a thought."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from netc.engines.share import share_channels
from netc.engines.store import Store
from netc.engines.threads import ThreadPool, thread_pool
from netc.engines.watch import Watch
from netc.ir import Node
from netc.plan import ALIGNMENT, Plan, Step
from netc.types import NUMPY_DTYPES, Array, Tensor

Bound = Mapping[str, Array | list[Array]]
"""The arrays of a rule by argument."""

Kernels = Callable[[Step, Bound], Callable[[], None] | None]
"""Gives a faster way to run a step on its arrays, or None to run the layer's own rule."""


class CpuEngine:
    """Binds every rule of a plan to its arrays in one arena and in the store, and runs them."""

    def __init__(
        self,
        plan: Plan,
        store: Store,
        *,
        kernels: Kernels | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.plan = plan
        self._store = store
        self._arena = _aligned(plan.arena_bytes)
        self._threads = thread_pool(plan.threads)
        self._rng: np.random.Generator | None = None
        self._draws = False
        self._views = {v: self._view(v) for v in plan.offsets} | self._stored()
        self.inputs: Mapping[str, Array] = {v: self._views[v] for v in plan.graph.inputs}
        for name, number in plan.graph.constants.items():
            self._views[name].fill(number)
        self._calls = [self._call(step, kernels) for step in plan.steps]
        if watch is not None:
            nodes = (step.node for step in plan.steps)
            self._calls = [watch.rule(n, c) for n, c in zip(nodes, self._calls, strict=True)]

    def run(self, seed: Sequence[int] = (0,)) -> None:
        """Run all steps once on what is in `inputs`. An overflow is no warning: values tell it."""
        if self._draws:
            self._rng = np.random.default_rng(list(seed))
        with np.errstate(all="ignore"):
            for call in self._calls:
                call()

    def value(self, name: str) -> Array:
        """What the last run made of a root of the graph."""
        return self._views[name]

    def close(self) -> None:
        """Let go of the arena; the engine cannot run again."""
        self._calls, self._views, self._arena = [], {}, np.empty(0, np.uint8)

    def _view(self, name: str) -> Array:
        type, start = self.plan.types[name], self.plan.offsets[name]
        flat = self._arena[start : start + type.bytes(self.plan.batch)]
        flat = flat.view(NUMPY_DTYPES[type.dtype])
        return _shaped(flat, type, self.plan.batch)

    def _stored(self) -> dict[str, Array]:
        graph, store = self.plan.graph, self._store
        gradients = {value: store.gradients[w] for w, value in graph.gradients.items()}
        return {
            **{w: store.weights[w] for w in graph.weights},
            **{s: store.states[s] for s in graph.states},
            **gradients,
        }

    def _call(self, step: Step, kernels: Kernels | None) -> Callable[[], None]:
        node = step.node
        arrays: dict[str, Array | list[Array]] = {}
        for argument, port in {**node.ports, **step.work}.items():
            if isinstance(port, str):
                arrays[argument] = self._views[port]
            else:
                arrays[argument] = [self._views[value] for value in port]
        kernel = kernels(step, arrays) if kernels else None
        if kernel is not None:
            return kernel
        self._draws = self._draws or "rng" in node.arguments
        return rule_call(
            step.node, arrays, self._threads, self.plan.graph.training, lambda: self._rng
        )


def rule_call(
    node: Node,
    arrays: Bound,
    threads: ThreadPool,
    training: bool,
    rng: Callable[[], np.random.Generator | None],
) -> Callable[[], None]:
    """The rule of a node on its arrays, as a call; `rng` is asked when a rule draws."""
    rule = getattr(node.layer, node.rule)
    lendable = {"threads": threads, "training": training}
    lent = {name: thing for name, thing in lendable.items() if name in node.arguments}
    if "rng" in node.arguments:
        return lambda: rule(**arrays, **lent, rng=rng())
    if node.layer.splits and threads.count > 1:
        shared = share_channels(partial(rule, **lent), arrays, threads)
        if shared is not None:
            return shared
    return partial(rule, **arrays, **lent)


def _aligned(size: int) -> Array:
    room = np.empty(size + ALIGNMENT, np.uint8)
    start = -room.ctypes.data % ALIGNMENT
    return room[start : start + size]


def _shaped(flat: Array, type: Tensor, batch: int) -> Array:
    """The logical shape over memory with the batch innermost."""
    if not type.batched:
        return flat.reshape(type.shape)
    return np.moveaxis(flat.reshape((*type.shape, batch)), -1, 0)
