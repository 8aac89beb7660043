"""How long values need memory, whose memory it is, and what may lie on what."""

from collections.abc import Sequence

from netc.native.arena import Arenas, lay_out
from netc.native.places import Places
from netc.native.task import Task
from netc.types import Tensor
from tests.native.test_fuse import SHAPE, kernel, pointwise, rule

SIZE = 4 * 6 * 6 * 16 * 4
"""Bytes of a value in a block."""


def laid_out(*tasks: Task, asked: Sequence[str] = (), wide: bool = True, **parts: str) -> Arenas:
    """Memory for tasks on values of one shape; `parts` lie in others, and values whose names begin
    with `plain` are in no block."""
    named = {v for task in tasks for v in (*task.reads, *task.writes)} | set(parts.values())
    places = Places({value: Tensor(SHAPE, "f32") for value in named}, 16)
    plain = {value for value in named if value.startswith("plain")}
    values = named - plain
    for part, outer in parts.items():
        places.lay(part, outer)
    return lay_out(tasks, places, values, plain, asked, wide=wide, batch=20)


def test_what_a_thread_needs_for_one_block_alone_is_its_own() -> None:
    found = laid_out(kernel("b", "a"), kernel("c", "b"), kernel("d", "c"), asked=["d"])
    assert found.private.keys() == {"a", "b", "c"}
    assert found.kept.keys() == {"d"}


def test_what_all_threads_read_is_kept_for_each_block() -> None:
    tasks = kernel("b", "a"), kernel("s", "b", scope="whole"), kernel("c", "b")
    found = laid_out(*tasks)
    assert {"b"} <= found.kept.keys()
    assert {"a", "c"} <= found.private.keys()


def test_threads_that_share_one_block_keep_everything() -> None:
    found = laid_out(kernel("b", "a"), kernel("c", "b"), wide=False)
    assert found.private == {}


def test_memory_is_used_again() -> None:
    chain = [kernel(f"v{i + 1}", f"v{i}") for i in range(8)]
    assert 2 * SIZE <= laid_out(*chain).private_bytes < 3 * SIZE


def test_what_is_asked_for_is_not_written_over() -> None:
    chain = [kernel(f"v{i + 1}", f"v{i}") for i in range(4)]
    found = laid_out(*chain, asked=["v1", "v2"])
    assert found.kept["v1"] != found.kept["v2"]


def test_a_formula_writes_over_what_it_reads_for_the_last_time() -> None:
    found = laid_out(kernel("a", "x"), pointwise("b", "a"), kernel("c", "b"))
    assert found.private["b"] == found.private["a"]


def test_a_kernel_does_not_write_over_what_it_reads_at_other_places() -> None:
    found = laid_out(kernel("a", "x"), kernel("b", "a").fuse(pointwise("c", "b", "a")))
    assert found.private["c"] != found.private["a"]


def test_a_formula_leaves_what_is_read_later() -> None:
    found = laid_out(kernel("a", "x"), pointwise("b", "a"), kernel("c", "a", "b"))
    assert found.private["b"] != found.private["a"]


def test_what_is_in_no_block_has_memory_of_its_own_that_is_used_again() -> None:
    rules = [rule(f"plain{i + 1}", f"plain{i}") for i in range(8)]
    found = laid_out(*rules, asked=["plain4"])
    assert found.kept == found.private == {}
    assert len({found.plain[f"plain{i}"] for i in range(9)}) == 3
    size = 4 * 6 * 6 * 20 * 4
    assert 3 * size <= found.plain_bytes < 4 * size


def test_parts_have_the_memory_of_the_whole() -> None:
    found = laid_out(kernel("a", "x"), kernel("y", "ab"), a="ab")
    assert "a" not in {*found.kept, *found.private}
    assert "ab" in found.private
