"""Graphs of open size, and the same graphs once the sizes are known."""

import pytest

from netc.ir import Unfit, at_sizes, open_sizes, show, sizes_in
from netc.sizes import Size
from netc.types import Tensor
from tests.nets import graph_of

NET = """net seer {
    input image [3, h, w]
    input label class(10)
    conv(8, kernel: 3, stride: 2, pad: 1) -> batch_norm -> relu
    a = max_pool(2)
    b = conv(8, kernel: 3, pad: same)
    c = add(a, b) -> avg_pool(3, stride: 2, pad: 1)
    d = flatten(c) -> reshape([8, c.height, -1])
    scores = concat(c, d) -> global_avg_pool -> dense(10)
    loss   softmax_loss(scores, label)
    output prob = softmax(scores)
}
"""


def test_the_open_sizes_of_a_graph_are_those_of_its_inputs():
    assert open_sizes(graph_of(NET)) == {"h": 224, "w": 224}
    assert open_sizes(graph_of(NET.replace("[3, h, w]", "[3, 8, w]"))) == {"w": 224}
    assert open_sizes(graph_of(NET.replace("[3, h, w]", "[3, 8, 8]"))) == {}


@pytest.mark.parametrize(("h", "w"), [(32, 32), (17, 40), (3, 4), (300, 7)])
def test_a_graph_at_known_sizes_is_the_one_that_is_built_with_them(h, w):
    built = graph_of(NET.replace("[3, h, w]", f"[3, {h}, {w}]"))
    assert show(at_sizes(graph_of(NET), {"h": h, "w": w, "other": 3})) == show(built)
    assert not open_sizes(built)


def test_sizes_may_be_given_one_by_one():
    graph = graph_of(NET)
    once = at_sizes(at_sizes(graph, {"h": 9}), {"w": 12})
    assert show(once) == show(at_sizes(graph, {"h": 9, "w": 12}))


def test_sizes_that_are_too_small_are_refused_at_their_layer():
    graph = graph_of("net a {\n input x [3, h, h]\n b = max_pool(2)\n output y = max_pool(5, b)\n}")
    with pytest.raises(Unfit) as refused:
        at_sizes(graph, {"h": 7})
    reason = "`y` does not fit where `h` is 7: a 5x5 window does not fit in a 4x4 image"
    assert refused.value.reason == reason
    assert refused.value.problem.slug == "bad-shape"
    assert refused.value.problem.span == graph.nodes[1].span


def test_shapes_tell_the_sizes_that_stand_alone():
    h, w = Size.symbol("h"), Size.symbol("w")
    wanted = {"a": Tensor((1, h, w)), "b": Tensor((2, h + 1)), "c": Tensor((), classes=3)}
    assert sizes_in(wanted, {"a": (1, 8, 9)}) == {"h": 8, "w": 9}
    assert sizes_in(wanted, {"a": (8, 9)}) == {"h": 8, "w": 9}
    assert sizes_in(wanted, {"a": (8, 9, 10, 11)}) == {}
    assert sizes_in(wanted, {"b": (2, 5), "c": ()}) == {}
