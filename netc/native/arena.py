"""Where in memory the values of blocks lie, and how long each is needed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from netc.native.places import Places, item_bytes
from netc.native.task import Task
from netc.plan import ALIGNMENT, Buffers, place

_PERIOD = 4096


@dataclass(frozen=True)
class Arenas:
    """Offsets in bytes of the values that have memory of their own.

    `kept` values have a place for each block; `private` ones are needed only while a thread works
    on one block, and have a place for each thread. `plain` ones are in no block: only rules touch
    them.
    """

    kept: Mapping[str, int]
    private: Mapping[str, int]
    plain: Mapping[str, int]
    kept_bytes: int
    private_bytes: int
    plain_bytes: int


def lay_out(
    tasks: Sequence[Task],
    places: Places,
    values: Collection[str],
    plain: Collection[str],
    asked: Sequence[str],
    *,
    wide: bool,
    batch: int,
) -> Arenas:
    """Give each of the values in blocks, and of those in no block, an offset; `asked` are read
    after the last task."""
    first, last = _uses(tasks, places, values, asked)
    over = _overlays(tasks, places, first, last)
    stage = _stages(tasks)
    private = {
        root
        for root in first
        if wide and last[root] < len(tasks) and stage[first[root]] == stage[last[root]]
    }
    kept = set(first) - private
    sizes = {
        root: _aligned(places.layout(root).size * item_bytes(places.types[root].dtype))
        for root in first
    }
    buffers = Buffers({}, first, last, frozenset())
    kept_at, kept_bytes = place({r: sizes[r] for r in kept}, buffers, reuse=True)
    private_at, private_bytes = place({r: sizes[r] for r in private}, buffers, reuse=True)
    for value in over:
        target = _end(value, over)
        home = kept_at if target in kept_at else private_at
        home[value] = home[target]
    plain_at, plain_bytes = _lay_plain(tasks, places, plain, asked, batch)
    bytes_ = _odd(kept_bytes), _odd(private_bytes), plain_bytes
    return Arenas(kept_at, private_at, plain_at, *bytes_)


def _lay_plain(
    tasks: Sequence[Task],
    places: Places,
    values: Collection[str],
    asked: Iterable[str],
    batch: int,
) -> tuple[dict[str, int], int]:
    first, last = _uses(tasks, places, values, asked)
    sizes = {root: _aligned(places.types[root].bytes(batch)) for root in first}
    return place(sizes, Buffers({}, first, last, frozenset()), reuse=True)


def _uses(
    tasks: Sequence[Task], places: Places, values: Collection[str], asked: Iterable[str]
) -> tuple[dict[str, int], dict[str, int]]:
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for index, task in enumerate(tasks):
        for value in (*task.reads, *task.writes):
            if value in values:
                root = places.root(value)[0]
                first.setdefault(root, index)
                last[root] = index
    for value in asked:
        if value in values:
            last[places.root(value)[0]] = len(tasks)
    return first, last


def _overlays(
    tasks: Sequence[Task], places: Places, first: dict[str, int], last: dict[str, int]
) -> dict[str, str]:
    """What a formula stores may lie on what it reads for the last time, number for number."""
    over: dict[str, str] = {}
    for index, task in enumerate(tasks):
        taken = {_end(places.root(value)[0], over) for value in task.operands.values()}
        for stored, read in _pairs(task):
            new, old = places.root(stored)[0], _end(places.root(read)[0], over)
            if stored != new or old in taken or new == old or {new, old} - first.keys():
                continue
            alike = places.layout(new) == places.layout(old) == places.layout(read)
            if alike and first[new] == index == last[old]:
                over[new] = old
                last[old] = last.pop(new)
                del first[new]
    return over


def _pairs(task: Task) -> Iterator[tuple[str, str]]:
    if task.formula is None:
        return
    for stored, _ in task.formula.stores:
        for read in task.formula.names("value"):
            yield stored, read


def _end(value: str, over: Mapping[str, str]) -> str:
    while value in over:
        value = over[value]
    return value


def _stages(tasks: Sequence[Task]) -> list[int]:
    """The number of each task's stage: tasks on blocks that follow each other are of one, and a
    thread takes a block through all of it."""
    stages: list[int] = []
    for index, task in enumerate(tasks):
        joined = index > 0 and task.scope == tasks[index - 1].scope == "block"
        stages.append(stages[-1] + (not joined) if stages else 0)
    return stages


def _aligned(size: int) -> int:
    return max(-(-size // ALIGNMENT), 1) * ALIGNMENT


def _odd(size: int) -> int:
    """A size whose multiples do not fall into the same cache sets."""
    return size + (0 if size % _PERIOD else 5 * ALIGNMENT)
