import numpy as np
import pytest

from netc.layers.pad import Pad
from netc.sizes import Size
from netc.types import Reject, Tensor

NUMPY = {"zero": "constant", "edge": "edge", "reflect": "reflect"}


@pytest.mark.parametrize("how", NUMPY)
@pytest.mark.parametrize("seed", range(12))
def test_padding_is_that_of_numpy(how, seed, run):
    rng = np.random.default_rng(seed)
    axes = int(rng.integers(1, 4))
    sides = rng.integers(3, 6, axes + 1)
    ends = [tuple(map(int, rng.integers(0, 3, 2))) for _ in sides]
    before, after = zip(*ends[1:], strict=True)
    layer = Pad(before=before, after=after, channels=ends[0], how=how)
    x = rng.normal(size=(2, *sides))
    y = np.pad(x, [(0, 0), *ends], NUMPY[how])
    dy = rng.normal(size=y.shape)
    ran = run(layer, x, dy=dy)
    np.testing.assert_array_equal(ran.y, y)
    assert layer.infer(Tensor(x.shape[1:])).shape == y.shape[1:]
    # every place of y gives its gradient to the place of x that it is a copy of
    places = np.pad(np.arange(x.size).reshape(x.shape), [(0, 0), *ends], NUMPY[how])
    inside = np.pad(np.ones(x.shape), [(0, 0), *ends], NUMPY[how])
    expected = np.bincount(places.reshape(-1), (dy * inside).reshape(-1)).reshape(x.shape)
    np.testing.assert_allclose(ran.gradients["dx"], expected)


def test_zeros_may_be_another_number(run):
    assert run(Pad(1, value=7.0), [[[1.0]]]).y.tolist() == [[[7, 1, 7]]]


def test_zero_channels_are_the_short_cut_of_a_residual_network():
    # He et al. 2016, section 4.2: 16 to 32 maps
    assert Pad(channels=(8, 8)).infer(Tensor((16, 16, 16))).shape == (32, 16, 16)


def test_one_end_may_differ_from_the_other():
    assert Pad(2, after=0).infer(Tensor((3, 5, 6))).shape == (3, 7, 8)
    assert Pad((2, 1), before=(0, 3)).infer(Tensor((3, 5, 6))).shape == (3, 7, 10)


@pytest.mark.parametrize(
    ("options", "culprit", "reason"),
    [
        ({"amount": (1, 2, 3)}, "amount", "`amount` has 3 numbers"),
        ({"before": (1,)}, "before", "`before` has 1 number"),
        ({"channels": (1,)}, "channels", "holds not two numbers"),
        ({"how": "edge", "value": 1.0}, "value", "hold what is in the image"),
        ({"amount": 4, "how": "reflect"}, "amount", "4 places cannot be mirrored of an axis of 4"),
        ({"after": (0, 5), "how": "reflect"}, "after", "5 places cannot be mirrored"),
        ({"channels": (3, 0), "how": "reflect"}, "channels", "3 places cannot be mirrored"),
    ],
)
def test_padding_that_cannot_be_is_refused(options, culprit, reason):
    with pytest.raises(Reject, match=reason) as refused:
        Pad(**options).infer(Tensor((3, 4, 5)))
    assert refused.value.culprit == culprit
    assert refused.value.help


def test_open_sides_grow():
    image = Tensor((3, Size.symbol("h"), Size.symbol("w")))
    assert str(Pad((1, 2), after=0, how="reflect").infer(image)) == "[3, h + 1, w + 2]"
    with pytest.raises(Reject, match="300 places cannot be mirrored of an axis of h where `h` is"):
        Pad(300, how="reflect").infer(image)
