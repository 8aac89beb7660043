"""Where values lie: by themselves, in others, and with gaps between planes."""

from netc.native.layout import Layout
from netc.native.places import Places
from netc.types import Tensor


def places(block: int = 16, **shapes: tuple[int, ...]) -> Places:
    return Places({name: Tensor(shape, "f32") for name, shape in shapes.items()}, block)


def test_joined_values_lie_in_the_whole() -> None:
    made = places(a=(2, 5, 5), b=(3, 5, 5), ab=(5, 5, 5))
    assert made.lay("a", "ab")
    assert made.lay("b", "ab", 2)
    plane = 5 * 5 * 16
    assert made.root("a") == ("ab", 0)
    assert made.root("b") == ("ab", 2 * plane)
    assert made.start("b") == 2 * 5 * 5, "numbers of one example"
    assert made.root("ab") == ("ab", 0)


def test_a_whole_may_lie_in_another() -> None:
    made = places(a=(2, 5, 5), ab=(5, 5, 5), abc=(6, 5, 5))
    made.lay("ab", "abc", 1)
    made.lay("a", "ab", 3)
    assert made.whole("a") == "abc"
    assert made.root("a") == ("abc", 4 * 5 * 5 * 16)


def test_a_value_is_a_part_of_one_other_at_most() -> None:
    made = places(a=(2,), b=(2,), c=(2,))
    assert made.lay("a", "b")
    assert not made.lay("a", "c")
    assert not made.lay("b", "a"), "nor do two lie in each other"


def test_planes_are_kept_apart_where_they_would_share_the_sets_of_a_cache() -> None:
    made = places(even=(3, 8, 8), odd=(3, 5, 5))
    assert made.layout("even") == Layout((3, 8, 8), 16, pad=80)
    assert made.layout("odd") == Layout((3, 5, 5), 16)


def test_planes_lie_without_gaps_where_anyone_reads_a_row() -> None:
    made = places(a=(3, 8, 8), row=(192,), both=(6, 8, 8))
    made.lay("row", "a")
    made.flat.add("row")
    assert made.layout("a").pad == 0
    made.lay("a", "both")
    assert made.layout("both").pad == 0, "the gaps of the whole are those of its parts"


def test_parts_go_along_with_a_value_that_is_moved() -> None:
    made = places(x=(4, 5, 5), half=(2, 5, 5), moved=(4, 5, 5))
    made.lay("half", "x", 2)
    made.move("x", "moved")
    assert made.root("half") == ("moved", 2 * 5 * 5 * 16)
