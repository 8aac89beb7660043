import numpy as np
import pytest

from netc.layers.crop import Crop
from netc.sizes import Size
from netc.types import Reject, Tensor


@pytest.mark.parametrize("seed", range(20))
def test_crop_cuts_the_window_out(seed, run):
    rng = np.random.default_rng(seed)
    axes = int(rng.integers(1, 4))
    sides, offset, spare = (tuple(map(int, rng.integers(0, 4, axes))) for _ in range(3))
    sides = tuple(side + 1 for side in sides)
    outer = tuple(a + b + c for a, b, c in zip(sides, offset, spare, strict=True))
    x, like = rng.normal(size=(2, 3, *outer)), np.zeros((2, 5, *sides))
    window = (..., *(slice(o, o + s) for o, s in zip(offset, sides, strict=True)))
    ran = run(Crop(offset), x, like, dy=x[window])
    np.testing.assert_array_equal(ran.y, x[window])
    expected = np.zeros_like(x)
    expected[window] = x[window]
    np.testing.assert_array_equal(ran.gradients["dx"], expected)


@pytest.mark.parametrize(
    ("offset", "like", "culprit", "reason", "help"),
    [
        (0, (1, 7, 4), "like", "a 7x4 image cannot be cut out of a 6x5 image", "larger one comes"),
        (2, (1, 4, 4), "offset", "a 4x4 image 2x2 places into it reaches beyond", "at most 1"),
        ((0, 2), (1, 4, 4), "offset", "0x2 places into it", "at most 1"),
        ((1, 1, 1), (1, 4, 4), "offset", "`offset` has 3 numbers", "two"),
        (0, (4,), "like", r"like is \[4\], and x, \[2, 6, 5\], cannot", "give it an image"),
        (0, (1, 4), "like", "cannot have its sides", "give it an image"),
    ],
)
def test_windows_that_do_not_fit_are_refused(offset, like, culprit, reason, help):
    with pytest.raises(Reject, match=reason) as refused:
        Crop(offset).infer(Tensor((2, 6, 5)), Tensor(like))
    assert refused.value.culprit == culprit
    assert help in refused.value.help


def test_open_sides_are_those_of_the_other_image():
    # FCN-8s: scores padded by 100 and cut back to the image, Long et al. 2015
    h, w = Size.symbol("h"), Size.symbol("w")
    scores, image = Tensor((21, h + 62, w + 62)), Tensor((3, h, w))
    assert str(Crop(31).infer(scores, image)) == "[21, h, w]"
    with pytest.raises(Reject, match="where `h` is 224 and `w` is 224"):
        Crop(63).infer(scores, image)
    with pytest.raises(Reject, match="cannot be cut out of"):
        Crop().infer(Tensor((21, h // 2, w)), image)
