import numpy as np
import pytest

from netc.layers.slice import Slice, Split
from netc.sizes import Size
from netc.types import Reject, Tensor

h = Size.symbol("h")


@pytest.mark.parametrize("start", [0, 1, 4, -5, -1])
@pytest.mark.parametrize("stop", [None, 5, 3, -1])
@pytest.mark.parametrize("axis", [1, 2])
def test_places_are_those_of_python(start, stop, axis, run):
    x = np.arange(50.0).reshape(2, 5, 5)
    expected = x[(slice(None),) * axis + (slice(start, stop),)]
    layer = Slice(start, stop, axis)
    if not expected.size:
        with pytest.raises(Reject, match="nothing is left of axis"):
            layer.infer(Tensor((5, 5)))
        return
    ran = run(layer, x, dy=expected)
    np.testing.assert_array_equal(ran.y, expected)
    assert layer.infer(Tensor((5, 5))).shape == expected.shape[1:]
    np.testing.assert_array_equal(ran.gradients["dx"], np.where(np.isin(x, expected), x, 0))


@pytest.mark.parametrize(
    ("options", "culprit", "reason"),
    [
        ({"start": 7}, "start", r"place 7 lies outside axis 1 of \[6, 4\], which has 6"),
        ({"stop": 9}, "stop", "place 9 lies outside axis 1"),
        ({"stop": -7}, "stop", "place -7 lies outside"),
        ({"start": 6}, "start", r"nothing is left of axis 1 of \[6, 4\] from 6 to its end"),
        ({"start": 3, "stop": 3}, "stop", "from 3 to 3"),
        ({"start": 4, "stop": -3}, "stop", "from 4 to -3"),
        ({"axis": 3}, "axis", r"there is no axis 3 in \[6, 4\]"),
    ],
)
def test_places_that_are_not_there_are_refused(options, culprit, reason):
    with pytest.raises(Reject, match=reason) as refused:
        Slice(**options).infer(Tensor((6, 4)))
    assert refused.value.culprit == culprit
    assert refused.value.help


@pytest.mark.parametrize(
    ("options", "shape"),
    [
        ({"start": 2}, "[3, h - 2]"),
        ({"start": -2}, "[3, 2]"),
        ({"stop": -2}, "[3, h - 2]"),
        ({"start": 1, "stop": 5}, "[3, 4]"),
        ({"start": 1, "stop": -5}, "[3, h - 6]"),
    ],
)
def test_open_sides_are_cut(options, shape):
    assert str(Slice(**options, axis=2).infer(Tensor((3, h)))) == shape


def test_parts_together_are_the_whole(run):
    x = np.random.default_rng(0).normal(size=(2, 6, 4))
    parts = [run(Split(3, part), x, dy=1.0) for part in range(3)]
    np.testing.assert_array_equal(np.concatenate([p.y for p in parts], axis=1), x)
    np.testing.assert_array_equal(sum(p.gradients["dx"] for p in parts), np.ones_like(x))


@pytest.mark.parametrize(
    ("options", "culprit", "reason", "help"),
    [
        ({"parts": 4, "part": 0}, "parts", "cannot be cut into 4 equal parts", "1, 2, 3, 6"),
        ({"parts": 2, "part": 2}, "part", "there is no part 2 of 2", "at most 1"),
        ({"parts": 2, "part": 0, "axis": 3}, "axis", "there is no axis 3", "from 1 to 2"),
    ],
)
def test_parts_that_are_not_there_are_refused(options, culprit, reason, help):
    with pytest.raises(Reject, match=reason) as refused:
        Split(**options).infer(Tensor((6, 4)))
    assert refused.value.culprit == culprit
    assert help in refused.value.help


def test_an_open_side_must_be_known_to_have_the_parts():
    assert str(Split(2, 1, axis=2).infer(Tensor((3, 4 * h)))) == "[3, 2 * h]"
    with pytest.raises(Reject, match=r"whether axis 2 of \[3, h\] has 2 parts cannot be told"):
        Split(2, 1, axis=2).infer(Tensor((3, h)))
