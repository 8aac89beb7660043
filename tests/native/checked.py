"""An engine of which every array lies alone between fences, so that no kernel can touch what is not
its own unseen."""

import ctypes
import math
import mmap
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np

from netc.engines import Store
from netc.ir import Graph
from netc.native import engine as native
from netc.native.build import Built
from netc.native.kernel import Kernel
from netc.native.memory import Memory, Partial
from netc.native.places import item_bytes
from netc.native.program import Job, Tables
from netc.native.runtime import Call
from netc.plan import Plan
from netc.types import NUMPY_DTYPES, Array

_PAGE = mmap.PAGESIZE
_POISON = np.uint32(0x7FFA5A5A)
"""What is in fences, and in all that nobody has written yet: no number in either type of floats."""


class Fences:
    """Rooms in each of which parts of one size lie between pages that nobody may touch.

    Where they are `hard` the system ends the process when anybody does, readers too; otherwise
    `check` finds what was written. Parts lie right before the next page, or right behind the last.
    """

    def __init__(self, *, hard: bool = False, behind: bool = False) -> None:
        self._hard, self._behind = hard, behind
        self._rooms: list[tuple[str, mmap.mmap, Array]] = []

    def room(self, name: str, size: int, parts: int = 1, *, align: int = 64) -> tuple[Array, int]:
        """The bytes of all parts from the first on, and how many there are from one to the next.
        All are poisoned."""
        pages = max(-(-size // _PAGE), 1)
        step = (pages + 1) * _PAGE
        lent = mmap.mmap(-1, parts * step + _PAGE)
        whole = np.frombuffer(lent, np.uint8)
        whole.view(np.uint32)[:] = _POISON
        start = _PAGE + (0 if self._behind else pages * _PAGE - -(-size // align) * align)
        owned = np.zeros(len(whole), bool)
        for part in range(parts):
            owned[start + part * step :][:size] = True
        if self._hard:
            for page in range(0, len(whole), step):
                _forbid(whole.ctypes.data + page)
                owned[page : page + _PAGE] = True
        self._rooms.append((name, lent, ~owned))
        return whole[start:], step

    def array(self, name: str, shape: tuple[int, ...], kind: Any, *, align: int = 0) -> Array:
        """A poisoned array."""
        kind = np.dtype(kind)
        size = math.prod(shape) * kind.itemsize
        room, _ = self.room(name, size, align=align or kind.itemsize)
        return room[:size].view(kind).reshape(shape)

    def forbid_pads(self, name: str, first: int, sizes: Iterable[tuple[int, int]]) -> None:
        """Let no bytes of the room of this name be touched from some offsets on."""
        _, lent, outside = next(room for room in self._rooms if room[0] == name)
        start = first - np.frombuffer(lent, np.uint8).ctypes.data
        for offset, size in sizes:
            outside[start + offset :][:size] = True

    def check(self) -> None:
        """Nothing was written outside of any part."""
        for name, lent, outside in self._rooms:
            whole = np.frombuffer(lent, np.uint8)
            expected = np.resize(np.array([_POISON]).view(np.uint8), len(whole))
            where = np.flatnonzero(outside)
            wrong = where[whole[where] != expected[where]]
            assert not len(wrong), f"{name}: written at bytes {wrong[:8]} of {len(whole)}"


def _forbid(address: int) -> None:
    """Let the system end whoever reads or writes a page."""
    if sys.platform == "win32":
        raise NotImplementedError
    failed = ctypes.CDLL(None).mprotect(ctypes.c_void_p(address), ctypes.c_size_t(_PAGE), 0)
    assert not failed


class _Memory(Memory):
    """Every block of every value has memory of its own, and keeps it."""

    fences: Fences

    def __init__(
        self, places: Any, arenas: Any, arrays: Any, partials: Any, slotted: Any, **sizes: Any
    ) -> None:
        super().__init__(places, arenas, arrays, partials, slotted, **sizes)
        self._homes: dict[str, tuple[Array, int]] = {}
        for root in {**arenas.kept, **arenas.private}:
            self._take(root, sizes["blocks"])
        threads = sizes["threads"]
        for name, partial in self._partials.items():
            parts = self.fences.array(name, (threads, partial.parts.shape[1]), self.kind, align=64)
            self._partials[name] = Partial(parts)
        for name, slots in self._slots.items():
            self._slots[name] = self.fences.array(name, slots.shape, slots.dtype)
            self._slots[name].fill(0)  # A thread without work leaves its own as it is.

    def _take(self, root: str, blocks: int) -> None:
        layout, item = self._places.layout(root), item_bytes(self._places.types[root].dtype)
        name = f"{root} in blocks"
        room, step = self.fences.room(name, layout.size * item, blocks)
        self._homes[root] = room, step
        for block in range(blocks if layout.pad else 0):
            ends = (c * layout.plane + layout.used for c in range(layout.channels))
            pads = [(block * step + end * item, layout.pad * item) for end in ends]
            self.fences.forbid_pads(name, room.ctypes.data, pads)

    def _home(self, value: str) -> tuple[int, Array, int]:
        root, offset = self._places.root(value)
        room, step = self._homes[root]
        return offset * item_bytes(self._places.types[root].dtype), room, step

    def counted(self, lanes: int) -> Array:
        found = super().counted(lanes)
        made = self.fences.array("counted", found.shape, found.dtype)
        made[...] = found
        return made


class _Tables(Tables):
    """Every kernel has scratch memory of exactly the size it asks for."""

    fences: Fences

    def make_room(self, jobs: Any) -> None:
        self._own: dict[tuple[Kernel, int], int] = {}
        for job in jobs:
            for thread in range(self._crew.threads):
                kernel = job.kernel
                room = self.fences.array(
                    f"scratch of {type(kernel).__name__}",
                    (kernel.scratch,),
                    NUMPY_DTYPES[kernel.dtype],
                    align=64,
                )
                self._rooms.append(room)
                self._own[kernel, thread] = room.ctypes.data

    def _entry(self, job: Job, code: Any, thread: int, *rest: Any) -> Call:
        self._scratch[thread] = self._own[job.kernel, thread]
        return super()._entry(job, code, thread, *rest)


@contextmanager
def fenced(fences: Fences) -> Iterator[None]:
    """Engines that are made inside have their memory between fences."""

    def array(built: Built, value: str, *_: Array) -> Array:
        type, sizes = built.types[value], built.sizes
        kind = NUMPY_DTYPES[type.dtype]
        if not type.batched:
            return fences.array(value, type.shape, kind)
        if value not in built.plan.graph.inputs:
            return np.moveaxis(fences.array(value, (*type.shape, sizes.batch), kind), -1, 0)
        made = fences.array(value, (sizes.blocks * sizes.block, *type.shape), kind)
        made[...] = 0 if type.dtype == "i64" else made
        return made[: sizes.batch]

    memory = type("FencedMemory", (_Memory,), {"fences": fences})
    tables = type("FencedTables", (_Tables,), {"fences": fences})
    with (
        mock.patch("netc.native.build.Memory", memory),
        mock.patch.object(native, "Tables", tables),
        mock.patch.object(Built, "_array", array),
    ):
        yield


def fenced_store(store: Store, fences: Fences) -> Store:
    """The same weights and states between fences, at odd places, and poisoned gradients."""

    def copied(arrays: Mapping[str, Array]) -> dict[str, Array]:
        made = {n: fences.array(n, a.shape, a.dtype) for n, a in arrays.items()}
        for name, array in made.items():
            array[...] = arrays[name]
        return made

    gradients = {
        n: fences.array(f"d:{n}", a.shape, a.dtype, align=a.dtype.itemsize)
        for n, a in store.gradients.items()
    }
    return Store(
        *(store.flat_weights, store.flat_gradients, copied(store.weights), gradients),
        *(copied(store.states), store.groups, store.limits),
    )


def fenced_engine(plan: Plan, store: Store, fences: Fences) -> native.NativeEngine:
    """An engine between fences, on a store that is so too."""
    with fenced(fences):
        return native.NativeEngine(plan, store)


def left_by(engine: Any, store: Store, graph: Graph) -> dict[str, Array]:
    """Copies of every gradient, state and root."""
    found = {f"d.{name}": store.gradients[name].copy() for name in graph.gradients}
    found |= {name: state.copy() for name, state in store.states.items()}
    found |= {root: engine.value(root).copy() for root in graph.roots}
    return found
