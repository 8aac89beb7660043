"""Rules of NumPy inside a program: their values come from blocks and go back there."""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from netc.engines import rule_call, thread_pool
from netc.ir import Graph, Node
from netc.native.memory import Memory, aligned
from netc.plan import ALIGNMENT
from netc.types import NUMPY_DTYPES, Array, Tensor

Rng = Callable[[], np.random.Generator | None]


class Desk:
    """The memory that rules work at, one after the other, each with all of it."""

    def __init__(self, graph: Graph, types: Mapping[str, Tensor], batch: int, threads: int) -> None:
        self._graph, self._types = graph, types
        self._batch, self._threads = batch, threads
        self._room = aligned(0)

    def make_room(self, nodes: Sequence[Node], blocked: Collection[str]) -> None:
        """Take the memory that the largest of some nodes needs; `blocked` values are in blocks."""
        sizes = (room_for(node, self._types, self._batch, self._threads, blocked) for node in nodes)
        self._room = aligned(max(sizes, default=0))

    def call(self, node: Node, memory: Memory, rng: Rng) -> Callable[[], None]:
        """The rule of a node as a call: values in blocks are copied to the desk and back."""
        lent = _Lent(self._room)
        arrays: dict[str, Array | list[Array]] = {}
        reads: list[tuple[str, Array]] = []
        writes: list[tuple[str, Array]] = []
        for argument, port in node.ports.items():
            found = []
            for value in (port,) if isinstance(port, str) else port:
                if value in memory.arrays:
                    found.append(memory.arrays[value])
                    continue
                array = lent.array(self._types[value], self._batch)
                (writes if node.is_written(argument) else reads).append((value, array))
                found.append(array)
            arrays[argument] = found[0] if isinstance(port, str) else found
        for argument, type in _work(node, self._types, self._batch, self._threads).items():
            arrays[argument] = lent.array(type, self._batch)
        threads = thread_pool(self._threads)
        rule = rule_call(node, arrays, threads, self._graph.training, rng)

        def run() -> None:
            for value, array in reads:
                memory.gather(value, array)
            rule()
            for value, array in writes:
                memory.scatter(value, array)

        return run


def room_for(
    node: Node, types: Mapping[str, Tensor], batch: int, threads: int, blocked: Collection[str]
) -> int:
    """Bytes of the desk that a rule works at."""
    values = [types[v] for v in (*node.reads, *node.writes) if v in blocked]
    work = _work(node, types, batch, threads).values()
    return sum(_aligned(type.bytes(batch)) for type in (*values, *work))


def _work(
    node: Node, types: Mapping[str, Tensor], batch: int, threads: int
) -> Mapping[str, Tensor]:
    inputs = (types[value] for value in node.inputs)
    areas = node.layer.work(batch, threads, *inputs)
    return {name: type for name, type in areas.items() if name in node.arguments}


class _Lent:
    """Cuts arrays from a room, one behind the other."""

    def __init__(self, room: Array) -> None:
        self._room, self._taken = room, 0

    def array(self, type: Tensor, batch: int) -> Array:
        start, size = self._taken, type.bytes(batch)
        self._taken += _aligned(size)
        flat = self._room[start : start + size].view(NUMPY_DTYPES[type.dtype])
        if not type.batched:
            return flat.reshape(type.shape)
        return np.moveaxis(flat.reshape((*type.shape, batch)), -1, 0)


def _aligned(size: int) -> int:
    return max(-(-size // ALIGNMENT), 1) * ALIGNMENT
