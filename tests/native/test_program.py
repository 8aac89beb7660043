"""Where threads meet, and what each of them does in between."""

from dataclasses import replace

from netc.native.kernels.mean import Mean
from netc.native.program import Job, stages_of
from netc.native.task import Scope, Task
from tests.native.test_fuse import kernel


def stages(*tasks: Task, wide: bool = True) -> list[str]:
    """The stages of some tasks: their names, and a star where each thread has blocks of its own."""
    jobs = [Job(task, Mean("f32"), {}) for task in tasks]
    found = stages_of(jobs, wide=wide)
    names = [" ".join(job.task.node.name for job in stage.jobs) for stage in found]
    return [f"{n} *" if stage.on_blocks else n for n, stage in zip(names, found, strict=True)]


def whole(y: str, *xs: str) -> Task:
    return kernel(y, *xs, scope="whole")


def test_a_thread_takes_its_blocks_through_all_tasks_on_blocks() -> None:
    assert stages(kernel("b", "a"), kernel("c", "b"), kernel("d", "c")) == ["b c d *"]


def test_threads_meet_before_and_after_what_is_about_all_blocks() -> None:
    tasks = kernel("b", "a"), whole("s", "b"), kernel("c", "b", "s")
    assert stages(*tasks) == ["b *", "s", "c *"]


def test_threads_do_not_meet_between_what_is_independent() -> None:
    assert stages(whole("s", "a"), whole("t", "b"), whole("u", "a")) == ["s t u"]


def test_threads_meet_before_what_was_made_is_read() -> None:
    assert stages(whole("s", "a"), whole("t", "b"), whole("u", "s")) == ["s t", "u"]


def test_threads_meet_before_what_was_read_is_made_anew() -> None:
    assert stages(whole("s", "a"), whole("a", "b")) == ["s", "a"]
    first, second = (replace(whole("s", x), node=kernel(x, x).node) for x in ("p", "q"))
    assert stages(first, second) == ["p", "q"], "and before it is made twice"


def test_threads_that_share_one_block_meet_after_each_task() -> None:
    assert stages(kernel("b", "a"), kernel("c", "a"), wide=False) == ["b", "c"]


def test_a_task_on_blocks_waits_for_nobody_else() -> None:
    scopes: list[Scope] = ["block", "whole", "whole", "block", "block"]
    tasks = [kernel(f"v{i}", "x", scope=scope) for i, scope in enumerate(scopes)]
    assert stages(*tasks) == ["v0 *", "v1 v2", "v3 v4 *"]
