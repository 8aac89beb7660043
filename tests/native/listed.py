"""The tasks of a network as text: what is done in which stage, on which values."""

from collections.abc import Iterator
from itertools import groupby

from netc.native.build import Built, build
from netc.native.program import Job, stages_of
from netc.native.task import Task
from netc.passes import for_training
from netc.plan import plan
from tests.nets import graph_of


def built(text: str, *, batch: int = 64, threads: int = 2) -> Built:
    """A training step of a net, in blocks that threads own where nothing else is said."""
    return build(plan(for_training(graph_of(text)), batch=batch, threads=threads))


def listed(made: Built) -> str:
    """A line for each task, under the stage that it is in. Names of layers stand for what they do
    forwards, and with a stroke for what they do backwards."""
    return "\n".join(_lines(made))


def _lines(made: Built) -> Iterator[str]:
    jobs = iter(made.jobs)
    for is_rule, group in groupby(made.tasks, key=lambda task: task.scope == "rule"):
        if is_rule:
            yield "rules of NumPy"
            yield from (f"    {_name(task)}: {_values(task)}" for task in group)
            continue
        part: list[Job] = [next(jobs) for _ in group]
        for stage in stages_of(part, wide=made.wide):
            yield "each block" if stage.on_blocks else "together"
            yield from (f"    {_name(job.task)}: {_values(job.task)}" for job in stage.jobs)


def _name(task: Task) -> str:
    name = f"{task.node.name}{_stroke(task.node.rule)}"
    fused = [f"{node.name}{_stroke(node.rule)}" for node in task.fused]
    what = f" {task.what}" if task.what not in ("", task.node.rule) else ""
    return " + ".join([name + what, *fused])


def _stroke(rule: str) -> str:
    return "'" if rule == "backward" else ""


def _values(task: Task) -> str:
    return f"{', '.join(task.reads) or 'nothing'} -> {', '.join(task.writes)}"
