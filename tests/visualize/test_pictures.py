"""What is drawn where nobody says, and how pictures lie on a sheet."""

import numpy as np
import pytest

from netc.engines import Store
from netc.visualize import picture_inputs, seen_from, telling
from netc.visualize.choose import peaks, wanted_at
from netc.visualize.excited import part_of
from netc.visualize.filters import filter_sheet, first_layer
from netc.visualize.sheet import in_rows, sheet, signed, stretched
from tests.nets import graph_of

NET = """net small {
    input more [3]
    input image [1, 8, 8]
    input label class(4)
    c1 = image -> conv(6, kernel: 3, pad: 1) -> relu
    max_pool(2)
    c2 = conv(5, kernel: 3, pad: 1) -> relu
    scores = concat(c2 -> flatten, more -> dense(2)) -> dense(4)
    loss softmax_loss(scores, label)
    metric accuracy(scores, label)
}
"""


def test_the_last_layer_of_each_size_tells() -> None:
    graph = graph_of(NET)
    assert picture_inputs(graph) == ["image"]
    nodes = seen_from(graph, "image")
    assert [node.name for node in telling(graph, nodes)] == ["relu_1", "relu_2"]
    assert {"softmax_loss", "accuracy", "dense_1"}.isdisjoint(node.name for node in nodes)


def test_peaks_are_where_channels_are_most_active() -> None:
    value = np.zeros((3, 4, 2, 2), np.float32)
    value[1, 2, 0, 1], value[0, 2, 1, 1], value[2, 0, 1, 0] = 9, 5, 7
    rows = peaks(value, None, most=2, examples=2)
    assert [(row[0].channel, row[0].example, row[0].place) for row in rows] == [
        (2, 1, (0, 1)),
        (0, 2, (1, 0)),
    ]
    assert rows[0][1].example == 0
    gradient = wanted_at(value, [rows[0][0], rows[1][1]])
    assert gradient[0, 2, 0, 1] == 9
    assert gradient[1].sum() == 1  # not active at all, so it is asked what would make it so


def test_channels_that_are_asked_for_are_taken_as_they_come() -> None:
    value = np.random.default_rng(0).random((2, 5))
    assert [row[0].channel for row in peaks(value, [4, 1], most=3, examples=1)] == [4, 1]


@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [((2, 5), (3, 6), (slice(2, 5), slice(3, 6))), ((0, 1), (7, 8), (slice(0, 3), slice(5, 8)))],
)
def test_parts_lie_inside_the_picture_and_are_of_one_size(rows, columns, expected) -> None:
    projection = np.zeros((1, 8, 8))
    projection[:, slice(*rows), slice(*columns)] = 1
    assert part_of(projection, (3, 3))[1:] == expected
    assert part_of(projection, (99, 99))[1:] == (slice(0, 8), slice(0, 8))


def test_pictures_lie_in_rows_and_small_ones_are_drawn_larger() -> None:
    black, white = np.zeros((1, 4, 4)), np.ones((1, 4, 2))
    whole = sheet([[black, white], [white]])
    assert whole.shape == (1, 2 * 64 + 3 * 4, 2 * 64 + 3 * 4)
    assert (whole[:, 4:68, 4:68] == 0).all()
    assert (whole[:, 4:68, 72:] == 1).all()


def test_sheets_are_about_square() -> None:
    assert [len(row) for row in in_rows([np.zeros((1, 1, 1))] * 10)] == [4, 4, 2]


def test_numbers_become_shades() -> None:
    assert stretched(np.array([-1, 0, 3])).tolist() == [0, 0.25, 1]
    assert signed(np.array([-2, 0, 1])).tolist() == [0, 0.5, 0.75]
    assert stretched(np.full(2, 7)).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("layers", "name"),
    [
        ("conv(4, kernel: 3)", "conv_1"),
        ("batch_norm -> conv(4, kernel: 3)", "conv_1"),
        ("flatten -> dense(7)", "dense_1"),
        ("max_pool(2) -> conv(4, kernel: 3)", None),
        ("conv(4, kernel: 1)", None),
        ("relu -> conv(4, kernel: 3)", "conv_1"),
    ],
)
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_filters_are_those_that_meet_the_picture(layers: str, name: str, channels: int) -> None:
    graph = graph_of(f"net a {{\n input image [{channels}, 6, 6]\n output {layers}\n}}\n")
    found = first_layer(graph, "image")
    assert (found and found.name) == name
    if found is not None:
        picture = filter_sheet(graph, Store.fresh(graph), found, "image")
        assert len(picture) == (3 if channels == 3 else 1)
        assert 0 <= picture.min() <= picture.max() <= 1
