from itertools import permutations

import numpy as np
import pytest

from netc.layers.arrange import Permute, Tile
from netc.sizes import Size
from netc.types import Reject, Tensor


@pytest.mark.parametrize("order", [*permutations((1, 2, 3)), (1, 2), (2, 1), (4, 2, 1, 3)])
def test_axes_are_put_in_order_as_numpy_does(order, run):
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5, 6)[: len(order) + 1])
    expected = x.transpose(0, *order)
    ran = run(Permute(order), x, dy=expected)
    np.testing.assert_array_equal(ran.y, expected)
    np.testing.assert_array_equal(ran.gradients["dx"], x)
    assert Permute(order).infer(Tensor(x.shape[1:])).shape == expected.shape[1:]


@pytest.mark.parametrize(
    ("order", "reason", "help"),
    [
        ((0, 2, 3, 1), r"\[0, 2, 3, 1\] has axis 0, the batch", r"leave the 0 out: \[2, 3, 1\]"),
        ((2, 0, 1), "has axis 0", r"write each of \[1, 2, 3\] once"),
        ((2, 1), r"is no order of the axes of \[3, 4, 5\]", r"write each of \[1, 2, 3\] once"),
        ((1, 1, 2), "is no order", ""),
        ((1, 2, 4), "is no order", ""),
    ],
)
def test_what_is_no_order_is_refused(order, reason, help):
    with pytest.raises(Reject, match=reason) as refused:
        Permute(order).infer(Tensor((3, 4, 5)))
    assert refused.value.culprit == "order"
    assert help.replace("\\", "") in refused.value.help


def test_open_sides_move_along():
    assert str(Permute((2, 1)).infer(Tensor((3, Size.symbol("w"))))) == "[w, 3]"


@pytest.mark.parametrize("axis", [1, 2, 3])
@pytest.mark.parametrize("times", [1, 3])
def test_tile_is_that_of_numpy(axis, times, run):
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    counts = [times if a == axis else 1 for a in range(4)]
    ran = run(Tile(times, axis), x, dy=np.tile(x, counts))
    np.testing.assert_array_equal(ran.y, np.tile(x, counts))
    np.testing.assert_allclose(ran.gradients["dx"], times * x)


def test_tile_of_open_sides_and_of_axes_that_are_not_there():
    assert str(Tile(3, 2).infer(Tensor((2, Size.symbol("w"))))) == "[2, 3 * w]"
    with pytest.raises(Reject, match=r"there is no axis 3 in \[2, 4\]") as refused:
        Tile(3, 3).infer(Tensor((2, 4)))
    assert refused.value.culprit == "axis"
