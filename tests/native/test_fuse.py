"""Which pointwise work moves into the kernel before it, and what is left out then."""

from collections.abc import Sequence

from netc.ir import Node
from netc.layers import REGISTRY
from netc.native.formula import Formula, Recorder
from netc.native.fuse import fuse
from netc.native.task import Scope, Task
from netc.types import Shape

SHAPE = (4, 6, 6)


def node(name: str, **ports: str) -> Node:
    return Node(name, REGISTRY["identity"](), "forward", ports, ())


def rule(y: str, x: str) -> Task:
    """A task outside of any kernel."""
    return Task(node(y, x=x, y=y), "rule")


def kernel(y: str, *xs: str, shape: Shape = SHAPE, scope: Scope = "block") -> Task:
    """A task that makes numbers of its own."""
    p = Recorder()
    formula = Formula((), ((y, p.made()),))
    operands = {f"x{i}": x for i, x in enumerate(xs)}
    formula = Formula(tuple(p.steps), formula.stores)
    return Task(node(y), scope, operands=operands, formula=formula, shape=shape)


def pointwise(y: str, *xs: str, shape: Shape = SHAPE, total: str = "") -> Task:
    """The sum of some values, or of the first one over all places."""
    p = Recorder()
    made = p.value(xs[0])
    for x in xs[1:]:
        made = p.add(made, p.value(x))
    sums, stores = (((total, made),), ()) if total else ((), ((y, made),))
    return Task(
        node(y),
        "block",
        formula=Formula(tuple(p.steps), stores, sums),
        shape=shape,
        partial=(total,) if total else (),
    )


def fused(*tasks: Task, asked: Sequence[str] = ("y",), **parts: str) -> list[str]:
    """The tasks that are left: names, what they read and what they write. `parts` are values that
    lie in others."""
    found = fuse(tasks, asked, lambda value: parts.get(value, value))
    return [
        f"{'+'.join([t.node.name, *(n.name for n in t.fused)])}: "
        f"{' '.join(t.reads)} -> {' '.join(t.writes)}"
        for t in found
    ]


def test_an_activation_moves_into_the_convolution_before_it() -> None:
    assert fused(kernel("c", "x"), pointwise("y", "c")) == ["c+y: x -> y"]


def test_a_chain_becomes_one_task() -> None:
    tasks = kernel("c", "x"), pointwise("d", "c"), pointwise("e", "d"), pointwise("y", "e")
    assert fused(*tasks) == ["c+d+e+y: x -> y"]


def test_what_others_read_is_stored_too() -> None:
    tasks = kernel("c", "x"), pointwise("d", "c"), kernel("y", "c", "d")
    assert fused(*tasks) == ["c+d: x -> c d", "y: c d -> y"]


def test_what_is_asked_for_is_stored() -> None:
    tasks = kernel("c", "x"), pointwise("y", "c")
    assert fused(*tasks, asked=["c", "y"]) == ["c+y: x -> c y"]


def test_a_sum_of_two_moves_into_the_later_one() -> None:
    tasks = kernel("a", "x"), kernel("b", "x"), pointwise("y", "a", "b")
    assert fused(*tasks) == ["a: x -> a", "b+y: x a -> y"]


def test_sums_over_places_move_as_well() -> None:
    tasks = kernel("y", "x"), pointwise("s", "y", total="part:s")
    assert fused(*tasks, asked=["y", "part:s"]) == ["y+s: x -> y part:s"]


def test_numbers_in_another_shape_are_read_from_memory() -> None:
    tasks = kernel("c", "x"), pointwise("y", "f", shape=(144,))
    assert fused(*tasks, f="c") == ["c: x -> c", "y: f -> y"]


def test_a_part_of_what_is_made_is_read_from_memory() -> None:
    tasks = kernel("c", "x"), pointwise("y", "half")
    assert fused(*tasks, half="c") == ["c: x -> c", "y: half -> y"]


def test_two_values_that_lie_in_one_are_not_taken_for_each_other() -> None:
    tasks = kernel("a", "x"), kernel("b", "x"), pointwise("y", "a")
    assert fused(*tasks, asked=["ab"], a="ab", b="ab", y="ab") == [
        "a: x -> a",
        "b: x -> b",
        "y: a -> y",
    ]


def test_nothing_moves_into_a_task_on_all_blocks() -> None:
    tasks = kernel("c", "x", scope="whole"), pointwise("y", "c")
    assert fused(*tasks) == ["c: x -> c", "y: c -> y"]


def test_nothing_moves_past_the_rule_that_makes_what_it_reads() -> None:
    tasks = kernel("c", "x"), rule("d", "c"), pointwise("y", "c", "d")
    assert fused(*tasks) == ["c: x -> c", "d: c -> d", "y: c d -> y"]


def test_what_nobody_reads_is_not_made() -> None:
    tasks = kernel("a", "x"), pointwise("b", "a"), kernel("y", "x")
    assert fused(*tasks) == ["y: x -> y"]
