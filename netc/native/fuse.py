"""Pointwise work moved into the kernels that make its numbers, so that memory is passed over once."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from netc.native.task import Task


def fuse(tasks: Sequence[Task], asked: Collection[str]) -> list[Task]:
    """Fuse each pointwise task with the latest maker of what it reads, where that is possible, and
    drop what nobody reads afterwards; `asked` are the values that must be there at the end."""
    found: list[Task] = []
    for task in tasks:
        place = _maker(found, task)
        if place is None:
            found.append(task)
        else:
            found[place] = found[place].fuse(task)
    return without_unread(found, asked)


def _maker(before: Sequence[Task], task: Task) -> int | None:
    """The task that a pointwise one can become part of: the last to make anything it reads, so
    that all else it reads is there by then."""
    if not task.is_pointwise or task.scope != "block":
        return None
    reads = set(task.reads)
    for place in range(len(before) - 1, -1, -1):
        maker = before[place]
        if reads & set(maker.writes):
            stored = {name for name, _ in maker.formula.stores} if maker.formula else set()
            alike = maker.scope == "block" and maker.shape == task.shape
            return place if alike and reads & stored and not _summed(maker, reads) else None
    return None


def _summed(maker: Task, reads: set[str]) -> bool:
    return bool(reads & set(maker.partial))


def without_unread(tasks: Sequence[Task], asked: Collection[str]) -> list[Task]:
    """The tasks without the stores that nobody reads, and without those that make nothing else."""
    needed, kept = set(asked), []
    for task in reversed(tasks):
        if task.formula is not None:
            unread = [name for name, _ in task.formula.stores if name not in needed]
            task = replace(task, formula=task.formula.without(unread))
        if set(task.writes) & needed or task.scope == "rule":
            needed.update(task.reads)
            kept.append(task)
    return kept[::-1]

