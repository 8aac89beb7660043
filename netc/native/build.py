"""A plan as tasks and jobs: all that is known before there is memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from netc.engines import Store
from netc.ir import Graph, Node
from netc.native.arena import Arenas, lay_out
from netc.native.blocking import block_size
from netc.native.desk import room_for
from netc.native.formula import Formula
from netc.native.fuse import fuse
from netc.native.kernel import Kernel
from netc.native.kernels.arrange import ToBlock
from netc.native.kernels.pointwise import Pointwise
from netc.native.layout import Layout
from netc.native.lower import Lowering, lower
from netc.native.memory import Memory, aligned
from netc.native.places import Places, item_bytes
from netc.native.pool_first import pool_first
from netc.native.program import Job
from netc.native.tail import Tail
from netc.native.target import host
from netc.native.task import Sizes, Task
from netc.plan import Plan
from netc.types import NUMPY_DTYPES, Array, Bug, Tensor


@dataclass(frozen=True, eq=False)
class Built:
    """The tasks of a plan in order, a job for each that is no rule, and where values are."""

    plan: Plan
    types: Mapping[str, Tensor]
    places: Places
    sizes: Sizes
    wide: bool
    tasks: Sequence[Task]
    jobs: Sequence[Job]
    blocked: frozenset[str]
    arenas: Arenas
    partials: Mapping[str, int]
    integers: Mapping[str, int]
    slotted: frozenset[str]

    @property
    def pays(self) -> bool:
        """Whether there is any kernel that does more than a formula."""
        kernels = (task for task in self.tasks if task.scope == "block" and task.what != "input")
        return any(not task.is_pointwise for task in kernels)

    @property
    def rules(self) -> Sequence[Node]:
        """The nodes that run by their NumPy rules."""
        return [task.node for task in self.tasks if task.scope == "rule"]

    @property
    def bytes(self) -> int:
        """Memory of an engine: arenas, sums of threads, room for calls and rules, and arrays."""
        sizes, arenas, itemsize = self.sizes, self.arenas, item_bytes(self.plan.dtype)
        blocks = arenas.kept_bytes * sizes.blocks + arenas.private_bytes * sizes.threads
        parts = sum(self.partials.values()) * itemsize * sizes.threads
        scratch = max((job.kernel.scratch for job in self.jobs), default=0) * itemsize
        desk = (
            room_for(node, self.types, sizes.batch, sizes.threads, self.blocked)
            for node in self.rules
        )
        arrays = sum(self.types[v].bytes(sizes.batch) for v in self._alone)
        shared = blocks + parts + scratch * sizes.threads + arenas.plain_bytes
        return shared + max(desk, default=0) + arrays

    @property
    def _alone(self) -> Iterable[str]:
        """The values with an array of their own."""
        named = {v for task in self.tasks for v in (*task.reads, *task.writes) if v in self.types}
        wholes = {self.places.whole(value) for value in named - self.blocked}
        return wholes - self.arenas.plain.keys() - self.plan.graph.stored

    @cached_property
    def keys(self) -> Sequence[str]:
        """The integers that are drawn before each run, in the order of the layers."""
        named = (job.operands["key"] for job in self.jobs if "key" in job.operands)
        return tuple(dict.fromkeys(named))

    def memory(self, store: Store) -> Memory:
        """Memory for one engine; what is stored stays in the store."""
        arrays = self._stored(store)
        arrays.update(self._own(arrays))
        for name, number in self.plan.graph.constants.items():
            arrays[name].fill(number)
        sizes = self.sizes
        return Memory(
            *(self.places, self.arenas, arrays, self.partials, self.slotted),
            batch=sizes.batch,
            blocks=sizes.blocks,
            threads=sizes.threads,
            wide=self.wide,
        )

    def _stored(self, store: Store) -> dict[str, Array]:
        graph = self.plan.graph
        return {
            **{w: store.weights[w] for w in graph.weights},
            **{s: store.states[s] for s in graph.states},
            **{value: store.gradients[w] for w, value in graph.gradients.items()},
        }

    def _own(self, stored: Mapping[str, Array]) -> dict[str, Array]:
        """Arrays of the values that are neither stored nor in blocks."""
        named = {v for task in self.tasks for v in (*task.reads, *task.writes)}
        graph = self.plan.graph
        named |= {*graph.inputs, *graph.constants, *graph.roots}
        arrays: dict[str, Array] = {n: np.array([i]) for n, i in self.integers.items()}
        named -= self.slotted
        known = {*self.blocked, *stored, *self.partials, *arrays}
        room = aligned(self.arenas.plain_bytes)
        for value in sorted(named - known):
            root = self.places.whole(value)
            if root in stored:
                arrays[value] = stored[root]
                continue
            if root not in arrays:
                arrays[root] = self._array(root, room)
            if root != value:
                arrays[value] = self._part(arrays[root], value)
        return arrays

    def _array(self, value: str, room: Array) -> Array:
        type, sizes = self.types[value], self.sizes
        kind = NUMPY_DTYPES[type.dtype]
        if value in self.arenas.plain:
            start = self.arenas.plain[value]
            flat = room[start : start + type.bytes(sizes.batch)].view(kind)
            return np.moveaxis(flat.reshape((*type.shape, sizes.batch)), -1, 0)
        if not type.batched:
            return np.zeros(type.shape, kind)
        if value in self.plan.graph.inputs:
            # Room for the examples that the last block lacks, with the batch outermost.
            return np.zeros((sizes.blocks * sizes.block, *type.shape), kind)[: sizes.batch]
        return np.moveaxis(np.zeros((*type.shape, sizes.batch), kind), -1, 0)

    def _part(self, whole: Array, value: str) -> Array:
        type, start = self.types[value], self.places.start(value)
        flat = np.moveaxis(whole, 0, -1).reshape(-1, len(whole))[start : start + type.size]
        return np.moveaxis(flat.reshape((*type.shape, len(whole))), -1, 0)


def build(plan: Plan) -> Built:
    """Lower, fuse and lay out a plan."""
    plan = pool_first(plan)
    target, batch = host(), plan.batch
    types = dict(plan.types)
    block = block_size(
        batch,
        plan.threads,
        target.lanes(plan.dtype),
        weight_bytes=max((types[w].bytes(1) for w in plan.graph.weights), default=0),
        level2_bytes=target.level2_bytes,
    )
    blocks = -(-batch // block)
    places = Places(types, block)
    lowering = Lowering(
        *(plan.graph, types, places, target, plan.dtype, batch, blocks, plan.threads)
    )
    tasks = _with_inputs(lowering, lower(lowering))
    tasks = fuse(tasks, plan.graph.roots, places.whole)
    blocked = _blocked(tasks, places, types)
    layouts = {v: places.layout(v) for v in types if v in blocked or v in plan.graph.inputs}
    # A kernel may be made by a name that its value had before it was found to be another one.
    layouts |= {v: layouts[first] for v, first in lowering.same.items() if first in layouts}
    sizes = Sizes(layouts, target, plan.dtype, batch, block, blocks, plan.threads)
    ragged = lowering.wide and batch % block != 0
    jobs = [_job(task, sizes, ragged) for task in tasks if task.scope != "rule"]
    plain = _plain(plan.graph, tasks, places, types, blocked)
    arenas = lay_out(
        tasks, places, blocked, plain, plan.graph.roots, wide=lowering.wide, batch=batch
    )
    partials = {
        name: lowering.partials[name] if name in lowering.partials else _part_size(job)
        for job in jobs
        for name in job.task.partial
    }
    return Built(
        *(plan, types, places, sizes, lowering.wide, tasks, jobs, blocked, arenas, partials),
        lowering.integers,
        frozenset(lowering.slotted),
    )


def _with_inputs(lowering: Lowering, tasks: Sequence[Task]) -> list[Task]:
    """Inputs that kernels read are first brought into blocks, under a name of their own."""
    moved: dict[str, str] = {}
    for name in lowering.graph.inputs:
        type = lowering.types[name]
        if not (type.is_float and type.batched and type.shape):
            continue
        readers = [task for task in tasks if name in _blocked_reads(task, lowering.places)]
        if readers:
            moved[name] = f"{name}::blocks"
    return list(tasks) if not moved else _moved(lowering, tasks, moved)


def _blocked_reads(task: Task, places: Places) -> set[str]:
    return set() if task.scope == "rule" else {places.whole(value) for value in task.reads}


def _moved(lowering: Lowering, tasks: Sequence[Task], moved: Mapping[str, str]) -> list[Task]:
    first = next(task.node for task in tasks)
    begin: list[Task] = []
    for name, inner in moved.items():
        lowering.types[inner] = lowering.types[name]
        lowering.places.move(name, inner)
        begin.append(_moving(first, name, inner))
    changed = [_reading(task, moved) for task in tasks]
    return begin + changed


def _moving(node: Node, name: str, inner: str) -> Task:
    """A task that brings an input into blocks."""

    def make(sizes: Sizes, tail: Tail | None) -> Kernel:
        return ToBlock(sizes.dtype, sizes[inner], source=sizes.dtype)

    operands = {"plain": name, "block": inner}
    return Task(node, "block", operands=operands, made=("block",), make=make, what="input")


def _reading(task: Task, moved: Mapping[str, str]) -> Task:
    if task.scope == "rule":
        return task
    operands = {a: moved.get(v, v) for a, v in task.operands.items()}
    formula = task.formula.renamed(moved) if task.formula else None
    return replace(task, operands=operands, formula=formula)


def _blocked(tasks: Sequence[Task], places: Places, types: Mapping[str, Tensor]) -> frozenset[str]:
    """The values in blocks: those that any kernel reads or makes, and those that share memory
    with them; labels and inputs excepted."""
    roots = set()
    for task in tasks:
        if task.scope != "rule":
            plain = {task.operands.get("plain")} if "plain" in task.operands else set()
            roots |= {
                places.whole(value)
                for value in (*task.reads, *task.writes)
                if value in types
                and types[value].batched
                and types[value].dtype != "i64"
                and value not in plain
            }
    return frozenset(v for v in types if places.whole(v) in roots)


def _plain(
    graph: Graph,
    tasks: Sequence[Task],
    places: Places,
    types: Mapping[str, Tensor],
    blocked: frozenset[str],
) -> frozenset[str]:
    """The batched values that only rules touch, inputs aside."""
    named = {v for task in tasks for v in (*task.reads, *task.writes)} | set(graph.roots)
    others = named - blocked - graph.stored - graph.constants.keys()
    return frozenset(
        value
        for value in others
        if value in types
        and types[places.whole(value)].batched
        and places.whole(value) not in graph.inputs
    )


def _job(task: Task, sizes: Sizes, ragged: bool) -> Job:
    """The kernel of a task. Names inside the kernel say only in which order they come."""
    tail, names = None, dict[str, str]()
    if task.formula is not None:
        formula = task.formula
        values = dict.fromkeys((*formula.reads, *formula.writes))
        names = {value: f"t{i}" for i, value in enumerate(values)}
        layouts = tuple(
            (names[v], replace(sizes[v], shape=task.shape)) for v in values if v in sizes.layouts
        )
        tail = Tail(formula.renamed(names), layouts, ragged and _counts(formula))
    operands = {**task.operands, **{name: value for value, name in names.items()}}
    if task.make is not None:
        return Job(task, task.make(sizes, tail), operands)
    if tail is None:
        raise Bug(f"nothing to do for {task.node.name}")
    return Job(task, Pointwise(sizes.dtype, tail, Layout(task.shape, sizes.block)), operands)


def _counts(formula: Formula) -> bool:
    """Whether it matters which examples are there."""
    return bool(formula.sums or formula.moments) or any(
        step.kind == "there" for step in formula.steps
    )


def _part_size(job: Job) -> int:
    size: int = job.kernel.part_size  # type: ignore[attr-defined]
    return size
