"""The memory of a program: arenas of blocks, accumulators of threads, and arrays of the store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from netc.native.arena import Arenas
from netc.native.places import Places, item_bytes
from netc.types import NUMPY_DTYPES, Array, Shape

PAGE = 4096


@dataclass(frozen=True, eq=False)
class Partial:
    """Accumulators [threads, size], zero before a run."""

    parts: Array

    @property
    def stride_bytes(self) -> int:
        return int(self.parts.strides[0])


class Memory:
    """Where each value is, as an address for kernels and as an array for rules.

    `arrays` are all values that are not in blocks: weights, states, gradients, inputs, and what
    only rules touch. Batched ones among them that kernels read hold one number for each example.
    """

    def __init__(
        self,
        places: Places,
        arenas: Arenas,
        arrays: Mapping[str, Array],
        partials: Mapping[str, int],
        slotted: Iterable[str],
        *,
        batch: int,
        blocks: int,
        threads: int,
        wide: bool,
    ) -> None:
        self._places, self._arenas, self._batch = places, arenas, batch
        self.arrays = arrays
        self._kept = aligned(arenas.kept_bytes * blocks)
        self._private = aligned(arenas.private_bytes * threads)
        kind = self.kind = next(a.dtype for a in arrays.values() if a.dtype.kind == "f")
        self._partials = {
            name: Partial(_zeros(threads, size, kind)) for name, size in partials.items()
        }
        self._blocks, self._wide = blocks, wide
        self._slots = {name: np.zeros(max(blocks, threads)) for name in slotted}

    def pointer(self, value: str, block: int, thread: int) -> int:
        """The address of a value in one block; for an accumulator, of the thread's own."""
        if value in self._partials:
            partial = self._partials[value]
            return partial.parts.ctypes.data + thread * partial.stride_bytes
        if value in self._slots:
            slots = self._slots[value]
            return int(slots[block if self._wide else thread :].ctypes.data)
        if value in self.arrays:
            array = self.arrays[value]
            return array.ctypes.data + block * self.stride(value) * array.itemsize
        start, room, step = self._home(value)
        return room.ctypes.data + start + step * (thread if room is self._private else block)

    def stride(self, value: str) -> int:
        """Numbers from one block of a value to the next."""
        if value in self.arrays:
            return (
                self._places.block * self._places.types[value].size
                if self._is_batched(value)
                else 0
            )
        return self._home(value)[2] // item_bytes(self._places.types[value].dtype)

    def counted(self, lanes: int) -> Array:
        """For each block a vector with a one for each of its first examples that is there."""
        numbers = np.arange(lanes) + self._places.block * np.arange(self._blocks)[:, None]
        return np.ascontiguousarray(numbers < self._batch, self.kind)

    @property
    def partials(self) -> Mapping[str, Partial]:
        return self._partials

    def gather(self, value: str, out: Array) -> None:
        """Copy a value in blocks to an array (batch, ...)."""
        for examples, part in self._parts(value, out):
            np.copyto(examples, part[: len(examples)])

    def scatter(self, value: str, array: Array) -> None:
        """Copy an array (batch, ...) to a value in blocks. Examples that are not there are like the
        last one, and have no gradient: so it is in the numbers that kernels make of one another."""
        for examples, part in self._parts(value, array):
            count = len(examples)
            np.copyto(part[:count], examples)
            part[count:] = 0 if is_gradient(value) else examples[-1]

    def _parts(self, value: str, array: Array) -> list[tuple[Array, Array]]:
        """The examples of an array, and where they are, block by block."""
        size = self._places.block
        return [
            (array[block * size : (block + 1) * size], self._view(value, block))
            for block in range(self._blocks)
        ]

    def _view(self, value: str, block: int) -> Array:
        """A value in one block as an array (examples, ...)."""
        layout, type = self._places.layout(value), self._places.types[value]
        start, room, step = self._home(value)
        begin = start + step * block
        bytes_ = layout.size * item_bytes(type.dtype)
        planes = room[begin : begin + bytes_].view(NUMPY_DTYPES[type.dtype])
        planes = planes.reshape(layout.channels, layout.plane)[:, : layout.used]
        sides: Shape = (*(type.shape or (1,)), layout.block)
        examples = np.moveaxis(planes.reshape(sides), -1, 0)
        return examples if type.shape else examples[:, 0]

    def _home(self, value: str) -> tuple[int, Array, int]:
        """The offset of a value in an arena, that arena, and the bytes of one part of it."""
        root, offset = self._places.root(value)
        start = offset * item_bytes(self._places.types[root].dtype)
        if root in self._arenas.kept:
            return self._arenas.kept[root] + start, self._kept, self._arenas.kept_bytes
        return self._arenas.private[root] + start, self._private, self._arenas.private_bytes

    def _is_batched(self, value: str) -> bool:
        return value in self._places.types and self._places.types[value].batched


def is_gradient(value: str) -> bool:
    """Whether a value is the gradient of another one, or a part of it."""
    return value.startswith("d:") and not value.startswith("d::")


def aligned(size: int) -> Array:
    """Bytes that begin at a page."""
    room = np.zeros(size + PAGE, np.uint8)
    start = -room.ctypes.data % PAGE
    return room[start : start + size]


def _zeros(threads: int, size: int, kind: np.dtype[np.generic]) -> Array:
    """Accumulators, each in cache lines of its own."""
    room = -(-size * kind.itemsize // 64) * 64
    return aligned(threads * room).view(kind).reshape(threads, -1)
