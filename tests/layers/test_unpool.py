from fractions import Fraction

import numpy as np
import pytest

from netc.layers.base import Window
from netc.layers.pool import MaxPool
from netc.layers.unpool import Unpool
from netc.sizes import Size
from netc.types import Reject, Tensor
from tests.rules import Bench, engine_array, scattered_array


def cases(count):
    """Poolings that fit an image of one to three axes, some with windows that overlap."""
    rng, found = np.random.default_rng(5), []
    while len(found) < count:
        axes = rng.integers(1, 4)
        kernel, stride = (tuple(map(int, rng.integers(1, 4, axes))) for _ in range(2))
        options = {"kernel": kernel, "stride": stride, "round": ("up", "down")[len(found) % 2]}
        options["pad"] = tuple(int(rng.integers(0, k)) for k in kernel)
        image = Tensor((2, *map(int, rng.integers(3, 7, axes))), "f64")
        try:
            found.append((options, MaxPool(**options).infer(image), image))
        except Reject:
            continue
    return found


@pytest.mark.parametrize("new", [engine_array, scattered_array], ids=["engine", "scattered"])
@pytest.mark.parametrize(("options", "x", "image"), cases(40))
def test_unpool_is_the_gradient_of_max_pool(options, x, image, new):
    pool = Bench(MaxPool(**options), image, batch=3, new=new)
    back = Bench(Unpool(**options), x, image, batch=3, new=new, seed=8)
    np.round(pool.arrays["x"], 0, out=pool.arrays["x"])  # many ties
    back.put({"image": pool.arrays["x"], "x": pool.arrays["dy"]})
    pooled = pool.forward().copy()
    np.testing.assert_allclose(back.forward(), pool.backward()["x"], rtol=1e-12, atol=1e-14)
    # Read at the places of the winners, the image gives what max pooling found there.
    back.put({"dy": back.arrays["image"]})
    found = back.backward()
    assert found.keys() == {"x"}
    np.testing.assert_array_equal(found["x"], pooled)


def test_a_number_goes_to_the_first_of_equal_places_and_zeros_elsewhere():
    bench = Bench(Unpool(2), Tensor((1, 1, 2), "f64"), Tensor((1, 2, 4), "f64"), batch=1)
    bench.put({"image": np.array([[[[1, 1, 0, 0], [1, 1, 0, 3]]]]), "x": np.array([[[[5, 7]]]])})
    np.testing.assert_array_equal(bench.forward()[0, 0], [[5, 0, 0, 0], [0, 0, 0, 7]])


def test_numbers_of_windows_that_share_a_winner_are_added():
    bench = Bench(Unpool(2, 1), Tensor((1, 2), "f64"), Tensor((1, 3), "f64"), batch=1)
    bench.put({"image": np.array([[[0, 9, 0]]]), "x": np.array([[[5, 7]]])})
    np.testing.assert_array_equal(bench.forward()[0, 0], [0, 12, 0])


def test_more_than_256_places_in_a_window():
    bench = Bench(Unpool(17), Tensor((1, 1, 1), "f64"), Tensor((1, 17, 17), "f64"), batch=1)
    bench.arrays["image"][0, 0, 16, 15] = 9
    y = bench.forward()
    assert y[0, 0, 16, 15] == bench.arrays["x"][0, 0, 0, 0]
    assert np.count_nonzero(y) == 1
    assert bench.backward()["x"][0, 0, 0, 0] == bench.arrays["dy"][0, 0, 16, 15]


def test_what_an_unpooled_place_sees():
    x, image = Tensor((1, 3, 3)), Tensor((1, 7, 7))
    half = Fraction(1, 2)
    assert Unpool(3, 2).window(x, image) == Window((2, 2), (half, half))


def test_images_of_open_size_are_unpooled_to_their_size():
    h = Size.symbol("h")
    image = Tensor((3, h, 8))
    assert Unpool(2).infer(MaxPool(2).infer(image), image) == image


H = Size.symbol("h")
REJECTS = [
    (
        {"kernel": 2},
        (2, 3, 3),
        (2, 8, 8),
        "x",
        "x is [2, 3, 3], but pooling image, [2, 8, 8], with these options gives [2, 4, 4]",
        "and `round` of the `max_pool` before x",
    ),
    (
        {"kernel": 2},
        (3, 4, 4),
        (2, 8, 8),
        "x",
        "x is [3, 4, 4], but pooling image, [2, 8, 8], with these options gives [2, 4, 4]",
        "what went into it as image",
    ),
    (
        {"kernel": 2},
        (2, H // 2),
        (2, H),
        "x",
        "x is [2, h // 2], but pooling image, [2, h], with these options gives [2, (h + 1) // 2]",
        "they are equal for some sizes only",
    ),
    (
        {"kernel": 2},
        (2, 4),
        (2, 8, 8),
        "image",
        "image is [2, 8, 8], and [2, 4] cannot be pooled of it",
        "",
    ),
    ({"kernel": 9}, (2, 1), (2, 8), "kernel", "a window of 9 does not fit", "`pad` to at least 1"),
    ({"kernel": 2, "pad": 2}, (2, 4), (2, 8), "pad", "`pad` 2 is too wide", "at most 1"),
    ({"kernel": 2, "stride": 3}, (2, 3), (2, 6), "stride", "wholly outside", "`round` to down"),
    ({"kernel": 2}, (2,), (2, 6), "x", "[2] is not an image", ""),
]


@pytest.mark.parametrize(("options", "x", "image", "culprit", "reason", "help"), REJECTS)
def test_what_was_not_pooled_of_the_image_is_refused(
    refused, options, x, image, culprit, reason, help
):
    refused(Unpool(**options), Tensor(x), Tensor(image), because=(culprit, reason, help))


def test_labels_are_no_image():
    with pytest.raises(Reject) as refused:
        Unpool(2).infer(Tensor((2, 4)), Tensor((), "i64", classes=3))
    assert refused.value.culprit == "image"
