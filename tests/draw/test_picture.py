"""What a picture holds: boxes of layers, frames of blocks, edges of values."""

from pathlib import Path

import pytest

from netc.cli.checked import proven
from netc.draw import Picture, blocks_of, part_of, picture
from netc.draw.picture import Box, boxes_of, groups_of
from tests.nets import graph_of

SPECS = Path(__file__).parents[2] / "specs"

RESIDUAL = """net residual {
    input image [3, 8, 8]
    conv(4, kernel: 3, pad: 1)
    repeat 5 { unit(4) }
    output unit(8)
}
block unit(width) {
    add {
        conv(width, kernel: 1) -> batch_norm
        if in.channels == width { identity } else { conv(width, kernel: 1) }
    }
    relu
}
"""


def test_layers_that_follow_share_a_box() -> None:
    net = "net a { input x [3, 8, 8]\n conv(4, kernel: 3) -> batch_norm -> relu -> max_pool(2) -> "
    assert _texts(picture(graph_of(net + "dense(5)\n output tanh }"))) == [
        "x / 3×8×8",
        "conv 3×3, 4 / batch_norm · relu",
        "max_pool 2×2",
        "dense 5 / tanh",
        "tanh_1 / 5",
    ]


def test_a_value_that_two_read_ends_its_box() -> None:
    net = "net a { input x [4]\n h = dense(4)\n output add(h, relu(h)) }"
    assert "dense 4 / h" in _texts(picture(graph_of(net)))


def test_a_skip_is_an_edge_and_no_box() -> None:
    drawn = picture(graph_of("net a { input x [4]\n output add { dense(4) ; identity } }"))
    boxes = {box.lines[0].text: box.id for box in boxes_of(drawn.root)}
    assert "identity" not in boxes
    ends = {(edge.source, edge.target) for edge in drawn.edges}
    assert (boxes["x"], boxes["add"]) in ends


def test_blocks_and_rounds_are_frames_and_single_things_are_not() -> None:
    drawn = picture(graph_of(RESIDUAL))
    labels = [group.label for group in groups_of(drawn.root)]
    assert labels == ["residual", *(f"repeat_{n}.unit_1" for n in range(1, 6)), "unit_1"]


def test_rounds_that_are_alike_are_drawn_once_and_counted() -> None:
    drawn = picture(graph_of(RESIDUAL), all_rounds=False)
    frames = [(group.label, group.repeat) for group in groups_of(drawn.root)]
    assert frames == [("residual", 1), ("repeat_1.unit_1", 5), ("unit_1", 1)]
    assert any("exactly alike" in note for note in drawn.notes)
    assert "6 params" not in drawn.facts
    assert picture(graph_of(RESIDUAL)).facts == drawn.facts


@pytest.mark.parametrize(
    "other",
    [
        "conv(4, kernel: 1, bias: false)",
        "conv(4, kernel: 1, init: msra)",
        "conv(4, kernel: 1, rate: 2)",
        "conv(4, kernel: 1) -> relu",
    ],
)
def test_rounds_that_differ_in_anything_are_all_drawn(other: str) -> None:
    body = (
        f"for i in 0..2 {{ if i == 0 {{ conv(4, kernel: 1) }} else {{ {other} }} ; relu ; tanh }}"
    )
    net = f"net a {{ input x [4, 8, 8]\n {body}\n output max_pool(2) }}"
    drawn = picture(graph_of(net), all_rounds=False)
    assert {group.repeat for group in groups_of(drawn.root)} == {1}


def test_layers_that_share_weights_say_so() -> None:
    net = "net a { input x [4]\n layer d = dense(4)\n repeat 3 { d -> relu -> dense(4) }\n"
    drawn = picture(graph_of(net + "output relu }"))
    shared = [box for box in boxes_of(drawn.root) if "weights of d" in _text(box)]
    assert len(shared) == 2
    assert "80 params" in drawn.facts


def test_a_round_that_something_else_reads_is_drawn() -> None:
    net = "net a { input x [4]\n u = unit(4)\n v = u -> unit(4)\n output %s }\n"
    block = "block unit(n) { dense(n) -> relu -> dense(n) }"
    assert _repeats(net % "relu(v)" + block) == {1, 2}
    assert _repeats(net % "add(u, v)" + block) == {1}


