"""A graph laid out in time and memory: which rule runs when, and where every value lies."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from netc.ir import Graph
from netc.plan.lifetime import find_buffers
from netc.plan.memory import place
from netc.plan.step import Step
from netc.types import Dtype, Tensor

ALIGNMENT = 64
"""Bytes: the size of a cache line, and of the widest vector register."""


@dataclass(frozen=True)
class Plan:
    """The steps of one run over `batch` examples, and the byte offset of every value.

    All values lie in one arena of `arena_bytes`; weights, states and gradients of weights live
    in the store and are not among the `offsets`. `unshared_bytes` is what the arena would take
    if no two values shared memory.
    """

    graph: Graph
    batch: int
    threads: int
    dtype: Dtype
    steps: tuple[Step, ...]
    types: Mapping[str, Tensor]
    offsets: Mapping[str, int]
    arena_bytes: int
    unshared_bytes: int


def plan(
    graph: Graph, *, batch: int, threads: int = 1, dtype: Dtype = "f32", reuse: bool = True
) -> Plan:
    """Lay out a graph for batches of one size; open sizes of images are taken at their witnesses.

    With `reuse` false every value has memory of its own and every rule runs: the plain meaning
    that the planned run must equal bit for bit.
    """
    steps, types = _steps(graph, batch=batch, threads=threads, dtype=dtype)
    buffers = find_buffers(graph, steps, types, reuse=reuse)
    values = [v for v in buffers.root if v not in graph.stored]
    sizes = {buffers.root[v]: _room(types[v], batch) for v in values}
    offsets, arena_bytes = place(sizes, buffers, reuse=reuse)
    return Plan(
        graph,
        batch,
        threads,
        dtype,
        tuple(s for i, s in enumerate(steps) if i not in buffers.views),
        types,
        {v: offsets[buffers.root[v]] for v in values},
        arena_bytes,
        sum(_room(types[v], batch) for v in values),
    )


def _steps(
    graph: Graph, *, batch: int, threads: int, dtype: Dtype
) -> tuple[list[Step], dict[str, Tensor]]:
    """A step for each node, and the types of all values with the work areas among them."""
    types = {v: _with_dtype(t.at_witness, dtype) for v, t in graph.types.items()}
    steps: list[Step] = []
    for node in graph.nodes:
        work: dict[str, str] = {}
        taken = node.arguments
        inputs = (types[v] for v in node.inputs)
        for argument, type in node.layer.work(batch, threads, *inputs).items():
            if argument in taken:
                work[argument] = area = f"{node.name}.{node.rule}:{argument}"
                types[area] = _with_dtype(type, dtype)
        steps.append(Step(node, work))
    return steps, types


def _with_dtype(type: Tensor, dtype: Dtype) -> Tensor:
    if not type.is_float or type.dtype == dtype:
        return type
    return replace(type, dtype=dtype)


def _room(type: Tensor, batch: int) -> int:
    """Bytes of a value in the arena, the next one aligned."""
    return max(-(-type.bytes(batch) // ALIGNMENT), 1) * ALIGNMENT
