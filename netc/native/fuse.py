"""Pointwise work moved into the kernels that make its numbers, to pass over memory once."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from netc.native.task import Task

Whole = Callable[[str], str]
"""Gives the value in whose memory a value is."""


def fuse(tasks: Sequence[Task], asked: Collection[str], whole: Whole) -> list[Task]:
    """Fuse each pointwise task with the latest maker of what it reads, where that is possible, and
    drop what nobody reads afterwards; `asked` are the values that must be there at the end."""
    found: list[Task] = []
    for task in tasks:
        place = _maker(found, task, whole)
        if place is None:
            found.append(task)
        else:
            found[place] = found[place].fuse(task)
    return without_unread(found, asked, whole)


def _maker(before: Sequence[Task], task: Task, whole: Whole) -> int | None:
    """The task that a pointwise one can become part of: the last to make anything it reads, so
    that all else it reads is there by then."""
    if not task.is_pointwise or task.scope != "block":
        return None
    reads = _wholes(task.reads, whole)
    for place in range(len(before) - 1, -1, -1):
        made = reads & _wholes(before[place].writes, whole)
        if made:
            return place if _can_take(before[place], task, made, whole) else None
    return None


def _can_take(maker: Task, task: Task, made: set[str], whole: Whole) -> bool:
    """Whether all that a task needs of a maker are numbers at the place that is at hand."""
    if maker.scope != "block" or maker.shape != task.shape or maker.formula is None:
        return False
    stored = {name for name, _ in maker.formula.stores}
    return all(value in stored for value in task.reads if whole(value) in made)


def _wholes(values: Iterable[str], whole: Whole) -> set[str]:
    return {whole(value) for value in values}


def without_unread(tasks: Sequence[Task], asked: Collection[str], whole: Whole) -> list[Task]:
    """The tasks without the stores that nobody reads, and without those that make nothing else."""
    needed, kept = _wholes(asked, whole), []
    for task in reversed(tasks):
        if task.formula is not None:
            unread = [name for name, _ in task.formula.stores if whole(name) not in needed]
            task = replace(task, formula=task.formula.without(unread))
        if task.scope == "rule" or _wholes(task.writes, whole) & needed:
            needed |= _wholes(task.reads, whole)
            kept.append(task)
    return kept[::-1]