def test_closed_blocks_tell_what_is_in_them() -> None:
    drawn = picture(graph_of(RESIDUAL), depth=0, all_rounds=True)
    closed = [box for box in boxes_of(drawn.root) if box.kind == "block"]
    assert [line.text for line in closed[0].lines] == ["repeat_1.unit_1", "5 layers, 28 params"]
    assert len(closed) == 6


def test_large_nets_are_closed_by_themselves_and_small_ones_open() -> None:
    small = picture(proven(str(SPECS / "resnet.net"), ["depth=18"]).graph)
    assert not any(box.kind == "block" for box in boxes_of(small.root))
    net = RESIDUAL.replace("repeat 5 { unit(4) }", "for n in 1..90 { unit(n) }")
    large = picture(graph_of(net))
    assert any(box.kind == "block" for box in boxes_of(large.root))


def test_labels_of_losses_stand_beside_each_of_them() -> None:
    drawn = picture(proven(str(SPECS / "googlenet.net")).graph)
    pills = [box for box in boxes_of(drawn.root) if box.kind == "input"]
    assert [pill.lines[0].text for pill in pills] == ["image", "label", "label", "label"]
    kinds = [box.kind for box in boxes_of(drawn.root)]
    assert kinds.count("loss") == 3
    assert kinds.count("metric") == 1


@pytest.mark.parametrize(("stage", "layers"), [(0, 6), (1, 12), (2, 24), (3, 16)])
def test_a_dense_block_shows_all_its_connections(stage: int, layers: int) -> None:
    graph = part_of(proven(str(SPECS / "densenet.net")).graph, f"stage_{stage}")
    drawn = picture(graph)
    kinds = {box.id: box.kind for box in boxes_of(drawn.root)}
    direct = [e for e in drawn.edges if e.dense and kinds[e.target] != "gather"]
    assert len(direct) == layers * (layers + 1) // 2
    assert len({(e.source, e.target) for e in direct}) == len(direct)
    assert sum(e.dense and kinds[e.target] == "gather" for e in drawn.edges) == layers + 1
    dense = next(group for group in groups_of(drawn.root) if group.dense)
    assert dense.note == f"{layers} layers, {layers * (layers + 1) // 2} connections"


def test_a_join_that_something_else_reads_begins_no_dense_block() -> None:
    head = "net n { input x [4]\n"
    body = "\n".join(
        f"{after} = {before} -> concat {{ identity ; dense(2) }}"
        for before, after in ("xa", "ab", "bc", "cd")
    )
    runs = picture(graph_of(f"{head}{body}\n output d -> relu }}"))
    assert [g.note for g in groups_of(runs.root) if g.dense] == ["4 layers, 10 connections"]
    read = picture(graph_of(f"{head}{body}\n output d -> relu\n output b -> tanh }}"))
    assert not [g for g in groups_of(read.root) if g.dense]


def test_long_names_and_formulas_are_cut() -> None:
    net = f"net n {{ input {'long' * 30} [3, h, w]\n conv(4, kernel: 3, stride: 2) -> max_pool(2)\n"
    drawn = picture(graph_of(net + f"{'name' * 30} = conv(4, kernel: 3)\n output relu }}"))
    texts = [line.text for box in boxes_of(drawn.root) for line in box.lines]
    assert max(map(len, texts)) == 40
    assert max(len(edge.label) for edge in drawn.edges) <= 40


def test_a_block_alone_has_what_it_reads_as_inputs() -> None:
    graph = graph_of(RESIDUAL)
    assert blocks_of(graph)[0] == "repeat_1"
    assert "repeat_2.unit_1" in blocks_of(graph)
    drawn = picture(part_of(graph, "repeat_2"))
    assert drawn.name == "residual: repeat_2"
    pills = [b.lines[0].text for b in boxes_of(drawn.root) if b.kind in ("input", "output")]
    assert pills == ["repeat_1.unit_1.relu_1", "repeat_2.unit_1.relu_1"]


def test_frames_whose_names_interleave_are_opened() -> None:
    net = "net n { input x [4]\n a.one = x -> dense(4)\n b.one = dense(4)\n a.two = dense(4)\n"
    drawn = picture(graph_of(net + "b.two = dense(4)\n output relu }"))
    assert [group.label for group in groups_of(drawn.root)] == ["n"]


def _texts(drawn: Picture) -> list[str]:
    return [_text(box) for box in boxes_of(drawn.root)]


def _text(box: Box) -> str:
    return " / ".join(line.text for line in box.lines)


def _repeats(text: str) -> set[int]:
    return {group.repeat for group in groups_of(picture(graph_of(text), all_rounds=False).root)}
