import numpy as np
import pytest

from netc.layers.reduce import Reduce
from netc.sizes import Size
from netc.types import Reject, Tensor

HOW = {
    "sum": np.sum,
    "mean": np.mean,
    "max": np.max,
    "min": np.min,
    "sum_abs": lambda x, **k: np.abs(x).sum(**k),
    "sum_squares": lambda x, **k: (x * x).sum(**k),
}


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("axis", [None, 1, 2, 3, (1, 2), (3, 1), (1, 2, 3)])
@pytest.mark.parametrize("keep_axes", [False, True])
def test_sums_and_extremes_are_those_of_numpy(how, axis, keep_axes, run):
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    axes = (1, 2, 3) if axis is None else axis
    layer = Reduce(how, axis, keep_axes)
    expected = HOW[how](x, axis=axes, keepdims=keep_axes)
    np.testing.assert_allclose(run(layer, x).y, expected, rtol=1e-13, atol=1e-14)
    assert layer.infer(Tensor(x.shape[1:])).shape == expected.shape[1:]


@pytest.mark.parametrize("how", ["max", "min"])
def test_equal_extremes_share_the_gradient(how, run):
    ran = run(Reduce(how), [[2.0, 2.0, 2.0, 2.0]], dy=[1.0])
    assert ran.gradients["dx"].tolist() == [[0.25, 0.25, 0.25, 0.25]]


def test_what_is_not_a_number_wins(run):
    with np.errstate(all="raise"):
        assert np.isnan(run(Reduce("max"), [[1.0, np.nan]]).y).all()


@pytest.mark.parametrize(
    ("options", "x", "culprit", "reason"),
    [
        ({"axis": 4}, (3, 4, 5), "axis", r"there is no axis 4 in \[3, 4, 5\]"),
        ({"axis": (1, 1)}, (3, 4), "axis", r"\[1, 1\] has an axis twice"),
        ({}, (), "x", "a single number has no axes"),
        ({"axis": 1}, (), "axis", r"there is no axis 1 in \[\]"),
    ],
)
def test_axes_that_are_not_there_are_refused(options, x, culprit, reason):
    with pytest.raises(Reject, match=reason) as refused:
        Reduce("sum", **options).infer(Tensor(x))
    assert refused.value.culprit == culprit


def test_open_sides_are_taken_together():
    image = Tensor((3, Size.symbol("h"), Size.symbol("w")))
    assert str(Reduce("mean", (2, 3)).infer(image)) == "[3]"
    assert str(Reduce("max", 1, keep_axes=True).infer(image)) == "[1, h, w]"
